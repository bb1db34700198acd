#include "engine/store/backups.h"

#include "engine/core/paths.h"
#include "engine/core/utc.h"
#include "engine/store/open_project.h"
#include "engine/store/sqlite/verified_copy.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const std::string& suffix) {
    return path += suffix;
}

std::string backupName(const fs::path& project, const std::string& time) {
    return utf8(project.stem()) + "-" + time + ".querent";
}

// All that people have done to a project, as a text that is another one after any change: the highest id that each
// table has ever given out, and what can change without a new row.
std::string stampOf(sqlite::Connection& db) {
    constexpr const char* kParts[] = {
        "SELECT group_concat(name || ' ' || seq) FROM (SELECT name, seq FROM sqlite_sequence ORDER BY name)",
        "SELECT group_concat(key || value) FROM (SELECT key, value FROM meta "
        "WHERE key NOT IN ('clean', 'number', 'number before') ORDER BY key)",
        "SELECT group_concat(id || name || colour || export_index || archived) FROM class",
        "SELECT group_concat(id || folder) FROM source",
        "SELECT sum(id * (split + 1)) FROM item",
        "SELECT sum(id * (step + 1)) FROM round",
        "SELECT sum(id * current) FROM model",
        "SELECT max(updated_at) FROM policy_state",
    };
    std::string stamp;
    for (const char* part : kParts)
        stamp += db.text(part) + "\n";
    return stamp;
}

bool isDue(sqlite::Connection& db, const std::vector<fs::path>& backups, std::chrono::hours age) {
    if (backups.empty()) return db.integer("SELECT count(*) FROM item") > 0;
    // One of the future says nothing about when the last one was made: the clock was wrong then, or is now.
    const auto now = fs::file_time_type::clock::now();
    for (const fs::path& backup : backups) {
        const auto made = fs::last_write_time(backup);
        if (made <= now && now - made < age) return false;
    }
    try {
        const auto newest = openConnection(backups.front(), Access::ReadOnly, builtInMigrations());
        return stampOf(*newest) != stampOf(db);
    } catch (const sqlite::Failure&) {
        return true;  // it cannot be read, or is of an older format: another one is needed
    }
}

constexpr std::string_view kTime = "00000000T000000000Z";  // of utcForFileName(): 0 for each digit

// The time is at the end of a backup's name, year first; before it stands the project's name.
std::string madeAt(const fs::path& backup) {
    const std::string stem = utf8(backup.stem());
    return stem.substr(stem.rfind('-') + 1);
}

bool isOurs(const fs::path& backup, const fs::path& project) {
    const std::string time = madeAt(backup);
    if (utf8(backup.filename()) != backupName(project, time) || time.size() != kTime.size()) return false;
    for (std::size_t i = 0; i < kTime.size(); ++i)
        if (kTime[i] == '0' ? std::isdigit(static_cast<unsigned char>(time[i])) == 0 : time[i] != kTime[i])
            return false;
    return true;
}

void dropOld(const fs::path& project) {
    constexpr std::size_t kDate = 8;  // characters of yyyymmdd
    std::vector<fs::path> newestFirst = listBackups(project);
    std::erase_if(newestFirst, [&](const fs::path& backup) { return !isOurs(backup, project); });
    std::size_t days = 0;
    std::string lastDay;
    for (std::size_t i = 0; i < newestFirst.size(); ++i) {
        const std::string day = madeAt(newestFirst[i]).substr(0, kDate);
        const bool newestOfItsDay = day != lastDay && ++days <= kKeptBackups;
        lastDay = day;
        if (i >= kKeptBackups && !newestOfItsDay) fs::remove(newestFirst[i]);
    }
}

}  // namespace

fs::path makeBackup(sqlite::Connection& from, const fs::path& project) {
    const fs::path folder = sidecarFolderOf(project) / "backups";
    fs::create_directories(folder);
    const fs::path target = folder / backupName(project, utcForFileName());
    sqlite::verifiedCopy(from, target);
    dropOld(project);
    return target;
}

Result<fs::path> backUpNow(const fs::path& project) {
    try {
        const auto db = openConnection(project, Access::ReadOnly, builtInMigrations());
        return sqlite::guarded(*db, [&] { return makeBackup(*db, project); });
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    }
}

Result<std::optional<fs::path>> backupIfDue(const fs::path& project, std::chrono::hours age) {
    try {
        const auto db = openConnection(project, Access::ReadOnly, builtInMigrations());
        return sqlite::guarded(*db, [&]() -> std::optional<fs::path> {
            if (!isDue(*db, listBackups(project), age)) return std::nullopt;
            return makeBackup(*db, project);
        });
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    }
}

fs::path realPathOf(const fs::path& project) {
    std::error_code error;
    fs::path real = fs::weakly_canonical(project, error);
    return error ? project : real;
}

fs::path sidecarFolderOf(const fs::path& project) {
    return withSuffix(realPathOf(project), ".d");
}

std::vector<fs::path> listBackups(const fs::path& project) {
    std::vector<fs::path> backups;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(sidecarFolderOf(project) / "backups", error))
        if (entry.path().extension() == ".querent") backups.push_back(entry.path());
    std::sort(backups.begin(), backups.end(),
              [&](const fs::path& a, const fs::path& b) { return std::pair(madeAt(a), a) > std::pair(madeAt(b), b); });
    return backups;
}

}  // namespace querent::store
