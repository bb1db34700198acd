#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

namespace querent::media {

/** A file opened for reading; refuses what is missing, a folder, or not readable, each with its own sentence. */
Result<std::ifstream> openFile(const std::filesystem::path& path);

/** The whole file. */
Result<std::vector<std::uint8_t>> readFile(const std::filesystem::path& path);

enum class Durability : std::uint8_t { Synced, Cache };

/** Writes under a temporary name in the same folder and renames: the old file or the new one, never a part. */
Result<void> writeFile(const std::filesystem::path& path, std::span<const std::uint8_t> bytes, Durability durability);

/** The end of every temporary name, so that leftovers of a killed program can be found. */
constexpr const char* kTemporarySuffix = ".tmp";

}  // namespace querent::media
