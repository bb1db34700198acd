#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace querent::learn::files {

/** Whether a file is of the kind that earlier versions wrote for models: an archive with a pickle. */
bool isOldModel(const std::filesystem::path& path);

/**
 * Writes such a file anew, under its own name, as numbers alone; other files stay as they are. What loadArchive() and
 * replaceWhole() return; the file is then as it was.
 */
Result<void> renewModel(const std::filesystem::path& path);

/**
 * Writes what a model file of ours holds to another one, with more texts beside its own, which stay as they are. What
 * loadArchive() and replaceWhole() return.
 */
Result<void> copyModel(const std::filesystem::path& from, const std::filesystem::path& to,
                       const std::map<std::string, std::string>& texts);

}  // namespace querent::learn::files
