#pragma once

#include "engine/media/picture.h"

#include <cstdint>
#include <span>

namespace querent::media {

/**
 * Whether a file holds all of its picture: JPEG up to its end marker, PNG up to IEND, the others as much pixel data as
 * they announce. Decoders fill what is missing with grey and say nothing. What follows the picture is not looked at.
 */
bool isComplete(PictureFormat format, std::span<const std::uint8_t> bytes);

}  // namespace querent::media
