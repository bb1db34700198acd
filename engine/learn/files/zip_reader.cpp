#include "engine/learn/files/zip_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

// APPNOTE.TXT of PKWARE, sections 4.3 and 4.5.3: the directory at the end says where the parts are.

namespace querent::learn::files {

namespace {

constexpr std::string_view kEnd("PK\x05\x06", 4);
constexpr std::string_view kEnd64("PK\x06\x06", 4);
constexpr std::string_view kEnd64Place("PK\x06\x07", 4);
constexpr std::string_view kEntry("PK\x01\x02", 4);
constexpr std::string_view kPart("PK\x03\x04", 4);
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kEnd64PlaceSize = 20;
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kPartSize = 30;
constexpr std::uint64_t kMostEntries = 1 << 20;  // a network has some hundred
constexpr std::size_t kLongestComment = 0xFFFF;
constexpr std::uint64_t kElsewhere32 = 0xFFFFFFFF;  // the true number is in a longer field
constexpr std::uint16_t kExtra64 = 1;

/** Little-endian. `at + sizeof(T)` is within. */
template <typename T>
T numberAt(std::string_view bytes, std::uint64_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return static_cast<T>(value);
}

bool holds(std::string_view bytes, std::uint64_t at, std::uint64_t size) {
    return at <= bytes.size() && size <= bytes.size() - at;
}

bool startsAt(std::string_view bytes, std::uint64_t at, std::string_view mark, std::size_t size) {
    return holds(bytes, at, size) && bytes.substr(at, mark.size()) == mark;
}

struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t at = 0;
};

std::optional<Directory> directoryOf(std::string_view bytes) {
    if (bytes.size() < kEndSize) return std::nullopt;
    const std::size_t last = bytes.size() - kEndSize;
    const std::size_t end = bytes.rfind(kEnd, last);
    if (end == std::string_view::npos || last - end > kLongestComment) return std::nullopt;
    const Directory usual{numberAt<std::uint16_t>(bytes, end + 10), numberAt<std::uint32_t>(bytes, end + 16)};
    if (usual.entries != 0xFFFF && usual.at != kElsewhere32) return usual;
    if (end < kEnd64PlaceSize || !startsAt(bytes, end - kEnd64PlaceSize, kEnd64Place, kEnd64PlaceSize))
        return std::nullopt;
    const auto end64 = numberAt<std::uint64_t>(bytes, end - kEnd64PlaceSize + 8);
    if (!startsAt(bytes, end64, kEnd64, kEnd64Size)) return std::nullopt;
    return Directory{numberAt<std::uint64_t>(bytes, end64 + 32), numberAt<std::uint64_t>(bytes, end64 + 48)};
}

/** One line of the directory. */
struct Entry {
    std::string_view name;
    std::uint16_t method = 0;  // 0: as it is
    std::uint32_t checksum = 0;
    std::uint64_t packed = 0, size = 0, at = 0;
    std::uint64_t next = 0;  // where the next line begins
};

/** Takes the numbers that did not fit into 32 bits; false when one is missing. */
bool widen(Entry& entry, std::string_view extra) {
    while (extra.size() >= 4) {
        const auto kind = numberAt<std::uint16_t>(extra, 0);
        const std::size_t length = numberAt<std::uint16_t>(extra, 2);
        if (length > extra.size() - 4) return false;
        std::string_view field = extra.substr(4, length);
        extra.remove_prefix(4 + length);
        if (kind != kExtra64) continue;
        for (std::uint64_t* number : {&entry.size, &entry.packed, &entry.at}) {
            if (*number != kElsewhere32) continue;
            if (field.size() < 8) return false;
            *number = numberAt<std::uint64_t>(field, 0);
            field.remove_prefix(8);
        }
    }
    return true;
}

std::optional<Entry> entryAt(std::string_view bytes, std::uint64_t at) {
    if (!startsAt(bytes, at, kEntry, kEntrySize)) return std::nullopt;
    Entry entry;
    entry.method = numberAt<std::uint16_t>(bytes, at + 10);
    entry.checksum = numberAt<std::uint32_t>(bytes, at + 16);
    entry.packed = numberAt<std::uint32_t>(bytes, at + 20);
    entry.size = numberAt<std::uint32_t>(bytes, at + 24);
    entry.at = numberAt<std::uint32_t>(bytes, at + 42);
    const std::size_t name = numberAt<std::uint16_t>(bytes, at + 28);
    const std::size_t extra = numberAt<std::uint16_t>(bytes, at + 30);
    const std::size_t comment = numberAt<std::uint16_t>(bytes, at + 32);
    if (!holds(bytes, at + kEntrySize, name + extra + comment)) return std::nullopt;
    entry.name = bytes.substr(at + kEntrySize, name);
    entry.next = at + kEntrySize + name + extra + comment;
    if (!widen(entry, bytes.substr(at + kEntrySize + name, extra))) return std::nullopt;
    return entry;
}

/** Where the bytes of a part are; empty when they are not within. */
std::optional<std::string_view> bytesOf(std::string_view bytes, const Entry& entry) {
    if (!startsAt(bytes, entry.at, kPart, kPartSize)) return std::nullopt;
    const std::uint64_t from = entry.at + kPartSize + numberAt<std::uint16_t>(bytes, entry.at + 26) +
                               numberAt<std::uint16_t>(bytes, entry.at + 28);
    if (entry.packed != entry.size || !holds(bytes, from, entry.size)) return std::nullopt;
    return bytes.substr(from, entry.size);
}

/** CRC-32 as zip has it. */
std::uint32_t checksumOf(std::string_view bytes) {
    static const std::array<std::uint32_t, 256> kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < table.size(); ++i) {
            table[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                table[i] = (table[i] & 1U) != 0 ? 0xEDB88320U ^ table[i] >> 1 : table[i] >> 1;
        }
        return table;
    }();
    std::uint32_t sum = ~0U;
    for (const char c : bytes)
        sum = kTable[(sum ^ static_cast<unsigned char>(c)) & 0xFFU] ^ sum >> 8;
    return ~sum;
}

}  // namespace

std::optional<ZipReader> ZipReader::open(std::string_view bytes) {
    const std::optional<Directory> directory = directoryOf(bytes);
    if (!directory || directory->entries > kMostEntries) return std::nullopt;
    ZipReader zip;
    std::uint64_t at = directory->at;
    for (std::uint64_t i = 0; i < directory->entries; ++i) {
        const std::optional<Entry> entry = entryAt(bytes, at);
        if (!entry) return std::nullopt;
        Part part{{}, entry->checksum};
        if (entry->method == 0) {
            part.bytes = bytesOf(bytes, *entry);
            if (!part.bytes) return std::nullopt;
        }
        zip.m_parts.emplace(entry->name, part);
        at = entry->next;
    }
    return zip;
}

std::optional<std::string_view> ZipReader::part(std::string_view name) const {
    const auto found = m_parts.find(name);
    if (found == m_parts.end() || !found->second.bytes) return std::nullopt;
    return checksumOf(*found->second.bytes) == found->second.checksum ? found->second.bytes : std::nullopt;
}

}  // namespace querent::learn::files
