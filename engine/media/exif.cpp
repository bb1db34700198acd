#include "engine/media/exif.h"

#include <algorithm>

namespace querent::media {

namespace {

// No sane directory is longer; a damaged count must not cost seconds.
constexpr std::uint64_t kMaxEntries = 4096;

std::uint64_t valueBytes(std::uint16_t type) {
    switch (type) {
        case 1:  // BYTE
        case 2:  // ASCII
        case 6:  // SBYTE
        case 7:  // UNDEFINED
            return 1;
        case 3:  // SHORT
        case 8:  // SSHORT
            return 2;
        case 4:   // LONG
        case 9:   // SLONG
        case 11:  // FLOAT
        case 13:  // IFD
            return 4;
        default:  // RATIONAL, DOUBLE, LONG8, IFD8
            return 8;
    }
}

}  // namespace

const TiffEntry* TiffDirectory::find(std::uint16_t tag) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const TiffEntry& e) { return e.tag == tag; });
    return found == entries.end() ? nullptr : &*found;
}

std::optional<TiffDirectory> readTiffDirectory(ByteWindow& bytes, std::uint64_t base) {
    TiffDirectory directory;
    if (bytes.matches(base, "MM")) {
        directory.endian = Endian::Big;
    } else if (!bytes.matches(base, "II")) {
        return std::nullopt;
    }
    const Endian endian = directory.endian;
    if (!bytes.has(base, 8)) return std::nullopt;
    const int version = bytes.u16(base + 2, endian);
    const bool big = version == 43;
    if (version != 42 && !big) return std::nullopt;

    if (!bytes.has(base, big ? 16 : 8)) return std::nullopt;
    const std::uint64_t at = base + (big ? bytes.u64(base + 8, endian) : bytes.u32(base + 4, endian));
    if (!bytes.has(at, big ? 8 : 2)) return std::nullopt;
    const std::uint64_t count = big ? bytes.u64(at, endian) : bytes.u16(at, endian);
    const std::uint64_t first = at + (big ? 8 : 2);
    const std::uint64_t stride = big ? 20 : 12;
    if (count > kMaxEntries || !bytes.has(first, count * stride)) return std::nullopt;

    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t place = first + i * stride;
        TiffEntry entry;
        entry.tag = bytes.u16(place, endian);
        entry.type = bytes.u16(place + 2, endian);
        entry.count = big ? bytes.u64(place + 4, endian) : bytes.u32(place + 4, endian);
        const std::uint64_t field = place + (big ? 12 : 8);
        const std::uint64_t room = big ? 8 : 4;
        const bool inPlace = entry.count <= room / valueBytes(entry.type);
        const std::uint64_t offset = inPlace ? 0 : (big ? bytes.u64(field, endian) : bytes.u32(field, endian));
        entry.valueAt = inPlace ? field : base + offset;
        directory.entries.push_back(entry);
    }
    return directory;
}

std::uint64_t tiffValue(ByteWindow& bytes, const TiffDirectory& directory, const TiffEntry& entry,
                        std::uint64_t index) {
    switch (entry.type) {
        case 1:
            return bytes.u8(entry.valueAt + index);
        case 3:
            return bytes.u16(entry.valueAt + index * 2, directory.endian);
        case 4:
            return bytes.u32(entry.valueAt + index * 4, directory.endian);
        case 16:
            return bytes.u64(entry.valueAt + index * 8, directory.endian);
        default:
            return 0;
    }
}

int exifOrientation(ByteWindow& bytes, std::uint64_t base) {
    const auto directory = readTiffDirectory(bytes, base);
    if (!directory) return 1;
    const TiffEntry* entry = directory->find(kTagOrientation);
    if (entry == nullptr || entry->count == 0) return 1;
    const std::uint64_t value = tiffValue(bytes, *directory, *entry);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace querent::media
