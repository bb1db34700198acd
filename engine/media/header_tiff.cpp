// TIFF 6.0 and BigTIFF: the first directory.

#include "engine/media/exif.h"
#include "engine/media/header.h"

#include <limits>
#include <string>

namespace querent::media {

namespace {

constexpr std::uint16_t kTagWidth = 256;
constexpr std::uint16_t kTagHeight = 257;
constexpr std::uint16_t kTagBits = 258;
constexpr std::uint16_t kTagSamples = 277;
constexpr std::uint16_t kTagExtraSamples = 338;
constexpr std::uint16_t kTagSampleFormat = 339;

int valueOr(ByteWindow& bytes, const TiffDirectory& directory, std::uint16_t tag, int fallback) {
    const TiffEntry* entry = directory.find(tag);
    if (entry == nullptr || entry->count == 0) return fallback;
    const std::uint64_t value = tiffValue(bytes, directory, *entry);
    return value <= static_cast<std::uint64_t>(std::numeric_limits<int>::max()) ? static_cast<int>(value) : 0;
}

}  // namespace

Result<Header> parseTiff(ByteWindow& bytes, const std::filesystem::path&) {
    Header header;
    PictureInfo& info = header.info;
    info.format = PictureFormat::Tiff;
    const auto directory = readTiffDirectory(bytes, 0);
    if (!directory) return header;

    info.storedSize = {valueOr(bytes, *directory, kTagWidth, 0), valueOr(bytes, *directory, kTagHeight, 0)};
    info.bitDepth = valueOr(bytes, *directory, kTagBits, 1);
    info.channels = valueOr(bytes, *directory, kTagSamples, 1);
    const int extra = valueOr(bytes, *directory, kTagExtraSamples, 0);
    if (info.channels == 4 && (extra == 1 || extra == 2)) {
        // libtiff's 8-bit path multiplies straight alpha itself; deeper channels come as they are.
        const bool straight = extra == 2 && info.bitDepth > 8;
        header.alpha = straight ? Alpha::Straight : Alpha::Premultiplied;
    }
    // OpenCV shows grey and colour of up to 16 bits without a sign.
    header.deep = info.bitDepth > 16 || info.channels > 4 || valueOr(bytes, *directory, kTagSampleFormat, 1) != 1;
    if (header.deep) header.alpha = Alpha::None;
    constexpr int kCounted = 1000;
    if (const int pages = tiffPages(bytes, kCounted); pages > 1) {
        info.remark = "The TIFF holds ";
        info.remark.append(pages < kCounted ? std::to_string(pages) : "many").append(" pages; only the first is used.");
    }
    const TiffEntry* orientation = directory->find(kTagOrientation);
    if (orientation != nullptr && orientation->type == 3) {
        info.orientation = exifOrientation(bytes, 0);
        header.orientationAt = orientation->valueAt;
        header.orientationEndian = directory->endian;
    }
    return header;
}

}  // namespace querent::media
