#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/rlmba/practice.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace querent::select::rlmba {

/** How much is rehearsed between two rounds. All of it is ours. */
struct RehearsalSettings {
    int steps = 12;          // updates
    int comparisons = 40;    // tasks on which the result is compared with classic strategies
    std::size_t pool = 150;  // items of a task at most, so that a step takes as long in large projects
    int rounds = 4;          // of a task
    double rate = 1e-3;      // of learning: lower than in practice, the starting policy is worth keeping
};

/** What a rehearsal has shown. */
struct RehearsalReport {
    std::int64_t episodes = 0;
    std::string rival;              // the classic strategy that did best
    double gain = 0.0;              // of the policy over it, accuracy averaged over the rounds
    double standardError = 0.0;     // over tasks
    std::vector<double> nextGains;  // what each classic strategy is expected to gain with the next batch
};

/**
 * Rehearses selection on what is labelled already: labels are hidden, whole episodes are replayed on the features of
 * today's model with a ridge classifier as learner, which is fitted in milliseconds, and validation measures it. Half
 * of the tasks are generated ones, so that a policy does not forget what it came with. The features of a task are the
 * principal components of each modality's.
 *
 * Two things differ from real rounds: the model has seen the labels that are hidden, so its features tell more about
 * them than about new items; and ridge is not the network.
 * @param policy   goes on from what it is; keeps what it has learnt when cancelled
 * @param batch    of the real round that comes next
 * @return empty when there are too few labels to rehearse on (rehearsalSizes()); InvalidArgument; Cancelled
 */
Result<std::optional<RehearsalReport>> rehearse(policy::Policy& policy, const SelectionInput& input, std::size_t batch,
                                                std::uint64_t seed, const Job& job,
                                                const RehearsalSettings& settings = {});

/** How tasks are cut from `labelled` items of `classes` classes; empty when there are too few. */
std::optional<TaskSizes> rehearsalSizes(std::size_t labelled, std::size_t classes, const RehearsalSettings& settings);

/**
 * Tasks from labelled items as a pool and holdout items as validation, other ones of the pool each time. Items that do
 * not have exactly one class are left out.
 * @return InvalidArgument when nothing is left of either, or nothing can be made of the features
 */
Result<TaskSource> labelledTasks(const SelectionInput& input, const TaskSizes& sizes);

}  // namespace querent::select::rlmba
