#pragma once

#include "engine/media/header.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <span>

namespace querent::media {

/**
 * TIFFs that measure rather than show: samples of 32 or 64 bits, with a sign or a point, or more than four channels.
 * The first three channels are red, green and blue, of fewer the first is grey. Samples of 8 and 16 bits without a sign
 * come as they are, numbers with a point that all lie in [0, 1] from black to white, and all others from the least
 * (black) to the greatest (white) of the picture. Not turned. BGR of 8 bits.
 */
Result<cv::Mat> decodeDeepTiff(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

}  // namespace querent::media
