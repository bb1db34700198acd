#pragma once

#include "engine/select/strategy.h"

#include <memory>

namespace querent::select::rlmba {

/** What a policy is paid (reward.h). */
enum class RewardKind { Relative, Absolute, Incremental };

/** RL-MBA, or RL-MBA without one of its parts, to see what the part is worth. */
struct MbaParts {
    bool weights = true;   // AMCB; without: all modalities count the same
    bool evidence = true;  // EFDA; without: the entropy of each head's mean answer
    bool policy = true;    // without: the items of the largest unified scores
    RewardKind reward = RewardKind::Relative;
    bool rehearses = true;  // without: the policy as it is, neither rehearsed nor tried
};

/**
 * Reinforcement learning with modality-balanced acquisition (RL-MBA, CVPR 2026). A round, with the model's answers for
 * the pool, the labelled items and validation:
 *     weights from the unimodal heads' Top-1 -> fused features and evidence -> unified scores -> candidate set
 *     -> rehearsal -> the policy draws the batch -> (people label, the model trains) -> learn(): reward, REINFORCE
 * Where the whole 95 % interval of rehearsal's paired comparison says that the best classic strategy is better, that
 * one chooses. What cannot be rehearsed is tried on validation instead (mba_guard.h).
 */
std::unique_ptr<QueryStrategy> makeRlMba();
/** Parts left out, by name: "rl-mba-no-amcb", "rl-mba-no-efda", "rl-mba-no-policy", "rl-mba-no-rehearsal". */
std::unique_ptr<QueryStrategy> makeRlMbaWithoutWeights();
std::unique_ptr<QueryStrategy> makeRlMbaWithoutEvidence();
std::unique_ptr<QueryStrategy> makeRlMbaWithoutPolicy();
std::unique_ptr<QueryStrategy> makeRlMbaWithoutRehearsal();
/** Other rewards: "rl-mba-absolute", "rl-mba-incremental". */
std::unique_ptr<QueryStrategy> makeRlMbaAbsolute();
std::unique_ptr<QueryStrategy> makeRlMbaIncremental();

}  // namespace querent::select::rlmba
