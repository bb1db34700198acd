#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <filesystem>
#include <optional>

namespace querent::store {

/**
 * The right to write to a project: flock() on NAME.querent.d/lock, so that it ends with the process however that ends.
 * The file says who holds it. Held until the object dies.
 */
class ProjectLock {
 public:
    /** Locked, with a sentence that names the holder, when somebody else has it; ReadOnly when it cannot be made. */
    static Result<ProjectLock> acquire(const std::filesystem::path& project);
    /** Who has it now, in this process or another; nothing when it is free. */
    static std::optional<LockHolder> holder(const std::filesystem::path& project);

    ProjectLock(ProjectLock&& other) noexcept;
    ProjectLock& operator=(ProjectLock&& other) noexcept;
    ~ProjectLock();

 private:
    explicit ProjectLock(int descriptor) : m_descriptor(descriptor) {}
    void release();
    int m_descriptor = -1;
};

}  // namespace querent::store
