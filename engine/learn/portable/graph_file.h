#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/portable/graph.h"
#include "engine/learn/portable/model_format.h"

#include <filesystem>

namespace querent::learn::portable {

/** Old or new, whole. What replaceWhole() returns; Unsupported for Safetensors, which hold no graph. */
Result<void> writeGraph(const std::filesystem::path& to, ModelFormat format, const Graph& graph, const Texts& texts);

}  // namespace querent::learn::portable
