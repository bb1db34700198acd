#pragma once

#include "engine/core/term.h"

namespace querent {

/**
 * Figures of strategies that learn which the window draws or reasons about, by name: what strategies tell them as. What
 * else a strategy tells is declared in its own file.
 */

// Of a choice: drawn by chance from a policy, or found by practice.
inline constexpr Term kDrawEntropyFigure{"entropy", translatable("Policy", "Entropy of the draw")};
inline constexpr Term kWeightFigure{"weight"};  // of each medium
inline constexpr Term kFirstRewardFigure{"first_reward", translatable("Policy", "Reward at its start")};
inline constexpr Term kLastRewardFigure{"last_reward", translatable("Policy", "Reward at the end of practice")};
inline constexpr Term kPracticeBaselineFigure{"practice_baseline", translatable("Policy", "Baseline")};
inline constexpr Term kPredictedGainFigure{"predicted_gain", translatable("Policy", "Expected gain of the batch")};

// Of the guard that lets a policy or another strategy ask.
inline constexpr Term kRehearsalGainFigure{"rehearsal_gain"};
inline constexpr Term kTrialGainFigure{"trial_gain"};
inline constexpr Term kGaveWayFigure{"gave_way"};  // 1 where another strategy asks

// Of what a batch has brought.
inline constexpr Term kRewardFigure{"reward", translatable("Policy", "Reward")};
inline constexpr Term kBaselineFigure{"baseline", translatable("Policy", "Baseline")};
inline constexpr Term kAdvantageFigure{"advantage", translatable("Policy", "Advantage")};
inline constexpr Term kOthersGainFigure{"others_gain"};  // what classic strategies were expected to bring

}  // namespace querent
