#pragma once

#include "engine/core/records.h"
#include "engine/store/migrations.h"
#include "engine/store/project_file.h"
#include "engine/store/sqlite/connection.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace querent::store {

/** "QRNT": what makes an SQLite file ours. */
inline constexpr std::int64_t kApplicationId = 0x51524E54;

/**
 * Opens a project as ProjectFile::open() describes it, with the given history of the schema. For writing, the file
 * is marked as open until closeConnection(). Throws Failure only.
 */
std::unique_ptr<sqlite::Connection> openConnection(const std::filesystem::path& path, Access access,
                                                   std::span<const Migration> steps);

/**
 * For Access::Unchecked: looks through the whole file, and only then marks it as open for writing. Throws Corrupt when
 * it is damaged, and whatever writing throws; then the connection can be read from only.
 */
void acceptConnection(sqlite::Connection& db);

/** Marks a file that is open for writing as closed in good order. Never throws: a file that cannot be marked is
 * checked when it is opened next. */
void closeConnection(sqlite::Connection& db) noexcept;

/** Writes a new project file at `path`, whole or not at all. Throws Failure only. */
void createProject(const std::filesystem::path& path, const ProjectSettings& settings);

/** Sets a pragma and checks that it took: its value as text must be `answer`. */
void setPragma(sqlite::Connection& db, const std::string& name, const std::string& value, const std::string& answer);

}  // namespace querent::store
