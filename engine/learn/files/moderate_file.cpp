#include "engine/learn/files/moderate_file.h"

#include "engine/core/files.h"

#include <cstdint>
#include <system_error>

namespace querent::learn::files {

namespace {

constexpr std::uintmax_t kMostBytes = std::uintmax_t{4} << 30;

}  // namespace

Result<std::string> readModerate(const std::filesystem::path& path) {
    std::error_code problem;
    const std::uintmax_t size = std::filesystem::file_size(path, problem);
    if (!problem && size > kMostBytes) return fail(ErrorCode::Unsupported, "The file is larger than 4 GiB.", path);
    return readWhole(path);
}

}  // namespace querent::learn::files
