#include "engine/store/project_lock.h"

#include "engine/core/utc.h"
#include "engine/store/backups.h"
#include "engine/store/sqlite/open_file.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace querent::store {
namespace {

namespace fs = std::filesystem;

fs::path lockFileOf(const fs::path& project) {
    return sidecarFolderOf(project) / "lock";
}

// A descriptor that closes itself.
class Descriptor {
 public:
    explicit Descriptor(int value) : m_value(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_value >= 0) ::close(m_value);
    }
    int get() const { return m_value; }
    int release() { return std::exchange(m_value, -1); }

 private:
    int m_value;
};

LockHolder self() {
    LockHolder holder;
    holder.pid = ::getpid();
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0) holder.host = host.data();
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        holder.user = found->pw_name;
    holder.sinceUtc = utcNow();
    return holder;
}

void writeHolder(int descriptor, const LockHolder& holder) {
    const nlohmann::json j = {
        {"pid", holder.pid}, {"host", holder.host}, {"user", holder.user}, {"since", holder.sinceUtc}};
    const std::string text = j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    // The lock is the flock(); the text only tells people. A full disk must not keep them out.
    if (::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

LockHolder readHolder(int descriptor) {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    LockHolder holder;
    const nlohmann::json j = nlohmann::json::parse(buffer.begin(), buffer.begin() + std::max<ssize_t>(size, 0), nullptr,
                                                   /*allow_exceptions=*/false);
    if (!j.is_object()) return holder;
    try {
        holder.pid = j.value("pid", std::int64_t{0});
        holder.host = j.value("host", std::string());
        holder.user = j.value("user", std::string());
        holder.sinceUtc = j.value("since", std::string());
    } catch (const nlohmann::json::exception&) {
        // Not written by us: what could be read is all there is to tell.
    }
    return holder;
}

// Tries for a moment: holder() takes the lock to see whether it is free, and that must not make us give up.
template <typename Try>
bool patiently(Try&& lock) {
    constexpr int kAttempts = 10;
    constexpr auto kPause = std::chrono::milliseconds(20);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (lock()) return true;
        if (errno != EWOULDBLOCK && errno != EACCES && errno != EINTR) return false;
        std::this_thread::sleep_for(kPause);
    }
    return false;
}

bool lockByName(int descriptor) {
    return patiently([&] { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; });
}

// One byte far behind those that SQLite locks.
struct flock ourByte(short kind) {
    struct flock byte {};
    byte.l_type = kind;
    byte.l_whence = SEEK_SET;
    byte.l_start = std::int64_t{1} << 62;
    byte.l_len = 1;
    return byte;
}

// By a lock that belongs to the descriptor: one of the process would end with any descriptor of the file.
bool lockByFile(int descriptor) {
    struct flock byte = ourByte(F_WRLCK);
    return patiently([&] { return ::fcntl(descriptor, F_OFD_SETLK, &byte) == 0; });
}

Error lockedBy(const LockHolder& holder, const fs::path& project) {
    if (holder.pid == 0) return fail(ErrorCode::Locked, "Another program has the project open.", project);
    const std::string user = holder.user.empty() ? std::string("Somebody") : holder.user;
    return fail(ErrorCode::Locked,
                user + " has the project open on " + holder.host + " since " + holder.sinceUtc + " (process " +
                    std::to_string(holder.pid) + ").",
                project);
}

Error cannotLock(int error, const fs::path& lockFile) {
    const bool forbidden = error == EACCES || error == EROFS || error == EPERM;
    const bool full = error == ENOSPC || error == EDQUOT;
    const ErrorCode code = forbidden ? ErrorCode::ReadOnly : full ? ErrorCode::DiskFull : ErrorCode::Io;
    return fail(code, std::string("The project cannot be locked for writing: ") + std::strerror(error) + ".", lockFile);
}

Error lockedElsewhere(const fs::path& project) {
    return fail(ErrorCode::Locked,
                "Another program has this project open under another name; close it there, or open it under that name.",
                project);
}

// -1 where there is no project yet, or where it is nothing that can be locked: opening it says so.
Result<int> lockFile(const fs::path& project) {
    struct stat status {};
    if (::stat(project.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return -1;
    const int descriptor = ::open(project.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return cannotLock(errno, project);
    errno = 0;
    if (lockByFile(descriptor)) return descriptor;
    const int reason = errno;
    sqlite::OpenFile::closeWhenSafe(descriptor);
    // Some file systems know no such locks; there the name alone is guarded.
    if (reason == EINVAL || reason == ENOSYS || reason == ENOLCK || reason == EOPNOTSUPP) return -1;
    return lockedElsewhere(project);
}

}  // namespace

Result<ProjectLock> ProjectLock::acquire(const fs::path& project) {
    const fs::path lockFilePath = lockFileOf(project);
    std::error_code error;
    fs::create_directories(lockFilePath.parent_path(), error);
    if (error) return cannotLock(error.value(), lockFilePath);
    Descriptor file(::open(lockFilePath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (file.get() < 0) return cannotLock(errno, lockFilePath);
    errno = 0;
    if (!lockByName(file.get())) {
        if (errno != EWOULDBLOCK) return cannotLock(errno, lockFilePath);
        return lockedBy(readHolder(file.get()), project);
    }
    const Result<int> byFile = lockFile(project);
    if (!byFile) return byFile.error();
    writeHolder(file.get(), self());
    return ProjectLock(file.release(), *byFile);
}

std::optional<LockHolder> ProjectLock::holder(const fs::path& project) {
    const Descriptor file(::open(lockFileOf(project).c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return std::nullopt;
    if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
    return readHolder(file.get());
}

ProjectLock::ProjectLock(ProjectLock&& other) noexcept
    : m_byName(std::exchange(other.m_byName, -1)), m_byFile(std::exchange(other.m_byFile, -1)) {}

ProjectLock& ProjectLock::operator=(ProjectLock&& other) noexcept {
    if (this != &other) {
        release();
        m_byName = std::exchange(other.m_byName, -1);
        m_byFile = std::exchange(other.m_byFile, -1);
    }
    return *this;
}

ProjectLock::~ProjectLock() {
    release();
}

void ProjectLock::release() {
    if (m_byFile >= 0) {
        struct flock byte = ourByte(F_UNLCK);
        ::fcntl(m_byFile, F_OFD_SETLK, &byte);  // it may stay open for a while
        sqlite::OpenFile::closeWhenSafe(m_byFile);
    }
    if (m_byName >= 0) ::close(m_byName);
    m_byFile = m_byName = -1;
}

}  // namespace querent::store
