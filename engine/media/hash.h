#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace querent::media {

/** XXH3-64 of the file's bytes as 16 lower-case hex digits; read in pieces, so memory does not grow with the file. */
Result<std::string> contentHash(const std::filesystem::path& path, const Job& job = {});

}  // namespace querent::media
