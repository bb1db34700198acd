#include "engine/store/open_project.h"

#include "engine/core/paths.h"
#include "engine/store/backups.h"
#include "engine/store/file_check.h"
#include "engine/store/log_owner.h"
#include "engine/store/schema_check.h"
#include "engine/store/sqlite/verified_copy.h"
#include "engine/store/tables/settings_json.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNotOurs = "This is a database, but not a Querent project.";

fs::path withSuffix(fs::path path, const std::string& suffix) {
    return path += suffix;
}

void requireFile(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) throw sqlite::Failure(fail(ErrorCode::NotFound, "There is no such project.", path));
    if (!fs::is_regular_file(status))
        throw sqlite::Failure(fail(ErrorCode::InvalidArgument, "A project is a file, and this is none.", path));
    if (fs::file_size(path, error) == 0 && !error)
        throw sqlite::Failure(fail(ErrorCode::Malformed, "The file is empty; it is not a Querent project.", path));
}

// A full disk has no room for the index that readers of a log share. Alone on the file, SQLite keeps it in memory.
std::unique_ptr<sqlite::Connection> connectAlone(const fs::path& path) {
    auto db = std::make_unique<sqlite::Connection>(path, utf8(path), SQLite::OPEN_READWRITE);
    db->leaveLogAlone();
    db->text("PRAGMA locking_mode = EXCLUSIVE");
    db->run("PRAGMA query_only = ON");
    db->integer("PRAGMA user_version");
    return db;
}

std::unique_ptr<sqlite::Connection> connectReadOnly(const fs::path& path) {
    // As it is, when the log beside it is of another file.
    if (logIsOfAnotherFile(path)) return sqlite::Connection::immutable(path);
    constexpr int kReadOnlyCode = 8;
    constexpr int kIoCode = 10;
    constexpr int kFullCode = 13;
    constexpr int kCannotOpen = 14;
    int code = 0;
    try {
        auto db = std::make_unique<sqlite::Connection>(path, utf8(path), SQLite::OPEN_READONLY);
        db->integer("PRAGMA user_version");
        return db;
    } catch (const SQLite::Exception& exception) {
        // WAL wants to write beside the file.
        code = sqlite::codeOf(exception) & 0xff;
        if (code != kReadOnlyCode && code != kCannotOpen && code != kFullCode && code != kIoCode) throw;
    }
    std::error_code error;
    const fs::path wal = withSuffix(path, "-wal");
    const bool pending = fs::exists(wal, error) && fs::file_size(wal, error) > 0;
    if (pending) return connectAlone(path);
    return sqlite::Connection::immutable(path);
}

std::unique_ptr<sqlite::Connection> connect(const fs::path& path, Access access) {
    if (access == Access::ReadOnly || access == Access::AsItIs) return connectReadOnly(path);
    std::string remark;
    if (logIsOfAnotherFile(path)) remark = setLogAside(path);
    auto db = std::make_unique<sqlite::Connection>(path, utf8(path), SQLite::OPEN_READWRITE);
    if (db->readOnly())
        throw sqlite::Failure(fail(ErrorCode::ReadOnly, "The project file or its folder cannot be written to.", path));
    if (!remark.empty()) db->remark(remark);
    return db;
}

// Ours, not too new: refuses everything else before anything is written.
void requireOurs(sqlite::Connection& db, std::span<const Migration> steps) {
    if (db.integer("PRAGMA application_id") != kApplicationId)
        throw sqlite::Failure(fail(ErrorCode::Unsupported, kNotOurs, db.path()));
    const std::int64_t version = db.integer("PRAGMA user_version");
    const int newest = steps.back().version;
    if (version < 1)
        throw sqlite::Failure(
            fail(ErrorCode::Corrupt,
                 "The project says that its format is " + std::to_string(version) + "; there is no such format.",
                 db.path()));
    if (version <= newest) return;
    const std::string floor = db.meta("floor").value_or("");
    int lowest = 0;
    const auto [end, problem] = std::from_chars(floor.data(), floor.data() + floor.size(), lowest);
    if (problem != std::errc() || end != floor.data() + floor.size() || lowest > newest)
        throw sqlite::Failure(fail(ErrorCode::NewerVersion,
                                   "The project was written by a newer Querent (its format is " +
                                       std::to_string(version) + ", this program knows " + std::to_string(newest) +
                                       ").",
                                   db.path()));
}

void setPragmas(sqlite::Connection& db) {
    setPragma(db, "journal_mode", "WAL", "wal");
    setPragma(db, "synchronous", "FULL", "2");
    setPragma(db, "foreign_keys", "ON", "1");
    // Not in memory: SQLite walks an in-memory statement journal from its start at every statement, which made an
    // import of 33,000 items take nine minutes.
    setPragma(db, "temp_store", "FILE", "1");
    setPragma(db, "cache_size", "-64000", "-64000");  // 64 MB at most: a project of 100,000 items fits
    if (db.integer("PRAGMA busy_timeout") <= 0)
        throw sqlite::Failure(fail(ErrorCode::Internal, "The project file does not wait for others.", db.path()));
}

void checkAfterUncleanEnd(sqlite::Connection& db) {
    if (db.meta("clean") == "true") return;
    db.setAfterUncleanEnd(true);
    const std::vector<std::string> problems = sqlite::integrityProblems(db.raw());
    if (problems.empty()) return;
    throw sqlite::Failure(
        fail(ErrorCode::Corrupt, "The project file is damaged: " + problems.front() + ".", db.path()));
}

void bringUpToDate(sqlite::Connection& db, std::span<const Migration> steps) {
    const std::int64_t version = db.integer("PRAGMA user_version");
    if (version >= steps.back().version) return;
    sqlite::verifiedCopy(db, withSuffix(db.path(), ".before-v" + std::to_string(steps.back().version)));
    runMigrations(db, steps);
}

