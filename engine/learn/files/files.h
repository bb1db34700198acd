#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace querent::learn::files {

/** The whole file. NotFound or Io. */
Result<std::string> readWhole(const std::filesystem::path& path);

/** Writes under a temporary name beside `path`, syncs, renames: the old content or the new one, never half of it. */
Result<void> replaceWhole(const std::filesystem::path& path, std::string_view bytes);

}  // namespace querent::learn::files
