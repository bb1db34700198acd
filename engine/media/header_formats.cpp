// JPEG (ITU T.81), PNG (W3C), BMP and WebP (RIFF container) headers.

#include "engine/media/exif.h"
#include "engine/media/header.h"

#include <cstdlib>
#include <limits>
#include <string_view>

namespace querent::media {

namespace {

using namespace std::string_view_literals;

Header emptyHeader(PictureFormat format) {
    Header header;
    header.info.format = format;
    return header;
}

int asLength(std::uint32_t value) {
    return value <= static_cast<std::uint32_t>(std::numeric_limits<int>::max()) ? static_cast<int>(value) : 0;
}

/** Frame headers C0..CF, without the tables and the reserved codes among them. */
bool isFrameHeader(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

}  // namespace

Result<Header> parseJpeg(ByteWindow& bytes, const std::filesystem::path&) {
    Header header = emptyHeader(PictureFormat::Jpeg);
    constexpr int kMostStrays = 1 << 16;
    int strays = 0;
    bool keepsAll = false;
    bool haveExif = false;
    std::uint64_t at = 2;
    while (!bytes.failed()) {
        if (bytes.u8(at) != 0xff) {  // stray bytes between segments, which decoders step over too
            ++at;
            if (++strays > kMostStrays) break;
            continue;
        }
        const int marker = bytes.u8(at + 1);
        if (marker == 0xff) {  // a fill byte
            ++at;
            continue;
        }
        if (marker == 0xda || marker == 0xd9) {  // the scan begins, or there is none
            // Where not all channels come in the first scan, the decoder keeps what it has of them until the last.
            if (marker == 0xda && bytes.u8(at + 4) < header.info.channels) keepsAll = true;
            break;
        }
        const bool alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
        if (alone) {
            at += 2;
            continue;
        }
        const std::uint64_t length = bytes.u16(at + 2, Endian::Big);
        if (length < 2) break;
        if (isFrameHeader(marker) && header.info.storedSize.empty()) {
            header.info.bitDepth = bytes.u8(at + 4);
            header.info.storedSize = {bytes.u16(at + 7, Endian::Big), bytes.u16(at + 5, Endian::Big)};
            header.info.channels = bytes.u8(at + 9);
            keepsAll = (marker & 3) == 2;  // progressive
        } else if (marker == 0xe1 && !haveExif && bytes.matches(at + 4, "Exif\0\0"sv)) {
            haveExif = true;
            header.info.orientation = exifOrientation(bytes, at + 10);
        }
        at += 2 + length;
    }
    if (keepsAll) {
        const Size size = header.info.storedSize;
        header.heldBytes = std::int64_t{size.width} * size.height * header.info.channels * 2;
    }
    return header;
}

Result<Header> parsePng(ByteWindow& bytes, const std::filesystem::path&) {
    // EXIF may follow the pixels; looking further than this would make a probe of a huge file slow.
    constexpr int kMaxChunks = 1024;
    Header header = emptyHeader(PictureFormat::Png);
    if (!bytes.matches(12, "IHDR")) return header;
    PictureInfo& info = header.info;
    info.storedSize = {asLength(bytes.u32(16, Endian::Big)), asLength(bytes.u32(20, Endian::Big))};
    info.bitDepth = bytes.u8(24);
    const int colour = bytes.u8(25);
    constexpr int kChannels[] = {1, 0, 3, 1, 2, 0, 4};
    info.channels = colour <= 6 ? kChannels[colour] : 0;
    if (colour == 4 || colour == 6) header.alpha = Alpha::Straight;

    std::uint64_t at = 33;
    for (int i = 0; i < kMaxChunks && bytes.has(at, 12); ++i) {
        const std::uint64_t length = bytes.u32(at, Endian::Big);
        if (bytes.matches(at + 4, "eXIf")) info.orientation = exifOrientation(bytes, at + 8);
        if (bytes.matches(at + 4, "tRNS") && colour == 3) header.alpha = Alpha::Straight;
        if (bytes.matches(at + 4, "IEND")) break;
        at += 12 + length;
    }
    return header;
}

Result<Header> parseBmp(ByteWindow& bytes, const std::filesystem::path&) {
    Header header = emptyHeader(PictureFormat::Bmp);
    PictureInfo& info = header.info;
    const bool old = bytes.u32(14, Endian::Little) == 12;  // the OS/2 header counts in 16 bits
    if (old) {
        info.storedSize = {bytes.u16(18, Endian::Little), bytes.u16(20, Endian::Little)};
    } else {
        const auto width = static_cast<std::int32_t>(bytes.u32(18, Endian::Little));
        const auto height = static_cast<std::int32_t>(bytes.u32(22, Endian::Little));
        // A negative height means rows from top to bottom.
        const bool lowest = height == std::numeric_limits<std::int32_t>::min();
        info.storedSize = {width, lowest ? 0 : std::abs(height)};
    }
    const int bits = bytes.u16(old ? 24 : 28, Endian::Little);
    info.channels = bits <= 8 ? 1 : (bits == 32 ? 4 : 3);
    info.bitDepth = bits <= 8 ? bits : (bits == 16 ? 5 : 8);
    // The fourth byte is padding in most bitmaps, so that it never counts as transparency.
    return header;
}

Result<Header> parseWebp(ByteWindow& bytes, const std::filesystem::path& path) {
    Header header = emptyHeader(PictureFormat::Webp);
    PictureInfo& info = header.info;
    bool alpha = false;
    if (bytes.matches(12, "VP8X")) {
        const int flags = bytes.u8(20);
        if (flags & 0x02) return fail(ErrorCode::Unsupported, "Animated WebP pictures are not read.", path);
        alpha = (flags & 0x10) != 0;
        info.storedSize = {static_cast<int>(bytes.u24(24, Endian::Little)) + 1,
                           static_cast<int>(bytes.u24(27, Endian::Little)) + 1};
        std::uint64_t at = 30;
        while (bytes.has(at, 8)) {
            const std::uint64_t length = bytes.u32(at + 4, Endian::Little);
            if (bytes.matches(at, "EXIF")) {
                // Some writers put JPEG's prefix before the TIFF structure.
                const std::uint64_t prefix = bytes.matches(at + 8, "Exif\0\0"sv) ? 6 : 0;
                info.orientation = exifOrientation(bytes, at + 8 + prefix);
            }
            at += 8 + length + (length & 1);
        }
    } else if (bytes.matches(12, "VP8 ") && bytes.matches(23, "\x9d\x01\x2a")) {
        info.storedSize = {bytes.u16(26, Endian::Little) & 0x3fff, bytes.u16(28, Endian::Little) & 0x3fff};
    } else if (bytes.matches(12, "VP8L") && bytes.u8(20) == 0x2f) {
        const std::uint32_t bits = bytes.u32(21, Endian::Little);
        info.storedSize = {static_cast<int>(bits & 0x3fff) + 1, static_cast<int>((bits >> 14) & 0x3fff) + 1};
        alpha = ((bits >> 28) & 1) != 0;
    }
    info.channels = alpha ? 4 : 3;
    if (alpha) header.alpha = Alpha::Straight;
    return header;
}

}  // namespace querent::media
