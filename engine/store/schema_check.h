#pragma once

#include "engine/store/migrations.h"
#include "engine/store/sqlite/connection.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace querent::store {

/** A table, an index or a trigger. */
struct SchemaPart {
    std::string type;
    std::string sql;
};

/** What the schema of `steps` has and the file lacks, by name. Throws. */
std::map<std::string, SchemaPart> missingParts(sqlite::Connection& db, std::span<const Migration> steps);

/** Triggers and views that are not ours, or not as ours are: they would run with what is written. Throws. */
std::map<std::string, SchemaPart> foreignParts(sqlite::Connection& db, std::span<const Migration> steps);

/** Throws Corrupt, with a name, when a table is missing or is not what its version of the schema says. */
void requireOurTables(sqlite::Connection& db, std::span<const Migration> steps);

/** Throws Corrupt, with a number of rows and a value, when there are values that no program of ours has written. */
void requireKnownValues(sqlite::Connection& db);

}  // namespace querent::store
