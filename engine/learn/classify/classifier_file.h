#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/classify/classifier_config.h"
#include "engine/learn/classify/classifier_net.h"
#include "engine/learn/classify/subwords.h"
#include "engine/learn/files/model_archive.h"
#include "engine/learn/networks/side_heads.h"

#include <filesystem>
#include <memory>
#include <string>

namespace querent::learn::classify {

/** A trained classifier at rest. Tensors are on the processor. */
struct SavedClassifier {
    ClassifierConfig config;
    Subwords subwords;
    files::NamedTensors tensors;
};

std::string toJson(const ClassifierConfig& config, const Subwords& subwords);

Result<void> saveClassifier(const std::filesystem::path& path, const SavedClassifier& model);
/** NotFound, Malformed for a file that is no classifier of ours, NewerVersion. */
Result<SavedClassifier> loadClassifier(const std::filesystem::path& path);

/** The network with its weights, in evaluation mode on the processor. Malformed when a tensor is missing. */
Result<std::shared_ptr<ClassifierNet>> revive(const SavedClassifier& model);
/** The heads that look on beside `net`; null where the file has none, as those of older versions. */
std::shared_ptr<ClassifierSide> reviveSide(const SavedClassifier& model, const ClassifierNet& net);

}  // namespace querent::learn::classify
