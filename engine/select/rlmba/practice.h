#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/rlmba/generated_task.h"
#include "engine/select/rlmba/task_run.h"
#include "engine/select/strategy.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace querent::select::rlmba {

/** Where tasks to practise on come from: another one at each call. */
using TaskSource = std::function<PracticeTask(Rng&)>;

/** How a policy practises. Ours, all of it: a project has too few rounds to train a policy on them alone. */
struct PracticeSettings {
    int steps = 1000;  // updates; the rate of learning falls to 0 over them, linearly
    int tasks = 4;     // a step
    int rollouts = 4;  // of each task, all from the same items; at least 2
    policy::ReinforceSettings learning{1e-3, {3e-3, 1.0, 0.9, 0.999, 1e-8}};
    TaskSizes sizes;
};

/**
 * Trains a policy on tasks, a new set each step. What a batch is worth is the mean accuracy from its round on; its
 * advantage is that minus the mean of the task's rollouts, divided by the step's deviation, within [-2, 2]. (How random
 * labelling would have fared on the task is the same for all of its rollouts and drops out.) Reports "Practising".
 * @return the number of episodes, one labelling of a task each; fewer than were asked for when cancelled: what has been
 *         learnt until then stays in the policy. InvalidArgument for settings out of their range.
 */
Result<std::int64_t> practise(policy::Policy& policy, const TaskSource& source, const PracticeSettings& settings,
                              Rng& rng, const Job& job);

/** How a policy fares against one rival. */
struct RivalGain {
    double mean = 0.0;           // of the policy over the rival, accuracy averaged over the rounds
    double standardError = 0.0;  // over tasks
    std::vector<double> curve;   // the rival's mean accuracy after each round
};

/**
 * How much better a policy labels than each of some rivals, task by task from the same start.
 * @param tasks  >= 2
 * @return one gain a rival; of fewer tasks when cancelled, empty when there were fewer than two
 */
std::vector<RivalGain> gainsOver(const policy::PolicyNet& policy, Draw draw,
                                 std::span<const QueryStrategy* const> rivals, const TaskSource& source,
                                 const TaskSizes& sizes, int tasks, std::uint64_t seed, const Job& job);

}  // namespace querent::select::rlmba
