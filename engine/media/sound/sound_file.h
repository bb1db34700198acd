#pragma once

#include "engine/core/result.h"
#include "engine/core/sound.h"
#include "engine/media/sound/sound_kind.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace querent::media::sound {

class Decoder;

/**
 * A sound file opened for reading: wav (RIFF, RF64, W64), flac, ogg (Vorbis, Opus, chains), mp3, aiff, au and caf; the
 * sound of MPEG-4 (m4a), Matroska (webm), Windows Media, AAC and AMR files that hold no film; integers of 8 to 32 bits
 * and floats; 1 kHz to 1 MHz, up to kMostChannels channels. Never writes to the file. What is read at a
 * frame does not depend on what was read before: seeking is exact to the sample in every format.
 *
 * Not for several threads at once: each thread opens its own. May be handed from one thread to another.
 */
class SoundFile {
 public:
    static constexpr int kLowestRate = 1'000;
    static constexpr int kHighestRate = 1'000'000;
    static constexpr int kMostChannels = 32;

    /**
     * Reads the header and tries the last frame that it promises; no memory grows with the promise. A file that does
     * not reach that far is searched for its real end (some seconds for an hour of damaged FLAC). Refuses what
     * soundKind() refuses, damaged headers, sounds without a single frame, and rates or channel counts out of range.
     */
    static Result<SoundFile> open(const std::filesystem::path& path);
    ~SoundFile();
    SoundFile(SoundFile&& other) noexcept;
    SoundFile& operator=(SoundFile&& other) noexcept;

    /** `frames` counts what is really there. */
    const SoundShape& shape() const { return m_shape; }
    const std::filesystem::path& path() const { return m_path; }
    /** One sentence when a part of the sound is missing and shape().frames can be used; empty when all is well. */
    const std::string& problem() const { return m_problem; }

    /**
     * Samples as interleaved floats, [frames, channels]; integers are scaled to [-1, 1), floats are as in the file and
     * may go beyond. Frames past the end are left out, so the result can be shorter. Refuses a negative position or
     * length; a file damaged in its middle is an error of code Malformed.
     */
    Result<std::vector<float>> read(std::int64_t firstFrame, std::int64_t frames);

    /** The same into memory of the caller's, for a multiple of the channels; returns the frames read. */
    Result<std::int64_t> readInto(std::int64_t firstFrame, std::span<float> interleaved);

    /** How many samples so far were no numbers (NaN or infinite) and were read as 0. */
    std::int64_t notNumbers() const { return m_notNumbers; }

 private:
    explicit SoundFile(std::filesystem::path path);
    Result<void> settleLength(SoundKind kind, const std::shared_ptr<const InputFile>& input, double share);
    Error damagedAt(std::int64_t frame) const;

    std::filesystem::path m_path;
    std::unique_ptr<Decoder> m_decoder;
    SoundShape m_shape;
    std::string m_problem;
    std::int64_t m_notNumbers = 0;
};

/** The shape of a file: SoundFile::open() without keeping it. A fraction of a millisecond for an undamaged file. */
Result<SoundShape> probeSound(const std::filesystem::path& path);

}  // namespace querent::media::sound
