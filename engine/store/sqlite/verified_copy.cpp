#include "engine/store/sqlite/verified_copy.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"

#include <SQLiteCpp/Backup.h>

#include <cerrno>
#include <system_error>

namespace querent::store::sqlite {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const char* suffix) {
    return path += suffix;
}

void copyInto(Connection& from, const fs::path& target) {
    SQLite::Database copy(utf8(target), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup(copy, from.raw()).executeStep(-1);
    // The copy must be one file, and it was closed in good order whatever the original is doing.
    copy.exec("PRAGMA journal_mode = DELETE");
    copy.exec("UPDATE meta SET value = 'true' WHERE key = 'clean'");
    if (const auto problems = integrityProblems(copy); !problems.empty())
        throw Failure(fail(ErrorCode::Corrupt, "The copy of the project is damaged: " + problems.front(), target));
}

}  // namespace

std::vector<fs::path> companionsOf(const fs::path& path) {
    return {withSuffix(path, "-wal"), withSuffix(path, "-shm"), withSuffix(path, "-journal")};
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
        removeDatabase(part);
        throw Failure(explainCode(exception.getExtendedErrorCode(), errno, exception.what(), target));
    } catch (...) {
        removeDatabase(part);
        throw;
    }
}

}  // namespace querent::store::sqlite
