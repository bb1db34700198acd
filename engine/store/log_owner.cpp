#include "engine/store/log_owner.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/core/utc.h"
#include "engine/store/backups.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/sqlite/verified_copy.h"

#include <array>
#include <cctype>
#include <optional>
#include <system_error>
#include <unistd.h>

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
bool emptyLog(sqlite::Connection& db) {
    SQLite::Statement q(db.raw(), "PRAGMA wal_checkpoint(TRUNCATE)");
    return q.executeStep() && q.getColumn(0).getInt() == 0;
}

}  // namespace

void beginLog(sqlite::Connection& db) {
    // Without a record a log counts as the file's own: there is none while the two do not agree.
    std::error_code ignored;
    const fs::path record = recordOf(db.path());
    fs::remove(record, ignored);
    const std::string number = sqlite::newFileNumber();
    {
        sqlite::WriteScope scope(db);
        db.setMeta("clean", "false");
        db.setMeta(sqlite::kFileNumberKey, number);
        scope.commit();
    }
    db.beginSession();
    if (!fs::is_directory(record.parent_path(), ignored) || !emptyLog(db)) return;
    if (!replaceWhole(record, recordText(db.path(), number))) fs::remove(record, ignored);
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
