#include "engine/media/file_io.h"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace querent::media {

namespace fs = std::filesystem;

namespace {

Error cannotOpen(const fs::path& path, int reason) {
    if (reason == ENOENT || reason == ENOTDIR) return fail(ErrorCode::NotFound, "The file does not exist.", path);
    // Without a reader at the other end a socket, or a pipe of another kind, says this.
    if (reason == ENXIO) return fail(ErrorCode::Unsupported, "This is not a regular file.", path);
    return fail(ErrorCode::Io, "The file cannot be opened: " + std::system_category().message(reason) + ".", path);
}

std::string stampOf(const struct stat& about) {
    std::string stamp;
    for (const std::int64_t part :
         {static_cast<std::int64_t>(about.st_dev), static_cast<std::int64_t>(about.st_ino),
          static_cast<std::int64_t>(about.st_size), static_cast<std::int64_t>(about.st_mtim.tv_sec),
          static_cast<std::int64_t>(about.st_mtim.tv_nsec)})
        stamp.append(std::to_string(part)).append(1, ':');
    return stamp;
}

}  // namespace

Result<InputFile> InputFile::open(const fs::path& path) {
    InputFile file;
    // Without O_NONBLOCK a pipe would keep us until somebody writes to it.
    file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file.m_descriptor < 0) return cannotOpen(path, errno);
    struct stat about {};
    if (::fstat(file.m_descriptor, &about) != 0) return cannotOpen(path, errno);
    if (S_ISDIR(about.st_mode)) return fail(ErrorCode::Malformed, "This is a folder, not a file.", path);
    if (!S_ISREG(about.st_mode)) return fail(ErrorCode::Unsupported, "This is not a regular file.", path);
    file.m_size = static_cast<std::uint64_t>(about.st_size);
    file.m_stamp = stampOf(about);
    return file;
}

InputFile::~InputFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

InputFile::InputFile(InputFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size), m_stamp(std::move(other.m_stamp)) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    std::swap(m_stamp, other.m_stamp);
    return *this;
}

std::size_t InputFile::readAt(std::uint64_t offset, std::span<std::uint8_t> to) const {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t got =
            ::pread(m_descriptor, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<std::vector<std::uint8_t>> readFile(const fs::path& path) {
    const Result<InputFile> file = InputFile::open(path);
    if (!file) return file.error();
    return readFile(*file, path);
}

Result<std::vector<std::uint8_t>> readFile(const InputFile& file, const fs::path& path) {
    constexpr std::uint64_t kMostBytes = (std::uint64_t{1} << 31) - 1;
    if (file.size() > kMostBytes) {
        return fail(ErrorCode::Unsupported, "The file has more than 2 GiB, which is too large to be read at once.",
                    path);
    }
    try {
        std::vector<std::uint8_t> bytes(file.size());
        if (file.readAt(0, bytes) != bytes.size())
            return fail(ErrorCode::Io, "The file could not be read to its end.", path);
        return bytes;
    } catch (const std::exception&) {  // std::bad_alloc, or a length that no vector can have
        return fail(ErrorCode::OutOfMemory, "The file does not fit into memory.", path);
    }
}

}  // namespace querent::media
