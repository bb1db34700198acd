#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/learn/portable/model_format.h"

#include <filesystem>

namespace querent::learn::detect {

/**
 * Writes a detector as a file that other programs run: pictures [1, 3, H, W] in [0, 255], red, green, blue, to "boxes"
 * [1, L, 4] (left, top, right, bottom in input pixels) and "scores" [1, L, C] as Predictor's, before suppression.
 * `texts` go into the file, with what the network says of itself (docs/model-files.md). Old or new, whole.
 * NotFound, Malformed (not a model of ours), Unsupported (a TorchScript backbone, in any format but safetensors; it is
 * not run), Cancelled, or what replaceWhole() returns.
 */
Result<void> exportDetector(const std::filesystem::path& model, portable::ModelFormat format, portable::Texts texts,
                            const std::filesystem::path& to, const Job& job);

}  // namespace querent::learn::detect
