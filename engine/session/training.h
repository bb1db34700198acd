#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/training.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/project/project.h"

#include <cstdint>
#include <optional>
#include <string>

namespace querent::session {

/** How to train, in a round or outside. */
struct TrainOptions {
    int steps = 0;  // 0 = the project's
    std::string device = "auto";
    TrainingObserver onStep;
    Note onNote;
};

/**
 * Trains on a snapshot and leaves the model in the sidecar folder; the record is not stored yet. Resumes from the
 * round's checkpoint when there is one. InvalidArgument when there is nothing to learn from.
 */
Result<ModelRecord> trainModel(const Project& project, learning::TaskLearner& learner,
                               const learning::Snapshot& labelled, int round, std::uint64_t seed,
                               const TrainOptions& options, const Job& job);

/** A training outside the circle, on everything that is answered: its model becomes the current one, measured on val.
 */
Result<ModelRecord> trainNow(Project& project, const TrainOptions& options, std::optional<std::uint64_t> seed,
                             const Job& job);

}  // namespace querent::session
