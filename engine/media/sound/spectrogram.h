#pragma once

#include "engine/core/geometry.h"
#include "engine/core/job.h"
#include "engine/core/raster.h"
#include "engine/core/result.h"
#include "engine/media/sound/log_mel.h"

#include <filesystem>
#include <optional>

namespace querent::media::sound {

/** How a spectrogram becomes grey levels. */
struct SpectrogramLook {
    double window = 0.032;        // seconds, a Hann window; 1 ms to 0.5 s
    double rangeDb = 80.0;        // from black to white; 1 to 200
    std::optional<double> topDb;  // white; empty: spectrogramTop() of the file
};

/**
 * The level in dB that is white in every picture of a file: the loudest bin of a window, of which 2 windows in 100 are
 * louder still, looked at in 64 places of the file. A click does not darken the rest, and a quiet stretch of a loud
 * file stays dark. Never below -60 dB, so that silence is black.
 */
Result<double> spectrogramTop(SoundFile& file, const SpectrogramLook& look);

/**
 * A stretch of a file as a picture of exactly `wanted` pixels, for a detector: columns are time, rows are frequency on
 * a linear scale with 0 Hz at the upper edge of row 0 and half the rate at the lower edge of the last row. So a box of
 * frames and Hz maps onto it by two factors. A pixel is the mean energy of its cell, whatever its size: nothing falls
 * between the pixels. Grey (equal channels) from topDb - rangeDb (0) to topDb (255); the channels of the file are
 * averaged. At the edges of the stretch the windows see the file's own neighbouring sound. The same file and arguments
 * give the same picture. Any thread; a cancelled job is answered within some milliseconds. Refuses empty stretches,
 * sizes below 1 or above 16384 and looks out of range.
 */
Result<Raster> spectrogramPicture(const std::filesystem::path& path, const SoundStretch& stretch, Size wanted,
                                  const SpectrogramLook& look = {}, const Job& job = {});

}  // namespace querent::media::sound
