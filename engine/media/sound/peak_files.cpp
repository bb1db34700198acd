// The cache file of a PeakPyramid: a header and the entries of the base level; the others follow from it.

#include "engine/core/files.h"
#include "engine/media/file_io.h"
#include "engine/media/hash.h"
#include "engine/media/sound/peaks.h"

#include <cstring>
#include <system_error>
#include <type_traits>
#include <xxhash.h>

namespace querent::media::sound {

namespace fs = std::filesystem;

namespace {

struct Header {
    char magic[8] = {'Q', 'P', 'E', 'A', 'K', 'S', '0', '2'};  // the last two: the version
    char key[16] = {};                                         // of the sound
    std::int64_t rate = 0;
    std::int64_t channels = 0;
    std::int64_t frames = 0;
    std::int64_t base = 0;
    std::uint64_t checksum = 0;  // XXH3-64 of the entries
};
static_assert(std::is_trivially_copyable_v<Header> && sizeof(Header) == 64);
static_assert(std::is_trivially_copyable_v<Peak> && sizeof(Peak) == 8);

Header headerFor(const fs::path& path, const std::string& hash, const SoundShape& shape, std::int64_t base) {
    Header header;
    const std::string key = textHash(hash.empty() ? fileStamp(path) : hash);
    std::memcpy(header.key, key.data(), sizeof header.key);
    header.rate = shape.rate;
    header.channels = shape.channels;
    header.frames = shape.frames;
    header.base = base;
    return header;
}

}  // namespace

Result<void> PeakPyramid::save(const fs::path& cacheFile, const std::string& hash) const {
    if (!complete()) return fail(ErrorCode::InvalidArgument, "The waveform has not been read to its end.", m_path);
    const std::vector<Peak>& entries = m_levels.front().entries;
    const std::size_t size = entries.size() * sizeof(Peak);
    Header header = headerFor(m_path, hash, m_shape, m_base);
    header.checksum = XXH3_64bits(entries.data(), size);
    std::vector<std::uint8_t> bytes(sizeof header + size);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, entries.data(), size);
    std::error_code problem;
    fs::create_directories(cacheFile.parent_path(), problem);
    return replaceWhole(cacheFile, bytes, Durability::Cache);
}

Result<void> PeakPyramid::load(const fs::path& cacheFile, const std::string& hash) {
    std::vector<Peak>& entries = m_levels.front().entries;
    const std::size_t size = entries.size() * sizeof(Peak);
    const Error missing = fail(ErrorCode::NotFound, "There is no stored waveform that fits.", cacheFile);
    std::error_code problem;
    // Nothing that a reader may be looking at is written again.
    if (knownFrames() > 0 || fs::file_size(cacheFile, problem) != sizeof(Header) + size) return missing;
    const Result<std::vector<std::uint8_t>> bytes = readFile(cacheFile);
    if (!bytes || bytes->size() != sizeof(Header) + size) return missing;
    Header header = headerFor(m_path, hash, m_shape, m_base);
    header.checksum = XXH3_64bits(bytes->data() + sizeof header, size);
    if (std::memcmp(bytes->data(), &header, sizeof header) != 0) return missing;
    std::memcpy(entries.data(), bytes->data() + sizeof header, size);
    raise(0, m_shape.frames);
    for (std::size_t block = 0; block < m_blockKnown.size(); ++block)
        makeKnown(block);
    return {};
}

Result<void> PeakPyramid::loadOrBuild(const fs::path& cacheFile, const std::string& hash, const Job& job,
                                      const KnownListener& listener) {
    if (load(cacheFile, hash)) return {};
    if (Result<void> built = build(job, listener); !built) return built;
    (void)save(cacheFile, hash).ok();
    return {};
}

}  // namespace querent::media::sound
