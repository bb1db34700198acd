#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <vector>

namespace querent::session::project {

/** The backups of a project, newest first: those made by themselves and those made by hand in its own folder. */
std::vector<std::filesystem::path> backupsOf(const std::filesystem::path& project);

/**
 * Puts a verified copy of a backup in the project's place. What was there is kept beside it, whole, and its path
 * returned (empty when there was nothing): nothing is lost by a restore. Locked while anybody has the project open for
 * writing.
 */
Result<std::filesystem::path> restoreBackup(const std::filesystem::path& backup, const std::filesystem::path& project);

}  // namespace querent::session::project
