#include "engine/store/migrations.h"

#include "engine/store/open_project.h"
#include "engine/store/sqlite/connection.h"

namespace querent::store {
namespace {

void runStep(sqlite::Connection& db, const Migration& step) {
    sqlite::WriteScope scope(db);
    db.run(std::string(step.sql));
    db.run("PRAGMA user_version = " + std::to_string(step.version));
    db.setMeta("floor", std::to_string(step.floor));
    SQLite::Statement broken(db.raw(), "PRAGMA foreign_key_check");
    if (broken.executeStep())
        throw sqlite::Failure(fail(ErrorCode::Corrupt,
                                   "The project could not be brought up to date (step " + std::to_string(step.version) +
                                       "): its tables do not fit together.",
                                   db.path()));
    scope.commit();
}

}  // namespace

void runMigrations(sqlite::Connection& db, std::span<const Migration> steps) {
    const std::int64_t version = db.integer("PRAGMA user_version");
    db.forgetStatements();
    // Tables may be rebuilt: the keys are checked at the end of each step instead.
    setPragma(db, "foreign_keys", "OFF", "0");
    for (const Migration& step : steps)
        if (step.version > version) runStep(db, step);
    setPragma(db, "foreign_keys", "ON", "1");
}

Result<void> migrate(const std::filesystem::path& project, std::span<const Migration> steps) {
    try {
        closeConnection(*openConnection(project, Access::ReadWrite, steps));
        return {};
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    }
}

}  // namespace querent::store
