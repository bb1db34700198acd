#pragma once

#include "engine/store/sqlite/connection.h"

#include <filesystem>
#include <string>
#include <vector>

namespace querent::store::sqlite {

/**
 * Copies the open database to `target` (replaced whole or not at all): copy under another name, checked, synced,
 * renamed. Throws Failure or SQLite::Exception.
 */
void verifiedCopy(Connection& from, const std::filesystem::path& target);

/** What tells files apart that are copies of each other: a number that no other file has, as JSON for kFileNumberKey.
 */
std::string newFileNumber();
inline constexpr const char* kFileNumberKey = "number";  // in the table meta
/** The one before, while it is not certain which of the two the file has and which its log; else empty. */
inline constexpr const char* kNumberBeforeKey = "number before";

/** What PRAGMA integrity_check has to say; empty when all is well. */
std::vector<std::string> integrityProblems(SQLite::Database& database);

/** querent::syncToDisk, which throws Failure. */
void makeDurable(const std::filesystem::path& path);

/** std::filesystem::rename, then syncs the folder. Throws Failure. */
void renameDurably(const std::filesystem::path& from, const std::filesystem::path& to);

/** Removes a database and what SQLite keeps beside it. */
void removeDatabase(const std::filesystem::path& path);

}  // namespace querent::store::sqlite
