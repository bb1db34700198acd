#include "engine/core/files.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace querent {

namespace fs = std::filesystem;

namespace {

/** A file beside another one that is to take its name. */
struct Temporary {
    fs::path name;
    int file = -1;
    int reason = 0;  // errno, where there is none
};

/** True when nobody else writes to what stands under this name; until the descriptor is closed nobody else will. */
bool isOurs(int file, const fs::path& name) {
    // File systems without such locks leave it to chance.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat opened {};
    struct stat named {};
    return ::fstat(file, &opened) == 0 && ::lstat(name.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino && S_ISREG(named.st_mode) && named.st_nlink == 1;
}

/** The first name that nobody writes to: what a program that was killed has left does not lie about for ever. */
Temporary openTemporary(const fs::path& path) {
    constexpr int kMost = 1000;
    Temporary made;
    for (int number = 1; number <= kMost; ++number) {
        made.name = path;
        made.name += std::string(1, '.').append(std::to_string(number)).append(kTemporarySuffix);
        made.file = ::open(made.name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        made.reason = errno;
        struct stat status {};
        if (made.file < 0 && ::lstat(made.name.c_str(), &status) == 0) continue;  // something else, or somebody else's
        if (made.file < 0) return made;
        if (isOurs(made.file, made.name)) {
            made.reason = ::ftruncate(made.file, 0) == 0 ? 0 : errno;
            return made;
        }
        ::close(made.file);
    }
    made.file = -1;
    made.reason = EBUSY;
    return made;
}

/** 0, or the errno of the first step that failed. */
int writeAll(int file, std::string_view bytes, Durability durability) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return written < 0 ? errno : EIO;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return durability == Durability::Synced && ::fsync(file) != 0 ? errno : 0;
}

}  // namespace

Result<std::string> readWhole(const fs::path& path) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) return fail(ErrorCode::NotFound, "There is no such file.", path);
    std::ifstream in(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(fs::file_size(path, problem)), '\0');
    if (problem || !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
        return fail(ErrorCode::Io, "The file cannot be read.", path);
    }
    return bytes;
}

Result<void> replaceWhole(const fs::path& path, std::string_view bytes, Durability durability) {
    const Temporary temporary = openTemporary(path);
    int reason = temporary.reason;
    if (reason == 0) reason = writeAll(temporary.file, bytes, durability);
    if (reason == 0 && std::rename(temporary.name.c_str(), path.c_str()) != 0) reason = errno;
    if (temporary.file >= 0) {
        std::error_code ignored;  // the reason above is the one to report
        if (reason != 0) fs::remove(temporary.name, ignored);
        if (::close(temporary.file) != 0 && reason == 0 && durability == Durability::Cache) reason = errno;
    }
    if (reason != 0) return cannotWrite(path, reason);
    if (durability == Durability::Cache) return {};
    return syncToDisk(path.parent_path().empty() ? fs::path(".") : path.parent_path());
}

Result<void> replaceWhole(const fs::path& path, std::span<const std::uint8_t> bytes, Durability durability) {
    return replaceWhole(path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), durability);
}

Result<void> syncToDisk(const fs::path& path) {
    std::error_code ignored;
    const bool folder = fs::is_directory(path, ignored);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (synced || (folder && (reason == EINVAL || reason == EACCES))) return {};
    return cannotWrite(path, reason);
}

Error cannotWrite(const fs::path& path, int reason) {
    if (reason == ENOSPC || reason == EDQUOT) {
        return fail(ErrorCode::DiskFull, "The disk is full; the file was not written.", path);
    }
    if (reason == EROFS || reason == EACCES || reason == EPERM) {
        return fail(ErrorCode::ReadOnly, "The file cannot be written: permission is missing.", path);
    }
    const int known = reason == 0 ? EIO : reason;
    return fail(ErrorCode::Io, "The file cannot be written: " + std::system_category().message(known) + ".", path);
}

}  // namespace querent
