#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

namespace querent::media {

/** A file opened for reading; refuses what is missing, a folder, or not readable, each with its own sentence. */
Result<std::ifstream> openFile(const std::filesystem::path& path);

/** The whole file. */
Result<std::vector<std::uint8_t>> readFile(const std::filesystem::path& path);

}  // namespace querent::media