// Before anything is written: what a stranger's file could run, and what no program of ours has put there.
void requireTrusted(sqlite::Connection& db, Access access, std::span<const Migration> steps) {
    requireOurTables(db, steps);
    if (access == Access::Repair) {
        if (!foreignParts(db, steps).empty()) db.setTriggers(false);  // until repair() has removed them
        return;
    }
    if (access == Access::AsItIs) return;
    requireKnownValues(db);
    if (access == Access::ReadOnly) return;  // nothing of them runs
    for (const auto& [name, part] : foreignParts(db, steps))
        throw sqlite::Failure(fail(ErrorCode::Corrupt,
                                   "The project brings along the " + part.type + " " + name +
                                       ", which Querent did not make; it can be read only (querent-cli check --repair "
                                       "removes it).",
                                   db.path()));
}

void makeReady(sqlite::Connection& db, Access access, std::span<const Migration> steps) {
    requireOurs(db, steps);
    const bool older = db.integer("PRAGMA user_version") < steps.back().version;
    const bool readOnly = access == Access::ReadOnly || access == Access::AsItIs;
    if (readOnly && older)
        throw sqlite::Failure(fail(ErrorCode::Unsupported,
                                   "The project has an older format; open it for writing once to bring it up to date.",
                                   db.path()));
    if (access == Access::ReadOnly || access == Access::ReadWrite || access == Access::Unchecked) requireOneMoment(db);
    requireTrusted(db, access, steps);
    if (readOnly) return db.setReadOnly(true);
    setPragmas(db);
    checkAfterUncleanEnd(db);
    if (older && access == Access::Unchecked) quickCheck(db);
    bringUpToDate(db, steps);
    if (access == Access::Unchecked)
        db.setChecked(false);
    else
        beginLog(db);
}

std::unique_ptr<sqlite::Connection> openSteps(const fs::path& path, Access access, std::span<const Migration> steps) {
    requireFile(path);
    auto db = connect(path, access);
    try {
        makeReady(*db, access, steps);
    } catch (const SQLite::Exception& exception) {
        throw sqlite::Failure(db->explain(exception));  // while the connection still knows what the system said
    }
    return db;
}

void writeNewProject(const fs::path& path, const ProjectSettings& settings) {
    sqlite::Connection db(path, utf8(path), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    setPragma(db, "application_id", std::to_string(kApplicationId), std::to_string(kApplicationId));
    runMigrations(db, builtInMigrations());
    db.setMeta("settings", tables::settingsToJson(settings));
    db.setMeta(sqlite::kFileNumberKey, sqlite::newFileNumber());
    db.setMeta("clean", "true");
}

// What somebody with a damaged project wants to know next.
std::string backupAdvice(const fs::path& path) {
    const std::vector<fs::path> backups = listBackups(path);
    return backups.empty() ? " There is no backup." : " The newest backup is " + utf8(backups.front()) + ".";
}

// Runs `body`, with SQLite's exceptions as Failures.
template <typename Body>
auto explained(const fs::path& path, Body&& body) {
    try {
        return body();
    } catch (const SQLite::Exception& exception) {
        throw sqlite::Failure(sqlite::explainCode(sqlite::codeOf(exception), errno, exception.what(), path));
    } catch (const sqlite::Failure&) {
        throw;
    } catch (const std::exception& exception) {
        throw sqlite::Failure(sqlite::explainOther(exception, path));
    }
}

}  // namespace

void setPragma(sqlite::Connection& db, const std::string& name, const std::string& value, const std::string& answer) {
    {
        SQLite::Statement set(db.raw(), "PRAGMA " + name + " = " + value);
        while (set.executeStep()) {
        }
    }
    if (const std::string got = db.text("PRAGMA " + name); got != answer)
        throw sqlite::Failure(fail(ErrorCode::Unsupported,
                                   "The project cannot be used safely here (" + name + " is " + got + ", not " +
                                       answer + "); a project belongs on a local disk.",
                                   db.path()));
}

std::unique_ptr<sqlite::Connection> openConnection(const fs::path& name, Access access,
                                                   std::span<const Migration> steps) {
    const fs::path path = realPathOf(name);
    try {
        return explained(path, [&] { return openSteps(path, access, steps); });
    } catch (sqlite::Failure& failure) {
        if (failure.error.code == ErrorCode::Corrupt) failure.error.sentence += backupAdvice(path);
        throw;
    }
}

void acceptConnection(sqlite::Connection& db) {
    if (db.checked()) return;
    try {
        quickCheck(db);
        db.setChecked(true);
        beginLog(db);
    } catch (...) {
        db.setReadOnly(true);
        throw;
    }
}

void closeConnection(sqlite::Connection& db) noexcept {
    if (db.readOnly() || !db.checked()) return;
    if (db.displaced()) return db.abandon();
    try {
        if (db.inTransaction()) db.run("ROLLBACK");
        db.run("PRAGMA optimize");
        db.setMeta("clean", "true");
    } catch (const std::exception&) {
        // It stays marked as open: the next program checks it.
    }
}

void createProject(const fs::path& path, const ProjectSettings& settings) {
    explained(path, [&] {
        if (fs::exists(fs::symlink_status(path)))
            throw sqlite::Failure(fail(ErrorCode::InvalidArgument, "There is a file already.", path));
        const fs::path part = withSuffix(path, ".creating");
        sqlite::removeDatabase(part);
        try {
            explained(path, [&] { writeNewProject(part, settings); });  // before errno is that of the tidying
            if (const auto named = giveName(part, path); !named) throw sqlite::Failure(named.error());
        } catch (...) {
            sqlite::removeDatabase(part);
            throw;
        }
    });
}

}  // namespace querent::store
