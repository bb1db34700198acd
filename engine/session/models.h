#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/project/project.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace querent::session {

/** Where a model's file is; empty when its record names a place outside of the project's own folder. */
std::filesystem::path modelPath(const Project& project, const ModelRecord& model);

/**
 * What a network starts from, for telling it from others: what is in the file of weights, as a path may hold others
 * tomorrow; "nanodet-g" for those that come with the program; empty for none.
 * @param backboneWeights  as in ProjectSettings
 * @param startsLearnt     learning::TaskLearner::startsLearnt()
 */
std::string startHash(const std::string& backboneWeights, bool startsLearnt);

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

/** The current model, when its network is the one that is to be trained: size and start are the same. */
WarmStart warmStartFor(const Project& project, const std::vector<ClassLabel>& today, bool startsLearnt);

Result<ModelRecord> modelById(const Project& project, ModelId id);

}  // namespace querent::session
