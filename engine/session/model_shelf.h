#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/learner.h"
#include "engine/session/project.h"
#include "engine/session/round.h"
#include "engine/session/snapshot.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

namespace querent::session {

/** Wall-clock seconds since it was made. */
class Stopwatch {
 public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

 private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/** Where a model's file is. */
std::filesystem::path modelPath(const Project& project, const ModelRecord& model);

/** The current model, when its file is there and knows as many classes as the project has. */
std::optional<ModelRecord> usableModel(const Project& project, int classes);

Result<ModelRecord> modelById(const Project& project, ModelId id);

/** The metric of that name over all classes, if it was measured. */
std::optional<Metric> findMetric(const std::vector<Metric>& metrics, ModelId model, Split split,
                                 const std::string& name);

/**
 * Trains on a snapshot and leaves the model in the sidecar folder; the record is not stored yet. Resumes from the
 * round's checkpoint when there is one. InvalidArgument when there is nothing to learn from.
 */
Result<ModelRecord> trainModel(const Project& project, TaskLearner& learner, const Snapshot& labelled, int round,
                               std::uint64_t seed, const RoundOptions& options, const Job& job);

/** A model's metrics on the labelled items of a split; empty, without an error, when it has none. */
Result<std::vector<Metric>> measureModel(const Project& project, TaskLearner& learner, const ModelRecord& model,
                                         Split split, const std::string& device, const Job& job);

/** The edit that gives an unanswered item its known truth; nothing when it has an answer, or no known truth. */
std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round);

}  // namespace querent::session
