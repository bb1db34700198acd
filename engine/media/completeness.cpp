#include "engine/media/completeness.h"

#include "engine/media/exif.h"
#include "engine/media/gif_picture.h"

#include <algorithm>
#include <cstring>

namespace querent::media {

namespace {

using Bytes = std::span<const std::uint8_t>;

/** The place of the next marker of a JPEG's coded data at or after `at`; stuffed zeros and restarts are no markers. */
std::size_t nextMarker(Bytes bytes, std::size_t at) {
    while (at + 1 < bytes.size()) {
        const void* found = std::memchr(bytes.data() + at, 0xff, bytes.size() - 1 - at);
        if (found == nullptr) return bytes.size();
        at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
        const int code = bytes[at + 1];
        const bool inside = code == 0x00 || (code >= 0xd0 && code <= 0xd7);
        if (!inside && code != 0xff) return at;
        at += code == 0xff ? 1 : 2;
    }
    return bytes.size();
}

bool isCompleteJpeg(Bytes bytes) {
    std::size_t at = 2;
    while ((at = nextMarker(bytes, at)) + 1 < bytes.size()) {
        const int code = bytes[at + 1];
        if (code == 0xd9) return true;
        if (at + 3 >= bytes.size()) return false;
        // Segments are stepped over whole: a thumbnail's own end marker lies in one.
        at += 2 + (static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3]);
    }
    return false;
}

bool isCompletePng(ByteWindow& bytes) {
    std::uint64_t at = 8;
    while (bytes.has(at, 12)) {
        if (bytes.matches(at + 4, "IEND")) return true;
        at += 12 + std::uint64_t{bytes.u32(at, Endian::Big)};
    }
    return false;
}

bool isCompleteBmp(ByteWindow& bytes) {
    const std::uint64_t dataAt = bytes.u32(10, Endian::Little);
    const bool old = bytes.u32(14, Endian::Little) == 12;
    if (old) return bytes.has(dataAt, 1);
    const std::uint32_t compression = bytes.u32(30, Endian::Little);
    if (compression != 0 && compression != 3) return bytes.has(dataAt, bytes.u32(34, Endian::Little));
    const auto width = std::uint64_t{bytes.u32(18, Endian::Little)};
    const auto height = static_cast<std::int32_t>(bytes.u32(22, Endian::Little));
    const auto rows = static_cast<std::uint64_t>(height < 0 ? -std::int64_t{height} : std::int64_t{height});
    const std::uint64_t stride = (width * bytes.u16(28, Endian::Little) + 31) / 32 * 4;
    return !bytes.failed() && bytes.has(dataAt, stride * rows);
}

bool isCompleteTiff(ByteWindow& bytes) {
    const auto directory = readTiffDirectory(bytes, 0);
    if (!directory) return false;
    const TiffEntry* starts = directory->find(273);
    const TiffEntry* counts = directory->find(279);
    if (starts == nullptr) {  // tiles instead of strips
        starts = directory->find(324);
        counts = directory->find(325);
    }
    if (starts == nullptr) return false;
    if (counts == nullptr) return true;  // very old writers leave them out; libtiff works them out
    if (starts->count > bytes.size() || counts->count > bytes.size()) return false;  // each takes a byte at least
    for (std::uint64_t i = 0; i < std::min(starts->count, counts->count) && !bytes.failed(); ++i) {
        const std::uint64_t start = tiffValue(bytes, *directory, *starts, i);
        if (!bytes.has(start, tiffValue(bytes, *directory, *counts, i))) return false;
    }
    return !bytes.failed();
}

}  // namespace

bool isComplete(PictureFormat format, Bytes bytes) {
    ByteWindow window(bytes);
    switch (format) {
        case PictureFormat::Jpeg:
            return isCompleteJpeg(bytes);
        case PictureFormat::Png:
            return isCompletePng(window);
        case PictureFormat::Bmp:
            return isCompleteBmp(window);
        case PictureFormat::Tiff:
            return isCompleteTiff(window);
        case PictureFormat::Webp:
            // RIFF counts what follows its first 8 bytes.
            return window.has(8, window.u32(4, Endian::Little));
        case PictureFormat::Gif:
            return isCompleteGif(window);
        case PictureFormat::Heic:
        case PictureFormat::Avif:
            return true;  // libheif looks for every byte that it needs
    }
    return false;
}

}  // namespace querent::media
