#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/portable/graph.h"
#include "engine/learn/portable/model_format.h"

#include <filesystem>
#include <string>

namespace querent::learn::portable {

/**
 * The bytes of an ONNX file (opset 13, IR 7): the graph, its constants, and the texts as metadata_props. Protobuf's
 * messages are few enough to be written by hand. The same graph gives the same bytes.
 */
std::string onnxOf(const Graph& graph, const Texts& texts);

/**
 * The bytes of a TorchScript file whose forward() takes the graph's input and answers its output, or a tuple of them;
 * each text is a file of its name in the archive ("extra files"). Throws what LibTorch throws.
 */
std::string torchScriptOf(const Graph& graph, const Texts& texts);

/** Old or new, whole. What replaceWhole() returns; Unsupported for Safetensors, which hold no graph. */
Result<void> writeGraph(const std::filesystem::path& to, ModelFormat format, const Graph& graph, const Texts& texts);

}  // namespace querent::learn::portable
