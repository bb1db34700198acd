#pragma once

#include "engine/media/header.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <span>

namespace querent::media {

/** Whether the first bytes say HEIC or AVIF, single pictures and the first of several. */
bool isHeif(ByteWindow& bytes);

/** HEIC and AVIF by libheif: the size is that of the picture as shown, turns and cuts of the file applied. */
Result<Header> parseHeif(ByteWindow& bytes, const std::filesystem::path& path);

/** The main picture as shown, BGR or BGRA of 8 bits. EXIF says the turn once more, and is not asked. */
Result<cv::Mat> decodeHeif(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

}  // namespace querent::media
