#pragma once

#include "engine/core/ids.h"
#include "engine/core/samples.h"
#include "engine/select/policy/policy_net.h"
#include "engine/select/policy/reinforce.h"
#include "engine/select/rlmba/generated_task.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace querent::select::rlmba {

/** How a policy's batch is taken from its logits. */
enum class Draw { Sampled, Best };

/** One labelling of a generated task. */
struct TaskRun {
    std::vector<policy::Decision> decisions;  // one a round, without advantages
    std::vector<double> accuracies;           // Top-1 on validation of the joint learner after each round, [0, 1]
};

/** What can be seen of a task between two of its rounds. */
struct PracticeView {
    std::vector<ItemId> items;                // [N], those without an answer yet
    std::vector<ItemPrediction> predictions;  // [N], with embedding: the joint features
    Matrix features;                          // [N, D]
    Matrix labelledFeatures;                  // [L, D]
    std::vector<std::int64_t> labelledPerClass;
    std::vector<double> weights;  // [M], modalityWeights()
    double accuracy = 0.0;        // Top-1 on validation of the joint learner
    double progress = 0.0;        // share of the rounds
};

/** Says which of a view's items to label next, places among its items; different ones. */
using Choose = std::function<std::vector<std::size_t>(const PracticeView&)>;

/**
 * Labels a task in `sizes.rounds` batches: two random items a class to begin with, then what `choose` says. After each
 * the learner (RidgeClassifier, one a modality and one for all) is fitted anew.
 * @param startSeed  decides the items to begin with
 * @return Top-1 on validation of the joint learner after each round, [0, 1]; fewer when the pool ends
 */
std::vector<double> labelTask(const PracticeTask& task, const TaskSizes& sizes, const Choose& choose,
                              std::uint64_t startSeed);

/** Batches of a strategy that needs predictions and features at most; what it cannot choose is an empty batch. */
Choose choiceOf(const QueryStrategy& strategy, std::size_t batch, std::uint64_t seed);

/** Labels a task with a policy that chooses from RL-MBA's candidate set. */
TaskRun runTask(const PracticeTask& task, const TaskSizes& sizes, const policy::PolicyNet& policy, Draw draw,
                std::uint64_t startSeed, std::uint64_t drawSeed);

}  // namespace querent::select::rlmba
