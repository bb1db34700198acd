#include "engine/select/policy/reward.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace querent::select::policy {
namespace {

double meanOf(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOf(std::span<const double> values) {
    const double mean = meanOf(values);
    double sum = 0.0;
    for (const double value : values)
        sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

double relativeReward(double accuracy, std::span<const double> others) {
    return accuracy - meanOf(others);
}

double absoluteReward(double accuracy) {
    return accuracy;
}

double incrementalReward(double accuracy, double before) {
    return accuracy - before;
}

Result<Advantage> advantageOf(std::span<const double> rewards, const RewardSettings& settings) {
    if (rewards.empty()) return fail(ErrorCode::InvalidArgument, "There is no reward to learn from.");
    if (!std::all_of(rewards.begin(), rewards.end(), [](double r) { return std::isfinite(r); })) {
        return fail(ErrorCode::InvalidArgument, "A reward is not a finite number.");
    }
    std::vector<double> smoothed;
    for (const double reward : rewards) {
        smoothed.push_back(smoothed.empty() ? reward
                                            : settings.memory * smoothed.back() + (1.0 - settings.memory) * reward);
    }
    const std::span<const double> past(smoothed.data(), smoothed.size() - 1);
    const double baseline = past.empty() ? 0.0 : meanOf(past);
    const double scale = std::max(deviationOf(smoothed), settings.deviation);
    const double value = std::clamp((smoothed.back() - baseline) / scale, -settings.limit, settings.limit);
    return Advantage{smoothed.back(), baseline, value};
}

}  // namespace querent::select::policy
