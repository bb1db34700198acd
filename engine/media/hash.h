#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace querent::media {

/** XXH3-64 of the file's bytes as 16 lower-case hex digits; read in pieces, so memory does not grow with the file. */
Result<std::string> contentHash(const std::filesystem::path& path, const Job& job = {});

/** The same of a text. */
std::string textHash(std::string_view text);

/** Stands in for a content hash that nobody has worked out yet: a hash of the path, size and time of change. */
std::string fileStamp(const std::filesystem::path& path);

}  // namespace querent::media
