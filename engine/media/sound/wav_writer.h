#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <span>

namespace querent::media::sound {

/**
 * Writes a wav of 16 bits from interleaved samples in [-1, 1] (what is beyond is clipped): the whole file or none,
 * under a temporary name first. Refuses rates and channel counts that SoundFile would not read, and sounds of more than
 * 2 GB. Any thread.
 */
Result<void> writeWav(const std::filesystem::path& path, std::span<const float> samples, int rate, int channels = 1);

}  // namespace querent::media::sound
