#include "engine/select/policy/modality_weights.h"

#include <algorithm>
#include <cmath>

namespace querent::select::policy {

Result<std::vector<double>> modalityWeights(std::span<const double> top1, const WeightSettings& settings) {
    if (top1.empty()) return fail(ErrorCode::InvalidArgument, "There is no modality to weigh.");
    if (!(settings.temperature > 0.0) || !(settings.floor >= 0.0 && settings.floor <= 1.0)) {
        return fail(ErrorCode::InvalidArgument, "The temperature must be above 0 and the floor between 0 and 1.");
    }
    if (!std::all_of(top1.begin(), top1.end(), [](double value) { return std::isfinite(value); })) {
        return fail(ErrorCode::InvalidArgument, "The accuracy of a modality is not a finite number.");
    }
    const double largest = *std::max_element(top1.begin(), top1.end());
    std::vector<double> weights;
    double sum = 0.0;
    for (const double accuracy : top1) {
        weights.push_back(std::exp((accuracy - largest) / settings.temperature));
        sum += weights.back();
    }
    const auto count = static_cast<double>(top1.size());
    const double floor = std::min(settings.floor, 1.0 / count);
    // 1 - M * (1 / M) can be a hair below 0.
    const double rest = std::max(0.0, 1.0 - count * floor);
    for (double& weight : weights)
        weight = rest * weight / sum + floor;
    return weights;
}

std::vector<double> modalityGaps(std::span<const double> top1, double joint) {
    std::vector<double> gaps(top1.begin(), top1.end());
    for (double& gap : gaps)
        gap -= joint;
    return gaps;
}

double weightEvenness(std::span<const double> weights) {
    if (weights.size() < 2) return 1.0;
    double entropy = 0.0;
    for (const double weight : weights) {
        if (weight > 0.0) entropy -= weight * std::log(weight);
    }
    return std::clamp(entropy / std::log(static_cast<double>(weights.size())), 0.0, 1.0);
}

std::vector<double> presentWeights(std::span<const double> weights, const std::vector<bool>& present) {
    std::vector<double> shares(weights.size(), 0.0);
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t m = 0; m < weights.size(); ++m) {
        if (!present[m]) continue;
        sum += weights[m];
        count += 1.0;
    }
    for (std::size_t m = 0; m < weights.size(); ++m) {
        if (present[m]) shares[m] = sum > 0.0 ? weights[m] / sum : 1.0 / count;
    }
    return shares;
}

}  // namespace querent::select::policy
