#include "engine/media/sound/ogg_pages.h"

#include "engine/media/file_io.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace querent::media::sound {

namespace {

// A page: "OggS", version, flags, position, serial, number, checksum, count of segments, their sizes, their bytes.
constexpr std::size_t kFlagsAt = 5;
constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kSegmentsAt = 26;
constexpr std::size_t kHeaderBytes = 27;
constexpr unsigned kEndOfStream = 4;
/** Twice the longest page: the last page is in there whole, with some room for what stands behind it. */
constexpr std::uint64_t kFirstLook = std::uint64_t{128} << 10;
/** No tag behind a sound is larger than this. */
constexpr std::uint64_t kLastLook = std::uint64_t{32} << 20;

/** The table of CRC-32 with the polynomial 0x04C11DB7, highest bit first. */
constexpr std::array<std::uint32_t, 256> checksumTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t rest = i << 24;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest << 1) ^ ((rest & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
        table[i] = rest;
    }
    return table;
}

std::uint8_t byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

/** Over a whole page, its own checksum taken as zero. */
std::uint32_t checksumOf(std::string_view page) {
    static constexpr std::array<std::uint32_t, 256> kTable = checksumTable();
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < page.size(); ++i) {
        const bool own = i >= kChecksumAt && i < kChecksumAt + 4;
        sum = (sum << 8) ^ kTable[(sum >> 24) ^ (own ? 0U : byteAt(page, i))];
    }
    return sum;
}

std::uint32_t writtenChecksum(std::string_view page) {
    std::uint32_t sum = 0;
    for (std::size_t i = 4; i-- > 0;)
        sum = (sum << 8) | byteAt(page, kChecksumAt + i);
    return sum;
}

/** The page that begins where `bytes` do; nothing where none is whole and undamaged. */
std::optional<std::string_view> pageAt(std::string_view bytes) {
    if (bytes.size() < kHeaderBytes) return std::nullopt;
    const std::size_t segments = byteAt(bytes, kSegmentsAt);
    if (bytes.size() < kHeaderBytes + segments) return std::nullopt;
    std::size_t length = kHeaderBytes + segments;
    for (std::size_t i = 0; i < segments; ++i)
        length += byteAt(bytes, kHeaderBytes + i);
    if (bytes.size() < length) return std::nullopt;
    const std::string_view page = bytes.substr(0, length);
    if (checksumOf(page) != writtenChecksum(page)) return std::nullopt;
    return page;
}

std::optional<std::string_view> lastPage(std::string_view bytes) {
    for (std::size_t at = bytes.rfind("OggS"); at != std::string_view::npos; at = bytes.rfind("OggS", at - 1)) {
        if (const auto page = pageAt(bytes.substr(at))) return page;
        if (at == 0) break;
    }
    return std::nullopt;
}

}  // namespace

bool endsWithLastPage(const std::filesystem::path& path) {
    Result<std::ifstream> file = openFile(path);
    std::error_code unreadable;
    const std::uint64_t size = std::filesystem::file_size(path, unreadable);
    if (!file || unreadable) return false;
    for (std::uint64_t look = kFirstLook; look <= kLastLook; look *= 4) {
        std::string tail(std::min(look, size), '\0');
        file->seekg(static_cast<std::streamoff>(size - tail.size()));
        if (!file->read(tail.data(), static_cast<std::streamsize>(tail.size()))) return false;
        if (const auto page = lastPage(tail)) return (byteAt(*page, kFlagsAt) & kEndOfStream) != 0;
        if (tail.size() == size) break;
    }
    return false;
}

}  // namespace querent::media::sound
