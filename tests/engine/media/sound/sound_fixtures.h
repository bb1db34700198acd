#pragma once

#include "engine/media/sound/sound_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/** Sound files of every kind, made while the test runs; and the names that the tests of sounds use. */
namespace fixtures {

using namespace querent;
using namespace querent::media;
using namespace querent::media::sound;
namespace fs = std::filesystem;

/** A sweep with a little noise, different in each channel: [frames, channels] interleaved, within [-0.8, 0.8]. */
std::vector<float> sweep(int rate, int channels, std::int64_t frames);
/** A sine of the given amplitude, mono. */
std::vector<float> sine(int rate, double hz, std::int64_t frames, float amplitude = 0.5F);

/** `format` as libsndfile has it (SF_FORMAT_WAV | SF_FORMAT_PCM_16, ...). */
std::filesystem::path writeSound(const std::filesystem::path& path, int format, int rate, int channels,
                                 const std::vector<float>& interleaved);
/** 32-bit float wav. */
std::filesystem::path writeFloatWav(const std::filesystem::path& path, int rate, int channels,
                                    const std::vector<float>& interleaved);

std::string readText(const std::filesystem::path& path);
std::filesystem::path writeText(const std::filesystem::path& path, const std::string& bytes);

}  // namespace fixtures
