#include "engine/media/file_io.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

namespace querent::media {

namespace fs = std::filesystem;

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

}  // namespace querent::media
