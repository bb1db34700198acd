#pragma once

#include "engine/media/sound/sound_bytes.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace querent::media::sound {

/** Where the samples of a wav (RIFF, RIFX, RF64) or aiff file are. */
struct SampleBytes {
    std::uint64_t begin = 0;
    std::uint64_t there = 0;     // bytes of samples that the file holds
    std::uint64_t promised = 0;  // that the header promises; `there` where it leaves the length open
    /** The header's length is none, or cannot be: what is read has to be put behind a header of ours. */
    bool lengthIsWrong = false;
    std::vector<std::uint8_t> format;  // the "fmt " chunk of a wav, without its name and size
    bool bigEndian = false;
};

/**
 * Reads the chunks up to the samples. The length in the header is not taken for true where it is 0 or as large as can
 * be, as programs write that send their output through a pipe, and where the file is 4 GiB longer than it says: its 32
 * bits have run over. Nothing for other kinds and for headers without samples.
 */
std::optional<SampleBytes> sampleBytes(const SoundBytes& file);

/** The samples behind a header that says how many there are: RIFF, or RF64 from 4 GiB on. Only for a wav. */
SoundBytes withRightHeader(const SoundBytes& file, const SampleBytes& samples);

}  // namespace querent::media::sound
