#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/project/project.h"
#include "engine/session/round.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
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

/** What is in a file of start weights, for telling it from others: a path may hold others tomorrow. Empty for none. */
std::string weightsHash(const std::string& path);

/** The permanent ids of the classes that a model was trained on, in the order of its outputs; empty: not recorded. */
std::vector<ClassId> classesOf(const ModelRecord& model);

/**
 * How to use a model today: its outputs by the permanent ids of its own classes, never by their place in today's list.
 * Unsupported for a model that does not say which classes it knows (imported predictions, for one).
 */
Result<learning::ModelUse> useOf(const Project& project, const ModelRecord& model,
                                 const std::vector<ClassLabel>& today);

struct UsableModel {
    ModelRecord record;
    learning::ModelUse use;
};

/** The current model, when its file is there and it knows at least one of today's classes. */
std::optional<UsableModel> usableModel(const Project& project, const std::vector<ClassLabel>& today);

/** What the next training may start from. `model` is empty for a start from scratch; `said` gives the reason. */
struct WarmStart {
    std::filesystem::path model;
    std::vector<int> classes;  // learning::FitRequest::warmClasses
    std::string said;          // for the new model's config
};

/** The current model, when its network is the one that is to be trained: size and backbone weights are the same. */
WarmStart warmStartFor(const Project& project, const std::vector<ClassLabel>& today);

Result<ModelRecord> modelById(const Project& project, ModelId id);

/** The metric of that name over all classes, if it was measured. */
std::optional<Metric> findMetric(const std::vector<Metric>& metrics, ModelId model, Split split,
                                 const std::string& name);

/**
 * Trains on a snapshot and leaves the model in the sidecar folder; the record is not stored yet. Resumes from the
 * round's checkpoint when there is one. InvalidArgument when there is nothing to learn from.
 */
Result<ModelRecord> trainModel(const Project& project, learning::TaskLearner& learner,
                               const learning::Snapshot& labelled, int round, std::uint64_t seed,
                               const RoundOptions& options, const Job& job);

/**
 * A model's metrics on the labelled items of a split that can be read; empty, without an error, when it has none.
 * @param note  is told about items that were left out; may be empty
 */
Result<std::vector<Metric>> measureModel(const Project& project, learning::TaskLearner& learner,
                                         const ModelRecord& model, Split split, const std::string& device,
                                         const Note& note, const Job& job);

/** The edit that gives an unanswered item its known truth; nothing when it has an answer, or no known truth. */
std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round);

}  // namespace querent::session
