#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/core/training.h"
#include "engine/session/learning/learner.h"
#include "engine/session/project/project.h"

#include <optional>
#include <string>
#include <vector>

namespace querent::session {

/** The metric of that name over all classes, if it was measured. */
std::optional<Metric> findMetric(const std::vector<Metric>& metrics, ModelId model, Split split,
                                 const std::string& name);

/**
 * A model's metrics on the labelled items of a split that can be read; empty, without an error, when it has none.
 * @param note  is told about items that were left out; may be empty
 */
Result<std::vector<Metric>> measureModel(const Project& project, learning::TaskLearner& learner,
                                         const ModelRecord& model, Split split, const std::string& device,
                                         const Note& note, const Job& job);

/** The current model's metrics on a split, with intervals; they are stored as well. Slow. */
Result<std::vector<Metric>> measureSplit(Project& project, Split split, const std::string& device, const Job& job,
                                         const Note& note = {});

/** Metrics of no model: of a head on frozen features (instant::answerAtOnce), and the seconds that it took. */
struct InstantMetrics {
    std::vector<Metric> metrics;
    double lookSeconds = 0.0;
    double fitSeconds = 0.0;
};

/**
 * What the labelled items of the pool say about the labelled ones of a split without any training; nothing is stored
 * but the features. Unsupported for boxes; NotFound when nothing of the pool or of the split is labelled.
 */
Result<InstantMetrics> measureInstantly(const Project& project, Split split, const Job& job, const Note& note = {});

/** What the current model sees in the items of a split (the pool: unanswered ones) that can be read, and their names.
 */
struct SplitPredictions {
    std::vector<ClassLabel> classes;
    std::vector<std::string> names;
    std::vector<ItemTruth> truth;
    std::vector<ItemPrediction> predictions;
};
Result<SplitPredictions> predictSplit(Project& project, std::optional<Split> split, const std::string& device,
                                      const Job& job);

}  // namespace querent::session
