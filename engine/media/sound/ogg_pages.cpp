#include "engine/media/sound/ogg_pages.h"

#include "engine/media/byte_window.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace querent::media::sound {

namespace {

// A page: "OggS", version, flags, position, serial, number, checksum, count of segments, their sizes, their bytes.
constexpr std::size_t kFlagsAt = 5;
constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kSegmentsAt = 26;
constexpr std::size_t kHeaderBytes = 27;
constexpr unsigned kFirstPage = 2;
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

/** Where "OggS" stands next behind `at`; the end of the file where it does not. */
std::uint64_t nextPage(const InputFile& file, std::uint64_t at) {
    constexpr std::size_t kPiece = std::size_t{64} << 10;
    std::vector<std::uint8_t> piece(kPiece);
    for (++at; at < file.size(); at += kPiece - 3) {
        const std::size_t got = file.readAt(at, piece);
        const std::size_t found = std::string_view(reinterpret_cast<const char*>(piece.data()), got).find("OggS");
        if (found != std::string_view::npos) return at + found;
    }
    return file.size();
}

}  // namespace

bool endsWithLastPage(const InputFile& file) {
    const std::uint64_t size = file.size();
    for (std::uint64_t look = kFirstLook; look <= kLastLook; look *= 4) {
        std::vector<std::uint8_t> tail(std::min(look, size));
        if (file.readAt(size - tail.size(), tail) != tail.size()) return false;
        const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
        if (const auto page = lastPage(text)) return (byteAt(*page, kFlagsAt) & kEndOfStream) != 0;
        if (tail.size() == size) break;
    }
    return false;
}

std::vector<std::uint64_t> oggStreams(const std::shared_ptr<const InputFile>& file) {
    std::vector<std::uint64_t> streams{0};
    ByteWindow bytes(file);
    bool inFront = true;  // several streams that run side by side have all their first pages in front
    for (std::uint64_t at = 0; bytes.has(at, kHeaderBytes);) {
        if (!bytes.matches(at, "OggS")) {
            at = nextPage(*file, at);
            continue;
        }
        const bool first = (bytes.u8(at + kFlagsAt) & kFirstPage) != 0;
        if (first && !inFront) streams.push_back(at);
        inFront = first;
        const std::uint64_t segments = bytes.u8(at + kSegmentsAt);
        std::uint64_t length = kHeaderBytes + segments;
        for (std::uint64_t i = 0; i < segments && !bytes.failed(); ++i)
            length += bytes.u8(at + kHeaderBytes + i);
        at += length;
    }
    return streams;
}

}  // namespace querent::media::sound
