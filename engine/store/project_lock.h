#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <filesystem>
#include <optional>

namespace querent::store {

/**
 * The right to write to a project: flock() on NAME.querent.d/lock, whose text says who holds it, and a lock on the
 * project file itself, which is the same under every name that leads to it. Both end with the process however that
 * ends. Held until the object dies; the connections to the file close first.
 */
class ProjectLock {
 public:
    /**
     * Locked, with a sentence that names the holder where it can be known, when somebody else has it; ReadOnly or
     * DiskFull when it cannot be made.
     */
    static Result<ProjectLock> acquire(const std::filesystem::path& project);
    /** Who has it now under this name, in this process or another; nothing when it is free. */
    static std::optional<LockHolder> holder(const std::filesystem::path& project);

    ProjectLock(ProjectLock&& other) noexcept;
    ProjectLock& operator=(ProjectLock&& other) noexcept;
    ~ProjectLock();

 private:
    ProjectLock(int byName, int byFile) : m_byName(byName), m_byFile(byFile) {}
    void release();
    int m_byName = -1;
    int m_byFile = -1;  // none where there is no project file yet
};

}  // namespace querent::store
