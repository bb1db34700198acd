#include "engine/session/project/restore.h"

#include "engine/store/backups.h"
#include "engine/store/project_lock.h"

namespace querent::session::project {

std::vector<std::filesystem::path> backupsOf(const std::filesystem::path& project) {
    return store::listBackups(project);
}

Result<std::filesystem::path> restoreBackup(const std::filesystem::path& backup, const std::filesystem::path& project) {
    const auto lock = store::ProjectLock::acquire(project);
    if (!lock) return lock.error();
    return store::restoreBackup(backup, project);  // follows the links that the lock has followed
}

}  // namespace querent::session::project
