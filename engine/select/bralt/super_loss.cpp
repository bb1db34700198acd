#include "engine/select/bralt/super_loss.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace querent::select::bralt {
namespace {

constexpr int kSteps = 20;
constexpr double kExact = 1e-15;

/** Close enough for Halley: the series at the branch point below 0, a logarithm above. */
double startOf(double x) {
    if (x >= 0.0) return std::log1p(x);
    const double p = std::sqrt(2.0 * std::max(0.0, std::numbers::e * x + 1.0));
    return -1.0 + p - p * p / 3.0;
}

}  // namespace

double lambertW(double x) {
    if (x <= -1.0 / std::numbers::e) return -1.0;
    double w = startOf(x);
    for (int i = 0; i < kSteps; ++i) {
        const double grown = std::exp(w);
        const double miss = w * grown - x;
        const double slope = grown * (w + 1.0) - (w + 2.0) * miss / (2.0 * w + 2.0);
        if (miss == 0.0 || slope == 0.0) break;
        const double step = miss / slope;
        w = std::max(-1.0, w - step);
        if (w == -1.0 || std::abs(step) <= kExact * (1.0 + std::abs(w))) break;
    }
    return w;
}

double superLossWeight(double loss, double tau, double lambda) {
    return std::exp(-lambertW(0.5 * std::max(-2.0 / std::numbers::e, (loss - tau) / lambda)));
}

}  // namespace querent::select::bralt
