#include "engine/media/hash.h"

#include "engine/core/paths.h"
#include "engine/media/file_io.h"

#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>
#include <xxhash.h>

namespace querent::media {

namespace fs = std::filesystem;

namespace {

std::string hexadecimal(XXH64_hash_t value) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value));
    return digits;
}

}  // namespace

Result<std::string> contentHash(const fs::path& path, const Job& job) {
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    const Result<InputFile> file = InputFile::open(path);
    if (!file) return file.error();
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(), XXH3_freeState);
    if (!state) return fail(ErrorCode::OutOfMemory, "There is no memory left to hash the file.", path);
    XXH3_64bits_reset(state.get());

    std::vector<std::uint8_t> piece(kPiece);
    std::uint64_t done = 0;
    while (done < file->size()) {
        if (job.cancelled()) return Job::stopped();
        const std::size_t got = file->readAt(done, piece);
        if (got == 0) return fail(ErrorCode::Io, "The file could not be read to its end.", path);
        XXH3_64bits_update(state.get(), piece.data(), got);
        done += got;
    }
    return hexadecimal(XXH3_64bits_digest(state.get()));
}

std::string textHash(std::string_view text) {
    return hexadecimal(XXH3_64bits(text.data(), text.size()));
}

std::string fileStamp(const fs::path& path) {
    std::error_code problem;
    const auto time = fs::last_write_time(path, problem).time_since_epoch().count();
    const auto size = fs::file_size(path, problem);
    const fs::path whole = fs::absolute(path, problem);
    return textHash(utf8(whole) + '\n' + std::to_string(time) + '\n' + std::to_string(size));
}

}  // namespace querent::media
