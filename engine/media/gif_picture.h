#pragma once

#include "engine/media/header.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <span>

namespace querent::media {

/** The size of a GIF's plane, and whether more pictures follow the first. */
Result<Header> parseGif(ByteWindow& bytes, const std::filesystem::path& path);

/** The first picture of a GIF on its plane, by libavcodec: BGRA of 8 bits, transparent where nothing was drawn. */
Result<cv::Mat> decodeGif(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

/** Whether all of the first picture is there. */
bool isCompleteGif(ByteWindow& bytes);

}  // namespace querent::media
