#pragma once

#include "engine/core/raster.h"
#include "engine/core/result.h"

#include <filesystem>

namespace querent::media::sound {

/**
 * The whole of a sound as a small coloured spectrogram for people: left to right in time, low frequencies at the
 * bottom, `edge` pixels wide and three quarters of that high. Sounds of more than some minutes are looked at in one
 * place a column. Fails as SoundFile::open() does. Any thread.
 */
Result<Raster> soundThumbnail(const std::filesystem::path& path, int edge);

}  // namespace querent::media::sound
