#include "engine/select/boxes/box_uncertainty.h"

#include <algorithm>
#include <cmath>

namespace querent::select::boxes {
namespace {

double binaryEntropy(double p) {
    // The limit of p ln p at 0 is 0.
    if (p <= 0.0 || p >= 1.0) return 0.0;
    return -p * std::log(p) - (1.0 - p) * std::log1p(-p);
}

double probability(double value) {
    return std::clamp(value, 0.0, 1.0);
}

struct TopTwo {
    double first = 0.0;
    double second = 0.0;
};

TopTwo topTwo(const Detection& box) {
    if (box.classes.empty()) return {probability(box.score), 0.0};
    TopTwo top;
    for (const float value : box.classes) {
        const double p = probability(static_cast<double>(value));
        if (p > top.first) {
            top = {p, top.first};
        } else {
            top.second = std::max(top.second, p);
        }
    }
    return top;
}

}  // namespace

double boxEntropy(const Detection& box) {
    const double best = topTwo(box).first;
    double sum = binaryEntropy(best);
    bool bestSeen = false;
    for (const float value : box.classes) {
        const double p = probability(static_cast<double>(value));
        if (p == best && !bestSeen) {
            bestSeen = true;
        } else if (p >= kScoreFloor) {
            sum += binaryEntropy(p);
        }
    }
    return sum;
}

double boxMargin(const Detection& box) {
    const auto [first, second] = topTwo(box);
    return 1.0 - std::abs(first - std::max(second, 1.0 - first));
}

double boxLeastConfidence(const Detection& box) {
    const double p = topTwo(box).first;
    return 2.0 * std::min(p, 1.0 - p);
}

}  // namespace querent::select::boxes
