#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/select/rl/policy_file.h"
#include "engine/select/rl/task_run.h"

#include <cstdint>
#include <string>

namespace querent::select {

/** How a starting policy is trained. Ours, all of it: a project has too few rounds to train a policy from nothing. */
struct StartSettings {
    int steps = 1000;  // updates
    int tasks = 4;     // a step
    int rollouts = 4;  // of each task, all from the same items; at least 2
    ReinforceSettings learning{1e-3, {3e-3, 1.0, 0.9, 0.999, 1e-8}};
    TaskSizes sizes;
};

/**
 * Trains a policy on generated tasks, a new set each step. What a batch is worth is the mean accuracy from its round
 * on; its advantage is that minus the mean of the task's rollouts, divided by the step's deviation, within [-2, 2].
 * (How random labelling would have fared on the task is the same for all of its rollouts and drops out.)
 * Reports "Practising". Same settings and seed, same policy.
 * @param version  what the policy will be called in PolicyHistory::startVersion
 * @return InvalidArgument for settings out of their range; Cancelled
 */
Result<Policy> trainStartPolicy(const StartSettings& settings, std::string version, std::uint64_t seed, const Job& job);

/** The gain in accuracy, averaged over the rounds, over random labelling of the same tasks. */
struct PolicyGain {
    double mean = 0.0;
    double standardError = 0.0;  // over tasks
};

/** @param tasks  >= 2, generated from the seed; each is labelled once by the policy and once at random */
PolicyGain gainOverRandom(const PolicyNet& policy, const TaskSizes& sizes, int tasks, Draw draw, std::uint64_t seed);

}  // namespace querent::select
