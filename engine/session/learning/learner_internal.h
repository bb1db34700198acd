#pragma once

// For this module: what the learners of all tasks share.

#include "engine/learn/detect/trainer.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/training_outcome.h"
#include "engine/session/learning/learner.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace querent::session::learning {

inline constexpr int kBootstrapReplicates = 500;
inline constexpr std::uint64_t kBootstrapSeed = 20;  // intervals of the same predictions are the same everywhere

std::unique_ptr<TaskLearner> makeDetectionLearner(const ProjectSettings& settings);
std::unique_ptr<TaskLearner> makeClassificationLearner(const ProjectSettings& settings);

/** What a training is told whatever its network: seed, device, where its result goes, what it starts from. */
void takeRequest(const FitRequest& request, learn::TrainingSettings& training);
/** Adds what every training says of itself in a model's record. */
void describeTraining(const learn::TrainingSettings& training, int steps, nlohmann::json& config);

/** `label` is the class number of a per-class metric. */
Metric metricOf(const std::string& name, const learn::metrics::Interval& interval, int label = -1);
/**
 * The items under the numbers of the model's own classes. Boxes of classes that the model does not know become ignored
 * regions; such classes of whole items go.
 */
ItemList inModelNumbers(const ItemList& items, const ModelUse& model);
/** The items as if nobody had answered: what is to be learnt from without labels. */
ItemList withoutAnswers(const ItemList& items);
std::vector<LeftOut> leftOutOf(const std::vector<learn::UnreadItem>& unread);

}  // namespace querent::session::learning
