#include "engine/select/policy/power_law.h"

#include <algorithm>
#include <cmath>

namespace querent::select::policy {
namespace {

constexpr double kSmallestError = 1e-3;

}  // namespace

double PowerLaw::error(double labels) const {
    return std::min(1.0, a * std::pow(std::max(labels, 1.0), -c));
}

std::optional<PowerLaw> fitPowerLaw(std::span<const double> labels, std::span<const double> accuracies) {
    const std::size_t count = std::min(labels.size(), accuracies.size());
    double x = 0.0;
    double y = 0.0;
    double xx = 0.0;
    double xy = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double logLabels = std::log(labels[i]);
        const double logError = std::log(std::clamp(1.0 - accuracies[i], kSmallestError, 1.0));
        x += logLabels;
        y += logError;
        xx += logLabels * logLabels;
        xy += logLabels * logError;
    }
    const auto n = static_cast<double>(count);
    const double spread = n * xx - x * x;
    if (count < 2 || !(spread > 1e-12 * n * xx)) return std::nullopt;
    const double slope = std::min(0.0, (n * xy - x * y) / spread);
    return PowerLaw{std::exp((y - slope * x) / n), -slope};
}

}  // namespace querent::select::policy
