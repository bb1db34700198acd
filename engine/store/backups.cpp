#include "engine/store/backups.h"

#include "engine/core/paths.h"
#include "engine/core/utc.h"
#include "engine/store/open_project.h"
#include "engine/store/sqlite/verified_copy.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const std::string& suffix) {
    return path += suffix;
}

// A WAL belongs to its database: both move, or SQLite would play it back into the file that takes the place.
fs::path leftOut(const fs::path& project) {
    if (!fs::exists(project)) {
        sqlite::removeDatabase(project);
        return {};
    }
    const fs::path aside = withSuffix(project, ".damaged-" + utcForFileName());
    const std::vector<fs::path> from = sqlite::companionsOf(project);
    const std::vector<fs::path> to = sqlite::companionsOf(aside);
    for (std::size_t i = 0; i < from.size(); ++i)
        if (fs::exists(from[i])) fs::rename(from[i], to[i]);
    fs::rename(project, aside);
    return aside;
}

// All that people have done to a project, as a text that is another one after any change: the highest id that each
// table has ever given out, and what can change without a new row.
std::string stampOf(sqlite::Connection& db) {
    constexpr const char* kParts[] = {
        "SELECT group_concat(name || ' ' || seq) FROM (SELECT name, seq FROM sqlite_sequence ORDER BY name)",
        "SELECT group_concat(key || value) FROM (SELECT key, value FROM meta WHERE key <> 'clean' ORDER BY key)",
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
    if (fs::file_time_type::clock::now() - fs::last_write_time(backups.front()) < age) return false;
    try {
        const auto newest = openConnection(backups.front(), Access::ReadOnly, builtInMigrations());
        return stampOf(*newest) != stampOf(db);
    } catch (const sqlite::Failure&) {
        return true;  // it cannot be read, or is of an older format: another one is needed
    }
}

// The time is at the end of a backup's name, year first; before it stands the project's name.
std::string madeAt(const fs::path& backup) {
    const std::string stem = utf8(backup.stem());
    return stem.substr(stem.rfind('-') + 1);
}

void dropOld(const std::vector<fs::path>& newestFirst) {
    constexpr std::size_t kDate = 8;  // characters of yyyymmdd
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
    const fs::path target = folder / (utf8(project.stem()) + "-" + utcForFileName() + ".querent");
    sqlite::verifiedCopy(from, target);
    dropOld(listBackups(project));
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

fs::path sidecarFolderOf(const fs::path& project) {
    return withSuffix(project, ".d");
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

Result<fs::path> restoreBackup(const fs::path& backup, const fs::path& project) {
    const fs::path fresh = withSuffix(project, ".restoring");
    try {
        const auto source = openConnection(backup, Access::ReadOnly, builtInMigrations());
        if (const auto problems = sqlite::integrityProblems(source->raw()); !problems.empty())
            throw sqlite::Failure(fail(ErrorCode::Corrupt, "This backup is damaged too: " + problems.front(), backup));
        sqlite::verifiedCopy(*source, fresh);
        fs::path aside = leftOut(project);
        sqlite::renameDurably(fresh, project);
        return aside;
    } catch (const sqlite::Failure& failure) {
        sqlite::removeDatabase(fresh);
        return failure.error;
    } catch (const std::exception& exception) {
        sqlite::removeDatabase(fresh);
        return fail(ErrorCode::Io, std::string("The backup could not be restored: ") + exception.what(), project);
    }
}

}  // namespace querent::store
