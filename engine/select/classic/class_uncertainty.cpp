#include "engine/select/classic/class_uncertainty.h"

#include <algorithm>
#include <cmath>

namespace querent::select::classic {
namespace {

double probability(float value) {
    return std::clamp(static_cast<double>(value), 0.0, 1.0);
}

// The limit of p ln p at 0 is 0.
double surprise(double p) {
    return p > 0.0 ? -p * std::log(p) : 0.0;
}

}  // namespace

double classEntropy(std::span<const float> probabilities, bool multiLabel) {
    double sum = 0.0;
    for (const float value : probabilities) {
        const double p = probability(value);
        sum += surprise(p) + (multiLabel ? surprise(1.0 - p) : 0.0);
    }
    return sum;
}

double classMargin(std::span<const float> probabilities, bool multiLabel) {
    double first = 0.0;
    double second = 0.0;
    double closest = 0.0;
    for (const float value : probabilities) {
        const double p = probability(value);
        closest = std::max(closest, 1.0 - std::abs(2.0 * p - 1.0));
        second = std::max(second, std::min(first, p));
        first = std::max(first, p);
    }
    return multiLabel ? closest : 1.0 - (first - second);
}

double classLeastConfidence(std::span<const float> probabilities, bool multiLabel) {
    double largest = 0.0;
    double product = 1.0;
    for (const float value : probabilities) {
        const double p = probability(value);
        largest = std::max(largest, p);
        product *= std::max(p, 1.0 - p);
    }
    return 1.0 - (multiLabel ? product : largest);
}

}  // namespace querent::select::classic
