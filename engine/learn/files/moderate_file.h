#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace querent::learn::files {

/** The whole of a file that may be a stranger's. NotFound, Io; Unsupported for more than 4 GiB. Any thread. */
Result<std::string> readModerate(const std::filesystem::path& path);

}  // namespace querent::learn::files
