#include "engine/store/backups.h"

#include "engine/store/open_project.h"
#include "engine/store/utc.h"
#include "engine/store/verified_copy.h"

#include <algorithm>
#include <system_error>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const std::string& suffix) {
    return path += suffix;
}

// A WAL belongs to its database: both move, or SQLite would play it back into the file that takes the place.
fs::path setAside(const fs::path& project) {
    if (!fs::exists(project)) {
        removeDatabase(project);
        return {};
    }
    const fs::path aside = withSuffix(project, ".damaged-" + nowForFileName());
    const std::vector<fs::path> from = companionsOf(project);
    const std::vector<fs::path> to = companionsOf(aside);
    for (std::size_t i = 0; i < from.size(); ++i)
        if (fs::exists(from[i])) fs::rename(from[i], to[i]);
    fs::rename(project, aside);
    return aside;
}

}  // namespace

fs::path sidecarFolderOf(const fs::path& project) {
    return withSuffix(project, ".d");
}

std::vector<fs::path> listBackups(const fs::path& project) {
    std::vector<fs::path> backups;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(sidecarFolderOf(project) / "backups", error))
        if (entry.path().extension() == ".querent") backups.push_back(entry.path());
    // The time is in the name, and the same stem is before it.
    std::sort(backups.rbegin(), backups.rend());
    return backups;
}

Result<fs::path> restoreBackup(const fs::path& backup, const fs::path& project) {
    const fs::path fresh = withSuffix(project, ".restoring");
    try {
        const auto source = openConnection(backup, Access::ReadOnly, builtInMigrations());
        if (const auto problems = integrityProblems(source->raw()); !problems.empty())
            throw Failure(fail(ErrorCode::Corrupt, "This backup is damaged too: " + problems.front(), backup));
        verifiedCopy(*source, fresh);
        fs::path aside = setAside(project);
        renameDurably(fresh, project);
        return aside;
    } catch (const Failure& failure) {
        removeDatabase(fresh);
        return failure.error;
    } catch (const std::exception& exception) {
        removeDatabase(fresh);
        return fail(ErrorCode::Io, std::string("The backup could not be restored: ") + exception.what(), project);
    }
}

}  // namespace querent::store
