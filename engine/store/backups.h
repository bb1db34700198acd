#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <vector>

namespace querent::store {

/** NAME.querent.d for NAME.querent. */
std::filesystem::path sidecarFolderOf(const std::filesystem::path& project);

/** The backups in NAME.querent.d/backups, newest first. */
std::vector<std::filesystem::path> listBackups(const std::filesystem::path& project);

/**
 * Puts a verified copy of `backup` in the project's place; what was there is kept as NAME.querent.damaged-TIME, whose
 * path is returned (empty when there was nothing). Nobody may have the project open.
 */
Result<std::filesystem::path> restoreBackup(const std::filesystem::path& backup, const std::filesystem::path& project);

}  // namespace querent::store
