#include "engine/learn/files/files.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <system_error>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace querent::learn::files {

namespace fs = std::filesystem;

namespace {

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

bool synced(std::FILE* file) {
    if (std::fflush(file) != 0) return false;
#if __has_include(<unistd.h>)
    return ::fsync(::fileno(file)) == 0;
#else
    return true;
#endif
}

bool written(const fs::path& path, std::string_view bytes) {
    const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.string().c_str(), "wb"));
    return file && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() && synced(file.get());
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

Result<void> replaceWhole(const fs::path& path, std::string_view bytes) {
    const fs::path temporary = path.string() + ".part";
    std::error_code problem;
    if (!written(temporary, bytes)) {
        fs::remove(temporary, problem);
        return fail(ErrorCode::Io, "The file cannot be written; is the disk full, or the folder missing?", path);
    }
    fs::rename(temporary, path, problem);
    if (problem) {
        fs::remove(temporary, problem);
        return fail(ErrorCode::Io, "The file cannot be put in its place.", path);
    }
    return {};
}

}  // namespace querent::learn::files
