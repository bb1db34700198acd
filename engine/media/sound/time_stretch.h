#pragma once

#include "engine/core/result.h"
#include "engine/media/sound/resample.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace querent::media::sound {

/**
 * Sound played slower or faster, as a stream of interleaved frames: with its pitch kept, by overlapping pieces that fit
 * one another (WSOLA, Verhelst and Roelands 1993), or with the pitch going along, by resampling. At speed 1 the output
 * is the input. Input in other pieces gives the same output. One thread at a time.
 */
class TimeStretch {
 public:
    static constexpr double kSlowest = 0.1;
    static constexpr double kFastest = 4.0;

    /** `speed` in kSlowest..kFastest; 2 is twice as fast. */
    static Result<TimeStretch> create(int rate, int channels, double speed, bool keepPitch);

    /** Takes input frames in their order; output becomes available soon after (within 0.1 s of input). */
    Result<void> push(std::span<const float> interleaved);
    /** The input has ended: what is left becomes available, round(frames / speed) altogether. */
    Result<void> finish();

    /** Frames that can be pulled now. */
    std::int64_t available() const;
    /** Takes up to as many frames as fit; returns how many. */
    std::int64_t pull(std::span<float> interleaved);

    /**
     * The input frame that is heard in the middle of output frame `frame`, both counted from the first. Exact on
     * average; with the pitch kept, the sound itself may be up to about 10 ms + 20 ms * |speed - 1| to either side.
     */
    double sourceFrame(std::int64_t frame) const { return static_cast<double>(frame) * m_speed; }

 private:
    TimeStretch(int rate, int channels, double speed);
    std::int64_t inputEnd() const { return m_base + static_cast<std::int64_t>(m_mono.size()); }
    std::int64_t target(std::int64_t block) const;
    void makeBlocks(bool ended);
    std::int64_t bestFit(std::int64_t natural, std::int64_t target, std::int64_t last) const;
    void crossfade(std::int64_t from, std::int64_t to);
    void forgetInput();
    float mono(std::int64_t frame) const;
    float sample(std::int64_t frame, int channel) const;

    int m_channels;
    double m_speed;
    std::int64_t m_hop;                    // frames of a block of output
    std::int64_t m_reach;                  // how far from its target a piece may be taken, frames
    std::optional<Resampler> m_resampler;  // in place of all that follows: the pitch goes along

    std::vector<float> m_input;  // interleaved, from frame m_base on
    std::vector<float> m_mono;   // its mean, in which pieces that fit are looked for
    std::int64_t m_base = 0;
    std::int64_t m_natural = 0;  // the input frame that would follow the output so far
    std::int64_t m_block = 0;    // the next one

    std::vector<float> m_output;  // not pulled yet, behind the first m_pulled samples
    std::size_t m_pulled = 0;
    std::int64_t m_taken = 0;  // frames pushed so far
};

}  // namespace querent::media::sound
