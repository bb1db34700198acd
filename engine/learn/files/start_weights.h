#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/files/tensor_file.h"

#include <filesystem>
#include <string>

namespace querent::learn::files {

/**
 * Where the weights lie that come with the program: NanoDet-g, which has seen COCO's photographs
 * (resources/weights/NOTICE.md). share/querent/weights beside the folder of the program.
 */
std::filesystem::path startWeightsFile();

/**
 * These weights as floats, for pictures in the order red, green, blue; the texts say what they are ("classes": 80
 * names, a line each). NotFound, with a sentence on what else can be done, and the errors of readTensors().
 */
Result<TensorFile> startWeights();

/** Those whose names begin with `prefix`, without it. */
NamedTensors partOf(const NamedTensors& tensors, const std::string& prefix);

}  // namespace querent::learn::files
