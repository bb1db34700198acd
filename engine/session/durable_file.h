#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace querent::session {

/** Writes a small file under a temporary name beside it, syncs it and renames it: all of it is there, or the old one.
 */
Result<void> writeDurably(const std::filesystem::path& file, const std::string& text);

}  // namespace querent::session
