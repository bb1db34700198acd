#pragma once

#include "engine/select/rl/generated_task.h"
#include "engine/select/rl/policy_net.h"
#include "engine/select/rl/reinforce.h"

#include <cstdint>
#include <vector>

namespace querent::select {

/** How a policy's batch is taken from its logits. */
enum class Draw { Sampled, Best };

/** One labelling of a generated task. */
struct TaskRun {
    std::vector<Decision> decisions;  // one a round, without advantages
    std::vector<double> accuracies;   // Top-1 on validation of the joint learner after each round, [0, 1]
};

/**
 * Labels a generated task with a policy: two random items a class to begin with, then `rounds` batches. After each the
 * learner (RidgeClassifier, one a modality and one for all) is fitted anew. The candidates are the whole rest of the
 * pool, which must be large enough for all batches.
 * @param startSeed  decides the items to begin with
 * @param drawSeed   decides what is drawn
 */
TaskRun runTask(const GeneratedTask& task, const TaskSizes& sizes, const PolicyNet& policy, Draw draw,
                std::uint64_t startSeed, std::uint64_t drawSeed);

}  // namespace querent::select
