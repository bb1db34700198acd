#include "tests/engine/media/sound/sound_fixtures.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <sndfile.h>

namespace fixtures {

namespace fs = std::filesystem;

std::vector<float> sweep(int rate, int channels, std::int64_t frames) {
    querent::Rng rng(5);
    std::vector<float> samples;
    samples.reserve(static_cast<std::size_t>(frames * channels));
    for (std::int64_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / rate;
        for (int c = 0; c < channels; ++c) {
            const double turns = (300.0 + 200.0 * c + 150.0 * t) * t;
            const double value = 0.6 * std::sin(2.0 * std::numbers::pi * turns) + rng.uniform(-0.1, 0.1);
            samples.push_back(static_cast<float>(value));
        }
    }
    return samples;
}

std::vector<float> sine(int rate, double hz, std::int64_t frames, float amplitude) {
    std::vector<float> samples;
    for (std::int64_t i = 0; i < frames; ++i) {
        const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate;
        samples.push_back(amplitude * static_cast<float>(std::sin(phase)));
    }
    return samples;
}

fs::path writeSound(const fs::path& path, int format, int rate, int channels, const std::vector<float>& interleaved) {
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    if (file == nullptr) {
        std::fprintf(stderr, "The fixture %s cannot be written: %s\n", path.c_str(), sf_strerror(nullptr));
        std::abort();
    }
    // Vorbis encoders overflow the stack when they get minutes at once.
    const auto frames = static_cast<sf_count_t>(interleaved.size()) / channels;
    for (sf_count_t at = 0; at < frames; at += 4096)
        sf_writef_float(file, interleaved.data() + at * channels, std::min<sf_count_t>(4096, frames - at));
    sf_close(file);
    return path;
}

fs::path writeFloatWav(const fs::path& path, int rate, int channels, const std::vector<float>& interleaved) {
    return writeSound(path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate, channels, interleaved);
}

std::string readText(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

fs::path writeText(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

}  // namespace fixtures
