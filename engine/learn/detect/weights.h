#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/detect/model_file.h"

#include <torch/torch.h>

#include <filesystem>

namespace querent::learn::detect {

/**
 * The tensors of a state dictionary, as floats on the processor: .safetensors, or what torch.save() writes since
 * PyTorch 1.6 (.pth, .pt). Nothing in the file is executed. Files of older releases are refused with Unsupported.
 */
Result<files::NamedTensors> readWeights(const std::filesystem::path& path);

/** The second of the two formats, whatever the file is called. */
Result<files::NamedTensors> readTorchDictionary(const std::filesystem::path& path);

/** The same numbers as floats. */
files::NamedTensors floats(files::NamedTensors tensors);

/** What config.size and config.backboneWeights come to: the backbone's plan and the tensors it starts with. */
struct BackboneStart {
    networks::BackbonePlan plan;
    files::NamedTensors tensors;  // names of the backbone's own; empty when it starts from scratch or is a script
};
/**
 * InvalidArgument for an unknown size, Unsupported for weights of a network that we do not have, and for a TorchScript
 * program that this person has not chosen (trusted_programs.h): it is not run.
 */
Result<BackboneStart> backboneStart(const DetectorConfig& config);

}  // namespace querent::learn::detect
