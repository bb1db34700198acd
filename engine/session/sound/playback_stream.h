#pragma once

#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace querent::session::sound {

/** What is to be heard. */
struct PlaybackPlan {
    std::int64_t from = 0;   // the frame that is heard first; a loop is entered there
    std::int64_t first = 0;  // the range [first, end); `end` < 0: the end of the sound
    std::int64_t end = -1;
    bool loop = false;   // the range again and again
    double speed = 1.0;  // kSlowest to kFastest
    bool keepPitch = true;
    int rate = 0;      // of what comes out, Hz; 0 = the file's
    int channels = 0;  // of what comes out; 0 = the file's. One: the mean. More than there are: silent, but mono is
                       // heard in the first two. Fewer: the mean in each.
};

/**
 * A sound file as a stream for a sound device: a range, once or in a loop, at another speed, rate and number of
 * channels. At speed 1 and the file's own rate, what comes out is what the file holds, to the sample. It knows no
 * device: positionOf() tells which frame of the file is heard at which frame of the output. One thread at a time.
 */
class PlaybackStream {
 public:
    static constexpr double kSlowest = 0.1;
    static constexpr double kFastest = 4.0;

    /** Errors as Sound::open(). */
    static Result<std::unique_ptr<PlaybackStream>> open(const std::filesystem::path& path);
    ~PlaybackStream();

    const SoundShape& shape() const;
    /**
     * Begins anew. Ranges are cut at the ends of the sound, `from` at those of the range. Refuses empty ranges, speeds
     * out of range and rates that are no multiple or part up to 256 of the file's.
     */
    Result<void> start(const PlaybackPlan& plan);
    /** As it was cut. */
    const PlaybackPlan& plan() const;
    /** Rate, channels and number of frames of the output; -1 frames for a loop, which does not end. */
    SoundShape output() const;

    /**
     * Fills [frames, output().channels] and returns the frames; fewer only at the end, 0 after it. Reads the file: some
     * milliseconds now and then. A file damaged in its middle is an error of code Malformed.
     */
    Result<std::int64_t> pull(std::span<float> interleaved);

    /**
     * The frame of the file that is heard at frame `output` of the stream, both counted from 0: between two frames
     * where the rates differ. Behind the end it is the end of the range.
     */
    double positionOf(std::int64_t output) const { return positionOf(plan(), shape(), output); }
    /** The same for a plan() that is known elsewhere, on any thread. */
    static double positionOf(const PlaybackPlan& plan, const SoundShape& shape, std::int64_t output);

 private:
    struct State;
    explicit PlaybackStream(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace querent::session::sound
