#pragma once

#include "engine/core/geometry.h"
#include "engine/core/raster.h"
#include "engine/core/result.h"

#include <filesystem>

namespace querent::media {

/** The largest size with the shape of `picture` that fits into `frame`; never larger than `picture`, never empty. */
Size fittedSize(Size picture, Size frame);

/** Scaled to exactly `size`: by area where it shrinks, linear where it grows. Empty in, or empty size: empty out. */
Raster resized(const Raster& picture, Size size);

/** A part in whole pixels, clamped to the picture. */
Raster cropped(const Raster& picture, const Box& part);

/** Written under a temporary name beside `path`, then renamed: no reader sees half a file. */
Result<void> writePng(const Raster& picture, const std::filesystem::path& path);
Result<void> writeJpeg(const Raster& picture, const std::filesystem::path& path, int quality = 92);

}  // namespace querent::media
