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

/** The file that a name leads to, symbolic links followed; the name itself where there is none. */
std::filesystem::path realPathOf(const std::filesystem::path& project);

/** NAME.querent.d for NAME.querent, beside the file that the name leads to. */
std::filesystem::path sidecarFolderOf(const std::filesystem::path& project);

/** Every project in NAME.querent.d/backups, newest first, whoever put it there. */
std::vector<std::filesystem::path> listBackups(const std::filesystem::path& project);

/**
 * Makes a verified copy in NAME.querent.d/backups and drops those of its own making that are not kept. Throws Failure
 * and others.
 */
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
 * path is returned (empty when there was nothing). One step: killed or failing, it leaves the old project or the new
 * one under the name. Nobody may have the project open, and the caller holds its lock.
 */
Result<std::filesystem::path> restoreBackup(const std::filesystem::path& backup, const std::filesystem::path& project);

/** Gives a finished, closed project the name that it is to have, which no file has yet. */
Result<void> giveName(const std::filesystem::path& fresh, const std::filesystem::path& project);

/** Removes a project file that was not finished, and what SQLite keeps beside it. */
void removeProject(const std::filesystem::path& fresh);

/** A restore was killed where the project may stand under another name. */
bool restoreWasBegun(const std::filesystem::path& project);

/**
 * Ends what a restore began that was killed, and removes what it and other programs that were killed have left beside
 * the project. The caller holds the lock. Never fails: what cannot be removed stays.
 */
void finishWhatWasBegun(const std::filesystem::path& project);

}  // namespace querent::store
