// Files that take a project's name: going back to a backup in one step, ending one that was killed, new projects.

#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/core/utc.h"
#include "engine/store/backups.h"
#include "engine/store/open_project.h"
#include "engine/store/sqlite/verified_copy.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

fs::path withSuffix(fs::path path, const std::string& suffix) {
    return path += suffix;
}

fs::path freshOf(const fs::path& project) {
    return withSuffix(project, ".restoring");
}

// While it exists a restore is under way; it holds the name under which the old project is kept.
fs::path planOf(const fs::path& project) {
    return sidecarFolderOf(project) / "restoring";
}

std::vector<fs::path> filesOf(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (entry.path().extension() == extension) files.push_back(entry.path());
    return files;
}

// By replaceWhole() in another program, which may read the project meanwhile.
bool isBeingWritten(const fs::path& temporary) {
    // Without waiting: a stranger's pipe of such a name would never open.
    const int file = ::open(temporary.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return false;
    const bool locked = ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(file);
    return locked;
}

// Where the new project stands under its name, a log of the old one must not: SQLite would play it back.
void keepLogWith(const fs::path& project, const fs::path& aside) {
    const std::vector<fs::path> from = sqlite::companionsOf(project);
    const std::vector<fs::path> to = sqlite::companionsOf(aside);
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::error_code none;
        if (fs::exists(from[i], none)) fs::rename(from[i], to[i]);
    }
}

// The name never stands for nothing: the old project gets its second name first, then the new one takes the first.
// Where a file has one name only (FAT), it is moved away, and who is killed in between is helped by the plan.
void exchange(const fs::path& fresh, const fs::path& project, const fs::path& aside) {
    std::error_code noLinks;
    fs::create_hard_link(project, aside, noLinks);
    if (noLinks) fs::rename(project, aside);
    sqlite::renameDurably(fresh, project);
}

// After the exchange: the new project has the name, and the old one is kept.
void finish(const fs::path& project, const fs::path& aside) {
    keepLogWith(project, aside);
    fs::remove(planOf(project));
}

// A restore that was killed. `planned` comes from a file, which may be anybody's: it is a name of ours or nothing.
void endRestore(const fs::path& project, const fs::path& fresh, const fs::path& planned) {
    const fs::path aside = project.parent_path() / planned;
    const bool ours =
        planned == planned.filename() && utf8(planned).starts_with(utf8(project.filename()) + ".damaged-");
    if (!ours || !fs::exists(fs::symlink_status(aside))) {
        fs::remove(planOf(project));  // killed before anything moved
        return;
    }
    // The name is free only between the two moves of a disk that knows no links.
    if (!fs::exists(project)) sqlite::renameDurably(fs::exists(fresh) ? fresh : aside, project);
    if (fs::exists(aside) && !fs::equivalent(aside, project)) return finish(project, aside);
    fs::remove(planOf(project));
    fs::remove(aside);  // a second name of the project itself, which was not replaced
}

fs::path putInPlace(const fs::path& fresh, const fs::path& project) {
    if (!fs::exists(project)) {
        sqlite::removeDatabase(project);  // a log without its project
        sqlite::renameDurably(fresh, project);
        return {};
    }
    const fs::path aside = withSuffix(project, ".damaged-" + utcForFileName());
    if (const auto planned = replaceWhole(planOf(project), utf8(aside.filename())); !planned)
        throw sqlite::Failure(planned.error());
    exchange(fresh, project, aside);
    finish(project, aside);
    return aside;
}

}  // namespace

Result<fs::path> restoreBackup(const fs::path& backup, const fs::path& name) {
    const fs::path project = realPathOf(name);
    const fs::path fresh = freshOf(project);
    finishWhatWasBegun(project);
    Error error;
    try {
        const auto source = openConnection(backup, Access::ReadOnly, builtInMigrations());
        if (const auto problems = sqlite::integrityProblems(source->raw()); !problems.empty())
            throw sqlite::Failure(fail(ErrorCode::Corrupt, "This backup is damaged too: " + problems.front(), backup));
        fs::create_directories(sidecarFolderOf(project));
        sqlite::verifiedCopy(*source, fresh);
        return putInPlace(fresh, project);
    } catch (const sqlite::Failure& failure) {
        error = failure.error;
    } catch (const std::exception& exception) {
        error = sqlite::explainOther(exception, project);
        error.sentence = "The backup could not be restored: " + error.sentence;
    }
    finishWhatWasBegun(project);  // to the old project, or to the new one: never to none
    return error;
}

Result<void> giveName(const fs::path& fresh, const fs::path& project) {
    try {
        // A log without its project would be played back into the new one.
        sqlite::removeDatabase(project);
        sqlite::makeDurable(fresh);
        sqlite::renameDurably(fresh, project);
        return {};
    } catch (const sqlite::Failure& failure) {
        return failure.error;
    }
}

void removeProject(const fs::path& fresh) {
    sqlite::removeDatabase(fresh);
}

bool restoreWasBegun(const fs::path& project) {
    std::error_code error;
    return fs::exists(planOf(project), error);
}

void finishWhatWasBegun(const fs::path& project) {
    try {
        const fs::path fresh = freshOf(project);
        if (const Result<std::string> plan = readWhole(planOf(project)))
            endRestore(project, fresh, pathFromUtf8(*plan));
        if (fs::exists(project)) sqlite::removeDatabase(fresh);
        sqlite::removeDatabase(withSuffix(project, ".creating"));
        sqlite::removeDatabase(withSuffix(fresh, ".part"));
        const fs::path sidecar = sidecarFolderOf(project);
        for (const fs::path& part : filesOf(sidecar / "backups", ".part"))
            sqlite::removeDatabase(part);
        for (const fs::path& folder : {sidecar, sidecar / "models"})
            for (const fs::path& temporary : filesOf(folder, kTemporarySuffix))
                if (!isBeingWritten(temporary)) fs::remove(temporary);
    } catch (const std::exception&) {
        // The next start tries again; nothing here keeps anybody from working.
    }
}

}  // namespace querent::store
