#pragma once

// Internal: torch inside.

#include "engine/learn/portable/graph.h"

#include <map>
#include <string>

namespace querent::learn::portable {

/**
 * The bytes of a TorchScript file whose forward() takes the graph's input and answers its output, or a tuple of them;
 * each text is a file of its name in the archive ("extra files"). Throws what LibTorch throws.
 */
std::string torchScriptOf(const Graph& graph, const std::map<std::string, std::string>& texts);

}  // namespace querent::learn::portable
