#pragma once

// Internal: torch inside.

#include "engine/learn/portable/graph.h"

#include <map>
#include <string>

namespace querent::learn::portable {

/**
 * The bytes of an ONNX file (opset 13, IR 7): the graph, its constants, and the texts as metadata_props. Protobuf's
 * messages are few enough to be written by hand. The same graph gives the same bytes.
 */
std::string onnxOf(const Graph& graph, const std::map<std::string, std::string>& texts);

}  // namespace querent::learn::portable
