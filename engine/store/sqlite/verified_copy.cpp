#include "engine/store/sqlite/verified_copy.h"

#include "engine/core/files.h"
#include "engine/core/job.h"
#include "engine/core/paths.h"

#include <SQLiteCpp/Backup.h>

#include <cerrno>
#include <random>
#include <sqlite3.h>
#include <system_error>

namespace querent::store::sqlite {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const char* suffix) {
    return path += suffix;
}

// One moment of the original, whoever writes to it meanwhile: the copy is made within a view of it.
void copyPages(Connection& from, SQLite::Database& copy) {
    constexpr int kPagesAtOnce = 4096;  // then somebody may want to stop
    from.run("BEGIN");
    SQLite::Backup backup(copy, from.raw());
    from.integer("SELECT count(*) FROM sqlite_schema");  // the view begins with the first question
    int code = backup.executeStep(kPagesAtOnce);
    while (code == SQLITE_OK) {
        if (longStatementsStop()) throw Failure(Job::stopped());
        code = backup.executeStep(kPagesAtOnce);
    }
    if (code != SQLITE_DONE) throw SQLite::Exception("The copy was not finished", code);
}

void copyInto(Connection& from, const fs::path& target) {
    SQLite::Database copy(utf8(target), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    try {
        copyPages(from, copy);
    } catch (...) {
        rollbackScope(from, false);
        throw;
    }
    rollbackScope(from, false);
    // The copy must be one file, and it was closed in good order whatever the original is doing.
    copy.exec("PRAGMA journal_mode = DELETE");
    copy.exec("UPDATE meta SET value = 'true' WHERE key = 'clean'");
    SQLite::Statement number(copy, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)");
    number.bind(1, kFileNumberKey);
    number.bind(2, newFileNumber());
    number.exec();
    if (const auto problems = integrityProblems(copy); !problems.empty())
        throw Failure(fail(ErrorCode::Corrupt, "The copy of the project is damaged: " + problems.front(), target));
}

}  // namespace

std::string newFileNumber() {
    constexpr int kParts = 4;
    std::random_device random;
    std::string number = "\"";
    for (int i = 0; i < kParts; ++i)
        number.append(i == 0 ? "" : "-").append(std::to_string(random()));
    return number + "\"";
}

void removeDatabase(const fs::path& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
    for (const fs::path& companion : companionsOf(path))
        fs::remove(companion, ignored);
}

std::vector<std::string> integrityProblems(SQLite::Database& database) {
    std::vector<std::string> problems;
    SQLite::Statement q(database, "PRAGMA integrity_check(20)");
    while (q.executeStep())
        problems.push_back(q.getColumn(0).getString());
    if (problems.size() == 1 && problems.front() == "ok") problems.clear();
    return problems;
}

void makeDurable(const fs::path& path) {
    if (const Result<void> synced = syncToDisk(path); !synced) throw Failure(synced.error());
}

void renameDurably(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw Failure(fail(ErrorCode::Io, "It could not be put in place: " + error.message(), to));
    makeDurable(to.parent_path().empty() ? fs::path(".") : to.parent_path());
}

void verifiedCopy(Connection& from, const fs::path& target) {
    if (from.inTransaction())
        throw Failure(fail(ErrorCode::InvalidArgument, "A copy cannot be made in the middle of a change.", target));
    const fs::path part = withSuffix(target, ".part");
    removeDatabase(part);
    try {
        copyInto(from, part);
        makeDurable(part);
        renameDurably(part, target);
    } catch (const SQLite::Exception& exception) {
        const Failure failure(explainCode(codeOf(exception), errno, exception.what(), target));
        removeDatabase(part);
        throw failure;
    } catch (...) {
        removeDatabase(part);
        throw;
    }
}

}  // namespace querent::store::sqlite
