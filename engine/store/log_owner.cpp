#include "engine/store/log_owner.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/core/utc.h"
#include "engine/store/backups.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/sqlite/verified_copy.h"

#include <array>
#include <cctype>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

// One for each computer: folders are synced between them, and a log is of one.
fs::path recordOf(const fs::path& project) {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host = {};
    std::string name = "log-of-";
    for (const char c : std::string(host.data()))
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    return sidecarFolderOf(project) / name;
}

// The inode of the log: a copy, or what a sync tool brings, has another one.
std::string logInode(const fs::path& project) {
    const auto identity = sqlite::identityOf(sqlite::companionsOf(project).front());
    return identity ? std::to_string(identity->inode) : std::string();
}

std::string recordText(const fs::path& project, const std::string& number) {
    return logInode(project) + " " + number;
}

std::optional<std::string> recorded(const fs::path& project) {
    const Result<std::string> text = readWhole(recordOf(project));
    if (!text) return std::nullopt;
    return *text;
}

// The number in the file itself, whatever its log says: empty where it has none, nothing where it cannot be read.
std::optional<std::string> numberInFile(const fs::path& project) {
    try {
        return sqlite::Connection::immutable(project)->meta(sqlite::kFileNumberKey).value_or("");
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

// Everything from the log into the file, so that the file has its number; false while somebody reads the log.
bool emptyLog(sqlite::Connection& db, const char* how) {
    SQLite::Statement q(db.raw(), std::string("PRAGMA wal_checkpoint(") + how + ")");
    return q.executeStep() && q.getColumn(0).getInt() == 0;
}

void setNumbers(sqlite::Connection& db, const std::string& number, const std::string& before) {
    sqlite::WriteScope scope(db);
    db.setMeta("clean", "false");
    db.setMeta(sqlite::kFileNumberKey, number);
    db.setMeta(sqlite::kNumberBeforeKey, before);
    scope.commit();
}

// An empty log of a file with a new number. The first change in it names that number, and the last one before it named
// both: so a file and a log that do not belong together can be told, whenever somebody copies the two.
void renewLog(sqlite::Connection& db, const char* how) {
    // Without a record a log counts as the file's own: there is none while the two do not agree.
    std::error_code ignored;
    const fs::path record = recordOf(db.path());
    fs::remove(record, ignored);
    std::string number = db.meta(sqlite::kFileNumberKey).value_or("");
    if (db.meta(sqlite::kNumberBeforeKey).value_or("").empty()) {  // else it was begun, and goes on
        const std::string before = std::exchange(number, sqlite::newFileNumber());
        setNumbers(db, number, before);
    }
    if (!emptyLog(db, how)) return;
    setNumbers(db, number, "");
    if (!fs::is_directory(record.parent_path(), ignored)) return;
    if (!replaceWhole(record, recordText(db.path(), number))) fs::remove(record, ignored);
}

// The old log is there until the first change is written over its beginning: who copies it meanwhile has all of it.
void renewLongLog(sqlite::Connection& db) {
    constexpr int kPatience = 200;  // ms: somebody waits for the change that made the log long
    const auto patience = static_cast<int>(db.integer("PRAGMA busy_timeout"));
    db.raw().setBusyTimeout(kPatience);
    try {
        renewLog(db, "RESTART");
    } catch (...) {
        db.raw().setBusyTimeout(patience);
        throw;
    }
    db.raw().setBusyTimeout(patience);
}

}  // namespace

void beginLog(sqlite::Connection& db) {
    constexpr int kLongLog = 4096;  // pages, 16 MB
    const std::string number = db.meta(sqlite::kFileNumberKey).value_or("");
    if (emptyLog(db, "TRUNCATE")) {
        setNumbers(db, sqlite::newFileNumber(), number);
        renewLog(db, "TRUNCATE");
    } else {
        setNumbers(db, number, db.meta(sqlite::kNumberBeforeKey).value_or(""));
    }
    db.beginSession();
    db.whenLogIsLong(kLongLog, [&db] { renewLongLog(db); });
}

void requireOneMoment(sqlite::Connection& db) {
    constexpr int kAttempts = 5;  // whoever writes meanwhile may be between two steps
    constexpr auto kPause = std::chrono::milliseconds(20);
    std::error_code error;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (attempt > 0) std::this_thread::sleep_for(kPause);
        const auto size = fs::file_size(sqlite::companionsOf(db.path()).front(), error);
        if (error || size == 0) return;
        const std::optional<std::string> inFile = numberInFile(db.path());
        const std::string number = db.meta(sqlite::kFileNumberKey).value_or("");
        const std::string before = db.meta(sqlite::kNumberBeforeKey).value_or("");
        if (!inFile || number == *inFile || (!before.empty() && before == *inFile)) return;
    }
    throw sqlite::Failure(fail(ErrorCode::Corrupt,
                               "The project file and its write-ahead log (the file that ends in -wal) are not of the "
                               "same moment: they were copied while somebody worked on the project. Copy both again "
                               "when nobody does.",
                               db.path()));
}

bool logIsOfAnotherFile(const fs::path& project) {
    std::error_code error;
    const auto size = fs::file_size(sqlite::companionsOf(project).front(), error);
    if (error || size == 0) return false;
    const std::optional<std::string> record = recorded(project);
    if (!record || !record->starts_with(logInode(project) + " ")) return false;  // not written here
    const std::optional<std::string> number = numberInFile(project);
    // Somebody who opens it meanwhile takes the record away first.
    return number && *record != recordText(project, *number) && recorded(project) == record;
}

std::string setLogAside(const fs::path& project) {
    const std::vector<fs::path> companions = sqlite::companionsOf(project);
    fs::path aside = project;
    aside += ".log-of-another-file-" + utcForFileName();
    std::error_code error;
    fs::rename(companions[0], aside, error);
    if (error)
        throw sqlite::Failure(
            fail(ErrorCode::Io,
                 "Beside the project lies the write-ahead log of another file, and it cannot be moved "
                 "away: " +
                     error.message() + ".",
                 companions[0]));
    fs::remove(companions[1], error);
    fs::remove(recordOf(project), error);
    return "The project file was replaced by another one since it was last written here. Changes that had not reached "
           "the old one are kept in " +
           utf8(aside) + ".";
}

}  // namespace querent::store
