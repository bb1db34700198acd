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

std::filesystem::path write(const std::filesystem::path& path, const Bytes& bytes);
Bytes read(const std::filesystem::path& path);

std::array<int, 3> at(const querent::Raster& picture, int x, int y);
bool near(std::array<int, 3> a, std::array<int, 3> b, int tolerance = 12);

}  // namespace fixtures
