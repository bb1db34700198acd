#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/learn/portable/model_format.h"

#include <filesystem>

namespace querent::learn::classify {

/**
 * Writes a classifier as a file that other programs run: pictures [1, 3, H, W] in [0, 255], red, green, blue, to
 * "probabilities" [1, C] as Classifier's. `texts` go into the file, with what the network says of itself
 * (docs/model-files.md). Old or new, whole. NotFound, Malformed (not a classifier of ours), Unsupported (it looks at
 * more than one picture an item, and the format is not safetensors), Cancelled, or what replaceWhole() returns.
 */
Result<void> exportClassifier(const std::filesystem::path& model, portable::ModelFormat format, portable::Texts texts,
                              const std::filesystem::path& to, const Job& job);

}  // namespace querent::learn::classify
