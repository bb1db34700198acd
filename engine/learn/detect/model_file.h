#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/files/model_archive.h"
#include "engine/learn/networks/detector.h"
#include "engine/learn/networks/side_heads.h"

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <string>

namespace querent::learn::detect {

/** A trained network at rest: all that a model file holds. Tensors are on the processor. */
struct SavedModel {
    DetectorConfig config;
    networks::BackbonePlan plan;
    files::NamedTensors tensors;
};

Result<void> saveModel(const std::filesystem::path& path, const SavedModel& model);
/** NotFound, Malformed for a file that is no model of ours, NewerVersion. */
Result<SavedModel> loadModel(const std::filesystem::path& path);

/**
 * The network with its weights, in evaluation mode on the processor. Malformed when a tensor is missing; Unsupported,
 * and nothing is run, when its backbone is a program that this person has not chosen (trusted_programs.h).
 */
Result<std::shared_ptr<networks::DetectorNet>> revive(const SavedModel& model);
/** The heads that look on beside `net`; null where the file has none, as those of older versions. */
std::shared_ptr<networks::DetectorSide> reviveSide(const SavedModel& model, const networks::DetectorNet& net);

/** Sides rounded up to what the network can take: multiples of 8, at least 64. */
Size networkInput(Size wish);

std::string toJson(const DetectorConfig& config, const networks::BackbonePlan& plan);
/** Fills config and the plan's layout; false for a text that does not describe a network. */
bool fromJson(const std::string& text, DetectorConfig& config, networks::BackbonePlan& plan);

}  // namespace querent::learn::detect
