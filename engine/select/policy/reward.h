#pragma once

#include "engine/core/result.h"

#include <span>

namespace querent::select::policy {

/**
 * The reward of a round (RL-MBA compares the three and keeps the first). Accuracies are those of validation, in [0, 1].
 * The paper's abstract speaks of balance as well; its formula has no term for it.
 */

/** Accuracy minus the mean of what other strategies reach with as many labels, [-1, 1]; `others` is not empty. */
double relativeReward(double accuracy, std::span<const double> others);

/** The accuracy itself, [0, 1]. */
double absoluteReward(double accuracy);

/** What the round has gained, [-1, 1]: for data whose curves of other strategies nobody knows. */
double incrementalReward(double accuracy, double before);

/** Smoothing and scaling of rewards. The numbers, and the order smooth, subtract, scale, clip, are ours. */
struct RewardSettings {
    double memory = 0.5;      // of the moving average, in [0, 1): few rounds, so a short one
    double deviation = 0.01;  // the smallest that rewards are divided by, > 0
    double limit = 2.0;       // of the advantage's size, > 0
};

/** What the last of some rewards is worth. */
struct Advantage {
    double smoothed = 0.0;  // s_t
    double baseline = 0.0;  // b_t
    double value = 0.0;     // A_t, in [-limit, limit]
};

/**
 * The advantage of the last round (RL-MBA: an exponential moving average of the rewards, minus a moving average of the
 * past ones, clipped):
 *     s_t = memory s_{t-1} + (1 - memory) r_t,  s_1 = r_1;   b_t = mean(s_1..s_{t-1}),  b_1 = 0
 *     A_t = clip((s_t - b_t) / max(std(s_1..s_t), deviation), -limit, limit)
 * @param rewards  r_1..r_t, all rounds so far, oldest first
 * @return InvalidArgument when there is none or one is not finite
 */
Result<Advantage> advantageOf(std::span<const double> rewards, const RewardSettings& settings = {});

}  // namespace querent::select::policy
