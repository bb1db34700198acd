#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace querent::learn::portable {

/** Files that other programs read. */
enum class ModelFormat : std::uint8_t {
    Onnx,
    TorchScript,
    Safetensors,  // numbers and texts alone: no program that computes with them
};

/** What a file says of itself, by name. */
using Texts = std::map<std::string, std::string>;

}  // namespace querent::learn::portable
