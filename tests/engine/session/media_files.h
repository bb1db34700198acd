#pragma once

#include "engine/core/raster.h"
#include "engine/media/resize.h"
#include "engine/media/sound/wav_writer.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <vector>

namespace querent::tests {

inline constexpr int kRate = 8000;  // samples a second

/** A second of silence with a tone from 0.25 s to 0.5 s; its folder is made. */
inline bool writeTone(const std::filesystem::path& path, double hertz) {
    std::vector<float> samples(kRate, 0.0F);
    for (std::size_t i = kRate / 4; i < kRate / 2; ++i)
        samples[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * hertz * double(i) / kRate));
    std::filesystem::create_directories(path.parent_path());
    return media::sound::writeWav(path, samples, kRate).ok();
}

/** 20 x 16 pixels of one grey; its folder is made. */
inline bool writePicture(const std::filesystem::path& path, int grey) {
    std::filesystem::create_directories(path.parent_path());
    Raster picture{{20, 16}, std::vector<std::uint8_t>(20 * 16 * 3, static_cast<std::uint8_t>(grey))};
    return media::writePng(picture, path).ok();
}

}  // namespace querent::tests
