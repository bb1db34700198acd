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

/** How the structure at a place is written. */
struct Form {
    Endian endian = Endian::Little;
    bool big = false;
    std::uint64_t first = 0;  // where its first directory stands in the file

    std::uint64_t count(ByteWindow& bytes, std::uint64_t at) const {
        return big ? bytes.u64(at, endian) : bytes.u16(at, endian);
    }
    std::uint64_t offset(ByteWindow& bytes, std::uint64_t at) const {
        return big ? bytes.u64(at, endian) : bytes.u32(at, endian);
    }
};

std::optional<Form> formAt(ByteWindow& bytes, std::uint64_t base) {
    Form form;
    if (bytes.matches(base, "MM")) {
        form.endian = Endian::Big;
    } else if (!bytes.matches(base, "II")) {
        return std::nullopt;
    }
    if (!bytes.has(base, 8)) return std::nullopt;
    const int version = bytes.u16(base + 2, form.endian);
    form.big = version == 43;
    if ((version != 42 && !form.big) || !bytes.has(base, form.big ? 16 : 8)) return std::nullopt;
    form.first = base + form.offset(bytes, base + (form.big ? 8 : 4));
    return form;
}

}  // namespace

const TiffEntry* TiffDirectory::find(std::uint16_t tag) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const TiffEntry& e) { return e.tag == tag; });
    return found == entries.end() ? nullptr : &*found;
}

std::optional<TiffDirectory> readTiffDirectory(ByteWindow& bytes, std::uint64_t base) {
    const std::optional<Form> form = formAt(bytes, base);
    if (!form) return std::nullopt;
    TiffDirectory directory;
    directory.endian = form->endian;
    if (!bytes.has(form->first, form->big ? 8 : 2)) return std::nullopt;
    const std::uint64_t count = form->count(bytes, form->first);
    const std::uint64_t first = form->first + (form->big ? 8 : 2);
    const std::uint64_t stride = form->big ? 20 : 12;
    if (count > kMaxEntries || !bytes.has(first, count * stride)) return std::nullopt;

    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t place = first + i * stride;
        TiffEntry entry;
        entry.tag = bytes.u16(place, form->endian);
        entry.type = bytes.u16(place + 2, form->endian);
        entry.count = form->offset(bytes, place + 4);
        const std::uint64_t field = place + (form->big ? 12 : 8);
        const std::uint64_t room = form->big ? 8 : 4;
        const bool inPlace = entry.count <= room / valueBytes(entry.type);
        entry.valueAt = inPlace ? field : base + form->offset(bytes, field);
        directory.entries.push_back(entry);
    }
    return directory;
}

int tiffPages(ByteWindow& bytes, int most) {
    const std::optional<Form> form = formAt(bytes, 0);
    int pages = 0;
    // A damaged chain can lead in a circle, which ends at `most`.
    for (std::uint64_t at = form ? form->first : 0; at != 0 && pages < most; ++pages) {
        if (!bytes.has(at, form->big ? 8 : 2)) break;
        const std::uint64_t count = form->count(bytes, at);
        const std::uint64_t next = at + (form->big ? 8 + count * 20 : 2 + count * 12);
        const bool whole = count > 0 && count <= kMaxEntries && bytes.has(next, form->big ? 8 : 4);
        at = whole ? form->offset(bytes, next) : 0;
    }
    return pages;
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
