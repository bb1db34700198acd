#pragma once

#include "engine/core/result.h"
#include "engine/media/sound/sound_file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct SRC_STATE_tag;  // libsamplerate's handle

namespace querent::media::sound {

/** The mean of the channels. `interleaved` [frames, channels]; `mono` [frames]. */
void mixDown(std::span<const float> interleaved, int channels, std::span<float> mono);

/** Frames that `frames` become: round(frames * to / from). */
std::int64_t resampledLength(std::int64_t frames, int from, int to);

/**
 * Changes the rate of a stream piece by piece: band-limited sinc interpolation (Smith), with libsamplerate. Nothing is
 * late: output frame j stands at j * from / to of the input, and the whole output has resampledLength() frames. Outside
 * the input is silence. The same input in other pieces gives the same output. One thread at a time.
 */
class Resampler {
 public:
    /** Rates above 0 whose quotient is within 1/256..256; channels of at least 1. */
    static Result<Resampler> create(int from, int to, int channels);

    /** Takes interleaved input; what it becomes is appended to `output`. */
    Result<void> push(std::span<const float> input, std::vector<float>& output);
    /** The input has ended: appends the rest. */
    Result<void> finish(std::vector<float>& output);

 private:
    struct Deleter {
        void operator()(SRC_STATE_tag* state) const;
    };
    Resampler() = default;
    Result<void> process(std::span<const float> input, bool last, std::vector<float>& output);

    std::unique_ptr<SRC_STATE_tag, Deleter> m_state;  // null: the rates are the same
    int m_from = 1;
    int m_to = 1;
    int m_channels = 1;
    std::int64_t m_taken = 0;  // frames
    std::int64_t m_given = 0;
};

/**
 * A stretch of a file as one channel at a rate of one's choice, read piece by piece, so that hours do not sit in
 * memory. The stretch is taken as if there were silence around it. One thread at a time.
 */
class MonoStream {
 public:
    /**
     * `frames` < 0: to the end. Stretches are cut at the end of the file. `rate` 0: the file's own. `file` must live
     * as long as the stream and be used by nobody else meanwhile.
     */
    static Result<MonoStream> open(SoundFile& file, std::int64_t firstFrame, std::int64_t frames, int rate);

    int rate() const { return m_rate; }
    /** How many samples the stream gives altogether. */
    std::int64_t length() const { return m_length; }
    /** Fills `samples` from where the last call ended; fewer only at the end, 0 after it. */
    Result<std::size_t> read(std::span<float> samples);

 private:
    MonoStream(SoundFile& file, Resampler resampler) : m_file(&file), m_resampler(std::move(resampler)) {}
    Result<void> readMore();

    SoundFile* m_file;
    Resampler m_resampler;
    int m_rate = 0;
    std::int64_t m_length = 0;
    std::int64_t m_next = 0;  // frames of the file
    std::int64_t m_end = 0;
    bool m_finished = false;
    std::vector<float> m_piece;  // scratch: as in the file, and as one channel
    std::vector<float> m_mono;
    std::vector<float> m_ready;
    std::size_t m_used = 0;  // of m_ready
};

}  // namespace querent::media::sound
