#include "engine/core/files.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace querent {

namespace fs = std::filesystem;

namespace {

/** Differs between threads (counter) and processes (id) that write the same file at once. */
fs::path temporaryName(const fs::path& path) {
    static std::atomic<unsigned> counter{0};
    fs::path name = path;
    std::string ending(1, '.');
    ending.append(std::to_string(::getpid())).append(1, '-').append(std::to_string(++counter));
    name += ending.append(kTemporarySuffix);
    return name;
}

/** 0, or the errno of the first step that failed. */
int writeAll(const fs::path& path, std::string_view bytes, Durability durability) {
    std::FILE* file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) return errno;
    int reason = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) reason = errno;
    if (reason == 0 && std::fflush(file) != 0) reason = errno;
    if (reason == 0 && durability == Durability::Synced && ::fsync(::fileno(file)) != 0) reason = errno;
    if (std::fclose(file) != 0 && reason == 0) reason = errno;
    return reason;
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
    const fs::path temporary = temporaryName(path);
    int reason = writeAll(temporary, bytes, durability);
    if (reason == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
    if (reason != 0) {
        std::error_code ignored;  // the reason above is the one to report
        fs::remove(temporary, ignored);
        return cannotWrite(path, reason);
    }
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
