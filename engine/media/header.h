#pragma once

#include "engine/core/result.h"
#include "engine/media/byte_window.h"
#include "engine/media/picture.h"

#include <cstdint>
#include <filesystem>

namespace querent::media {

enum class Alpha : std::uint8_t { None, Straight, Premultiplied };

/** What decode() needs beyond PictureInfo. */
struct Header {
    PictureInfo info;
    Alpha alpha = Alpha::None;               // as the decoder will hand it over
    bool deep = false;                       // a TIFF for decodeDeepTiff()
    std::int64_t heldBytes = 0;              // a JPEG only: of its coefficients, where the decoder keeps them all
    std::uint64_t orientationAt = 0;         // TIFF only: place of the orientation's two bytes, 0 = none
    Endian orientationEndian = Endian::Big;  // TIFF only
};

/** Recognises a picture by its content and reads its header. `path` is for the error only. */
Result<Header> parseHeader(ByteWindow& bytes, const std::filesystem::path& path);

// One for each format; each fills info but for `size`, and leaves storedSize empty where the header makes no sense.
Result<Header> parseJpeg(ByteWindow& bytes, const std::filesystem::path& path);
Result<Header> parsePng(ByteWindow& bytes, const std::filesystem::path& path);
Result<Header> parseBmp(ByteWindow& bytes, const std::filesystem::path& path);
Result<Header> parseWebp(ByteWindow& bytes, const std::filesystem::path& path);
Result<Header> parseTiff(ByteWindow& bytes, const std::filesystem::path& path);

/** The size as shown: orientations 5..8 lie on their side. */
inline Size displaySize(Size stored, int orientation) {
    return orientation >= 5 ? Size{stored.height, stored.width} : stored;
}

}  // namespace querent::media
