#pragma once

#include "engine/core/raster.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

/** Pictures of every kind, made while the test runs. */
namespace fixtures {

using Bytes = std::vector<std::uint8_t>;

/** Red, green / blue, white: a picture that shows how it was turned. BGR, as OpenCV likes it. */
cv::Mat quadrants(int width, int height);

Bytes encoded(const char* extension, const cv::Mat& picture);
/** A TIFF structure with an orientation and nothing else. */
Bytes exif(int orientation, bool bigEndian);
Bytes jpegWithExif(const Bytes& jpeg, const Bytes& tiff);
Bytes pngWithChunk(const Bytes& png, const char* name, const Bytes& data);
/** An extended WebP around a simple one. */
Bytes webpWithExif(const Bytes& webp, int width, int height, const Bytes& tiff);
/** An uncompressed TIFF of a grey or BGR picture of 8 or 16 bits. */
Bytes tiffWithOrientation(const cv::Mat& picture, int orientation);
Bytes cmykJpeg();
/**
 * A HEIC or AVIF picture that is shown turned as EXIF orientation `orientation` would have it, by the file's own means
 * and, to the same effect, in its EXIF data. Empty where this machine has no encoder.
 */
Bytes heif(const cv::Mat& picture, bool avif, int orientation);
/** A GIF of one picture after another, each of one grey, on the plane of the first; not compressed. */
Bytes gif(int width, int height, const std::vector<int>& greys);
/** How the samples of a TIFF are written; `kind`: 1 without a sign, 2 with one, 3 with a point. */
struct TiffForm {
    int bits = 32;
    int kind = 3;
    int samples = 1;
    int pages = 1;
    bool big = false;  // BigTIFF
};
/** A TIFF of such samples, row by row, not compressed; `pixels` are the bytes of one page. */
Bytes tiffOf(int width, int height, const TiffForm& form, const Bytes& pixels);

std::filesystem::path write(const std::filesystem::path& path, const Bytes& bytes);
Bytes read(const std::filesystem::path& path);

std::array<int, 3> at(const querent::Raster& picture, int x, int y);
bool near(std::array<int, 3> a, std::array<int, 3> b, int tolerance = 12);

}  // namespace fixtures
