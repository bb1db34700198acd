#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/session/project/project.h"
#include "engine/session/project/project_internal.h"
#include "engine/store/backups.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace querent::session::project {
namespace {

namespace fs = std::filesystem;

// What belongs to the old place, or can be made again.
bool staysBehind(const fs::path& name) {
    constexpr std::array<std::string_view, 5> kNames = {"lock", "restoring", "backups", "thumbnails", "cache"};
    const std::string text = utf8(name);
    return std::find(kNames.begin(), kNames.end(), text) != kNames.end() || text.starts_with("log-of-");
}

// Links are left out: a project may be a stranger's, and they lead anywhere.
void copyFolder(const fs::path& from, const fs::path& to) {
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from)) {
        const fs::path target = to / entry.path().filename();
        const fs::file_status status = entry.symlink_status();
        if (fs::is_directory(status)) copyFolder(entry.path(), target);
        if (fs::is_regular_file(status)) fs::copy_file(entry.path(), target, fs::copy_options::overwrite_existing);
    }
}

Result<void> copySidecar(const fs::path& from, const fs::path& to) {
    std::error_code none;
    if (!fs::is_directory(from, none)) return {};
    try {
        for (const auto& entry : fs::directory_iterator(from)) {
            const fs::path name = entry.path().filename();
            if (staysBehind(name)) continue;
            const fs::file_status status = entry.symlink_status();
            if (fs::is_directory(status)) copyFolder(entry.path(), to / name);
            if (fs::is_regular_file(status)) fs::copy_file(entry.path(), to / name);
        }
    } catch (const fs::filesystem_error& error) {
        return cannotWrite(to, error.code().value());
    }
    return {};
}

// Relative folders begin at the project, and that is elsewhere now.
Result<void> keepSources(store::ProjectFile& copy, const std::vector<std::pair<SourceId, fs::path>>& folders) {
    for (const auto& [id, folder] : folders)
        if (const auto set = copy.sources().setFolder(id, folder); !set) return set;
    return {};
}

bool isStored(store::ProjectFile& file, const Edit& edit) {
    const auto history = valueOr(file.events().history(edit.item));
    return std::any_of(history.rbegin(), history.rend(), [&](const EventRecord& event) {
        return event.edit.changes == edit.changes && event.edit.markBefore == edit.markBefore &&
               event.edit.markAfter == edit.markAfter;
    });
}

// An edit whose answer was lost may be there already.
Result<std::int64_t> applyAll(store::ProjectFile& copy, std::span<const Edit> edits) {
    std::int64_t lost = 0;
    for (const Edit& edit : edits) {
        const auto applied = copy.annotations().apply(edit);
        if (applied) continue;
        const ErrorCode code = applied.error().code;
        if (code != ErrorCode::InvalidArgument && code != ErrorCode::NotFound) return applied.error();
        lost += isStored(copy, edit) ? 0 : 1;
    }
    return lost;
}

}  // namespace

Result<std::int64_t> Project::saveAs(const fs::path& file, std::span<const Edit> unsaved) {
    const fs::path target = store::realPathOf(fs::absolute(file));
    std::error_code none;
    if (target == m_state->file)
        return fail(ErrorCode::InvalidArgument, "That is this project's own place; choose another one.", target);
    if (fs::exists(target, none))
        return fail(ErrorCode::InvalidArgument, "There is a file of that name already; choose another name.", target);
    if (!fs::is_directory(target.parent_path(), none))
        return fail(ErrorCode::InvalidArgument, "There is no such folder.", target.parent_path());
    const fs::path sidecar = store::sidecarFolderOf(target);
    const bool hadSidecar = fs::exists(sidecar, none);
    const auto lock = store::ProjectLock::acquire(target);
    if (!lock) return lock.error();
    fs::path fresh = target;
    fresh += ".saving";

    const auto copyAll = [&]() -> Result<std::int64_t> {
        std::vector<std::pair<SourceId, fs::path>> folders;
        const auto copyFile = [&](store::ProjectFile& from) -> Result<void> {
            const auto sources = from.sources().list();
            if (!sources) return sources.error();
            for (const Source& source : *sources)
                folders.emplace_back(source.id, from.sources().resolve(source));
            return from.backupTo(fresh);
        };
        Result<void> copied;
        if (m_state->writer)
            copied = m_state->writer->run(copyFile);
        else
            read([&](store::ProjectFile& from) { copied = copyFile(from); });
        if (!copied) return copied.error();
        std::int64_t lost = 0;
        {
            Result<store::ProjectFile> copy = store::ProjectFile::open(fresh, store::Access::Repair);
            if (!copy) return copy.error();
            if (const auto kept = keepSources(*copy, folders); !kept) return kept.error();
            const auto applied = applyAll(*copy, unsaved);
            if (!applied) return applied.error();
            lost = *applied;
        }
        if (const auto kept = copySidecar(m_state->sidecar, sidecar); !kept) return kept.error();
        if (const auto named = store::giveName(fresh, target); !named) return named.error();
        return lost;
    };
    Result<std::int64_t> saved = copyAll();
    if (!saved) {
        store::removeProject(fresh);
        if (!hadSidecar) fs::remove_all(sidecar, none);
    }
    return saved;
}

}  // namespace querent::session::project
