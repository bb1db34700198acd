#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store {

/** One step of the schema's history. */
struct Migration {
    int version;                // the schema after it
    int floor;                  // the oldest program schema that may still open the result
    std::string_view sentence;  // what it does, for people
    std::string_view sql;
};

/** Every step from the first tables to today's schema, in order. */
std::span<const Migration> builtInMigrations();

/**
 * Runs the steps that `connection` has not had, each in one transaction. Throws Failure or SQLite::Exception.
 * Makes no backup.
 */
void runMigrations(sqlite::Connection& connection, std::span<const Migration> steps);

/**
 * Brings a closed project file up to date: first a verified backup NAME.querent.before-vN beside it, then the missing
 * steps. Does nothing when there are none.
 */
Result<void> migrate(const std::filesystem::path& project, std::span<const Migration> steps);

}  // namespace querent::store
