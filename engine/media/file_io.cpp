#include "engine/media/file_io.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <unistd.h>

namespace querent::media {

namespace fs = std::filesystem;

namespace {

Error cannotWrite(const fs::path& path, int reason) {
    if (reason == ENOSPC || reason == EDQUOT) {
        return fail(ErrorCode::DiskFull, "The disk is full; the file was not written.", path);
    }
    if (reason == EROFS || reason == EACCES || reason == EPERM) {
        return fail(ErrorCode::ReadOnly, "The file cannot be written: permission is missing.", path);
    }
    return fail(ErrorCode::Io, "The file cannot be written: " + std::system_category().message(reason) + ".", path);
}

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
int writeAll(const fs::path& path, std::span<const std::uint8_t> bytes, bool sync) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return errno;
    int reason = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) reason = errno;
    if (reason == 0 && std::fflush(file) != 0) reason = errno;
    if (reason == 0 && sync && ::fsync(::fileno(file)) != 0) reason = errno;
    if (std::fclose(file) != 0 && reason == 0) reason = errno;
    return reason;
}

}  // namespace

Result<std::ifstream> openFile(const fs::path& path) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (status.type() == fs::file_type::not_found) return fail(ErrorCode::NotFound, "The file does not exist.", path);
    if (problem) return fail(ErrorCode::Io, "The file cannot be read: " + problem.message() + ".", path);
    if (fs::is_directory(status)) return fail(ErrorCode::Malformed, "This is a folder, not a file.", path);
    if (!fs::is_regular_file(status)) return fail(ErrorCode::Unsupported, "This is not a regular file.", path);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(ErrorCode::Io, std::string("The file cannot be opened: ") + std::strerror(errno) + ".", path);
    return file;
}

Result<std::vector<std::uint8_t>> readFile(const fs::path& path) {
    Result<std::ifstream> file = openFile(path);
    if (!file) return file.error();
    std::error_code problem;
    const std::uintmax_t size = fs::file_size(path, problem);
    if (problem) return fail(ErrorCode::Io, "The file cannot be read: " + problem.message() + ".", path);
    try {
        std::vector<std::uint8_t> bytes(size);
        file->read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
        bytes.resize(static_cast<std::size_t>(file->gcount()));
        if (bytes.size() != size) return fail(ErrorCode::Io, "The file could not be read to its end.", path);
        return bytes;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "The file does not fit into memory.", path);
    }
}

Result<void> writeFile(const fs::path& path, std::span<const std::uint8_t> bytes, Durability durability) {
    const fs::path temporary = temporaryName(path);
    int reason = writeAll(temporary, bytes, durability == Durability::Synced);
    if (reason == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
    if (reason == 0) return {};
    std::error_code ignored;  // the reason above is the one to report
    fs::remove(temporary, ignored);
    return cannotWrite(path, reason);
}

}  // namespace querent::media
