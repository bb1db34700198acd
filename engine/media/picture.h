#pragma once

#include "engine/core/geometry.h"
#include "engine/core/raster.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace querent::media {

/** Recognised by the first bytes of a file, never by its name. */
enum class PictureFormat : std::uint8_t { Jpeg, Png, Bmp, Tiff, Webp, Heic, Avif, Gif };
const char* toText(PictureFormat format);

/** What a picture's header says. */
struct PictureInfo {
    Size size;            // as shown: orientation applied; the frame of every box
    Size storedSize;      // as in the file
    int orientation = 1;  // EXIF orientation, 1..8
    int channels = 0;     // as stored: 1 grey or palette, 2 grey + alpha, 3 colour, 4 colour + alpha or CMYK
    int bitDepth = 8;     // bits a channel (a palette index)
    PictureFormat format = PictureFormat::Jpeg;
    std::string remark;  // one sentence where the file holds more than is used (pages); otherwise empty
};

/** No picture of more pixels is decoded: with what decoders need besides, it takes some 1.5 GB of memory. */
constexpr std::int64_t kMostPixels = 250'000'000;

/**
 * Reads a picture's header only: a few kilobytes, a fraction of a millisecond. Any thread. Refuses what is missing,
 * empty, no picture by its content, damaged in the header, or too large for decode(). A file that passes can still be
 * cut short: decode() says.
 */
Result<PictureInfo> probe(const std::filesystem::path& path);

struct DecodeOptions {
    Size wanted;                           // empty: every pixel. Otherwise see decode()
    std::int64_t maxPixels = kMostPixels;  // of the stored picture (for a JPEG: after its reduction)
};

/**
 * The one way in which a picture becomes pixels, for the window, training and export alike: RGB, 8 bits, EXIF
 * orientation applied exactly once whatever the format. 16-bit channels keep their upper 8; CMYK, grey and palettes
 * become RGB; transparency is blended on white, as paper would show it. Of files with several pictures the first is
 * used, or the one that the file names as the main one.
 *
 * With `wanted`, the picture is halved as often as leaves at least that size in both axes (a JPEG while it is read, the
 * others afterwards), so the result is never larger than the file. A JPEG above `maxPixels` is halved as well, up to
 * three times. Sizes round up; scale coordinates by raster.size / probe().size, axis by axis.
 *
 * Any thread; starts none. Refuses missing and empty files, files that are no picture, pictures cut short (their end
 * marker or pixel data is missing) and pictures above `maxPixels`: all that from the header, before memory is taken.
 */
Result<Raster> decode(const std::filesystem::path& path, const DecodeOptions& options = {});

/** Keeps OpenCV from starting threads of its own and from writing to the terminal. Process-wide, cheap, idempotent. */
void quietDecoding();

}  // namespace querent::media
