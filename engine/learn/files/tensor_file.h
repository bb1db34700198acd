#pragma once

// Internal: torch inside.

#include "engine/core/result.h"

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

namespace querent::learn::files {

using NamedTensors = std::map<std::string, torch::Tensor>;

/** What a .safetensors file holds: texts by name (its "__metadata__"), and tensors on the processor. */
struct TensorFile {
    std::map<std::string, std::string> texts;
    NamedTensors tensors;
};

/**
 * Eight bytes with the length of a JSON header, the header, the numbers one after the other: any program that knows
 * safetensors reads it. A checksum of all of it is among the texts. Old or new, whole; the same content gives the same
 * bytes. Tensors are on any device, of a type that safetensors knows.
 */
Result<void> writeTensors(const std::filesystem::path& path, const TensorFile& content);

/**
 * Reads what we or others have written. Header and sizes are checked against the file before any memory is taken for
 * numbers. NotFound, Io, Malformed (no such file, or it does not fit its header), Corrupt (the checksum is another),
 * Unsupported (more than 4 GiB, or a header of more than 4 MiB).
 */
Result<TensorFile> readTensors(const std::filesystem::path& path);

}  // namespace querent::learn::files
