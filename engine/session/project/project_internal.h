#pragma once

#include "engine/media/thumbnails.h"
#include "engine/session/project/project.h"
#include "engine/session/project/write_queue.h"
#include "engine/store/project_file.h"
#include "engine/store/project_lock.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::project {

/** What an open project holds. The queue dies first and writes what it still has; the lock goes last. */
struct Project::State {
    std::filesystem::path file;
    std::filesystem::path sidecar;
    std::optional<LockHolder> holder;
    mutable std::mutex problemsMutex;  // the quick check of a large file comes to its end on the writer's thread
    std::vector<std::string> openingProblems;
    std::optional<store::ProjectLock> lock;
    mutable std::mutex readMutex;
    std::unique_ptr<store::ProjectFile> reader;
    std::unique_ptr<media::ThumbnailCache> thumbnails;
    std::atomic<std::int64_t> lastAnnotation{0};
    std::unique_ptr<WriteQueue> writer;  // none in a read-only project
    std::atomic<bool> leaving = false;   // the writer has been told that the name is another file's
    mutable std::mutex backupMutex;
    std::future<std::string> backup;  // what kept the automatic backup from being made; waited for at the end
    std::string backupProblem;        // the same, once it is known
};

/** The value, or an empty one: for lists in which a damaged row is best shown as nothing. */
template <typename T>
T valueOr(Result<T> result, T fallback = {}) {
    return result ? std::move(result).value() : std::move(fallback);
}

}  // namespace querent::session::project
