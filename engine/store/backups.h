#pragma once

#include "engine/core/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store {

/**
 * The newest this many backups are kept, and the newest one of each of as many days: somebody who makes one every few
 * minutes does not push out yesterday's. The others go when a new one has been made.
 */
inline constexpr std::size_t kKeptBackups = 10;

/** NAME.querent.d for NAME.querent. */
std::filesystem::path sidecarFolderOf(const std::filesystem::path& project);

/** The backups in NAME.querent.d/backups, newest first. */
std::vector<std::filesystem::path> listBackups(const std::filesystem::path& project);

/** Makes a verified copy in NAME.querent.d/backups and drops those that are not kept. Throws Failure and others. */
std::filesystem::path makeBackup(sqlite::Connection& from, const std::filesystem::path& project);

/** Makes a backup now and returns its path. Reads over a connection of its own, as backupIfDue() does. */
Result<std::filesystem::path> backUpNow(const std::filesystem::path& project);

/**
 * Makes a backup when the newest one is at least `age` old and the project has changed since; its path, or nothing.
 * A project without a backup gets its first one as soon as it has an item. What can be computed again (predictions) is
 * no change. Reads over a connection of its own: whoever writes meanwhile is not held up, and the copy is of one
 * moment.
 */
Result<std::optional<std::filesystem::path>> backupIfDue(const std::filesystem::path& project,
                                                         std::chrono::hours age = std::chrono::hours(24));

/**
 * Puts a verified copy of `backup` in the project's place; what was there is kept as NAME.querent.damaged-TIME, whose
 * path is returned (empty when there was nothing). Nobody may have the project open.
 */
Result<std::filesystem::path> restoreBackup(const std::filesystem::path& backup, const std::filesystem::path& project);

}  // namespace querent::store
