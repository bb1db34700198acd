#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace querent::session::project {
class Project;
}

namespace querent::session::sound {

/** Which stretch of which spectrogram: it begins at frame index * hop * Sound::kSpectrumColumns. */
struct SpectrumWish {
    int fftSize = 1024;      // frames in a window, a power of two from 256 to 8192
    std::int64_t hop = 256;  // frames from one column to the next, a power of two
    int channel = -1;        // Sound::kMixed: the mean of all
    std::int64_t index = 0;
};

/** Sound::kSpectrumColumns columns of a spectrogram; those behind the end of the sound are 0. */
struct SpectrumLevels {
    int bins = 0;                      // fftSize / 2 + 1; bin b is the frequency b * rate / fftSize
    std::vector<std::uint8_t> levels;  // [columns, bins], low frequencies first; 0 = -120 dB or less, 255 = 0 dB
};

/** Where the peaks of long sounds are kept between runs. */
struct PeakCache {
    std::filesystem::path file;  // empty: nowhere
    bool write = true;           // otherwise it is only read
};

/**
 * A sound file opened for looking: its shape, the waveform at every zoom, single samples and spectrograms. What must
 * not wait (shape, peaks, wantFirst) touches memory only and may be called from any thread at any time; what is slow
 * says so, and is for worker threads: any number of them at once, but one build(). Never writes to the sound.
 */
class Sound {
 public:
    static constexpr int kMixed = -1;  // in place of a channel: the mean of all
    static constexpr int kSpectrumColumns = 256;
    static constexpr int kSmallestFft = 256;
    static constexpr int kLargestFft = 8192;

    /**
     * Reads the header. Refuses files that are missing, empty, damaged from the start or no sound, each with its own
     * sentence. Some milliseconds; longer for damaged files.
     */
    static Result<std::shared_ptr<Sound>> open(const std::filesystem::path& path, PeakCache cache = {});
    ~Sound();

    const SoundShape& shape() const;
    const std::filesystem::path& path() const;
    /** One sentence when a part of the sound is missing or it is not as expected; empty when all is well. */
    const std::string& problem() const;

    /** Told of each stretch [first, end) of frames whose peaks are known now, on the thread that builds. */
    using KnownListener = std::function<void(std::int64_t first, std::int64_t end)>;
    /**
     * Works out the peaks of the whole sound, or takes them from the cache file. After a cancelled job another call
     * goes on where this one stopped. Slow: reads the file once, some seconds an hour.
     */
    Result<void> build(const Job& job, const KnownListener& listener = {});
    /** Takes the peaks from the cache file; false where there is none that fits. Some milliseconds. */
    bool loadPeaks();
    /** All peaks are known. */
    bool complete() const;
    /** What build() does next begins at this frame: for what somebody looks at. */
    void wantFirst(std::int64_t frame);
    /** Bytes that the peaks take in memory. */
    std::int64_t peakBytes() const;

    /** Columns of fewer frames than this have no peaks(): samples() tell them exactly. */
    std::int64_t finestColumn() const;
    /**
     * Column c covers the frames from firstFrame + c * framesPerColumn up to the next one's, and as many beside it as
     * its ends lie within an entry of the zoom level. Always `columns` long; NaN in `low` where nothing is known yet,
     * outside the sound, and below finestColumn().
     */
    std::vector<Peak> peaks(int channel, std::int64_t firstFrame, double framesPerColumn, int columns) const;

    /** Interleaved samples [frames, channels]; cut at the end of the sound. Reads the file. */
    Result<std::vector<float>> samples(std::int64_t firstFrame, std::int64_t frames);
    /** Reads the file and transforms: some milliseconds, more where a packed file (mp3, ogg) is seen from afar. */
    Result<SpectrumLevels> spectrum(const SpectrumWish& wish, const Job& job = {});

 private:
    struct State;
    friend Result<std::shared_ptr<Sound>> openSound(const project::Project& project, const Item& item);
    explicit Sound(std::unique_ptr<State> state);
    void noteChange(const SoundShape& expected);
    std::unique_ptr<State> m_state;
};

/**
 * Opens the first sound of an item, with its peaks cached in the project's sidecar folder (a read-only project's cache
 * is read, not written). A file that is not as it was when it was imported says so in problem(). Errors as
 * Sound::open(), and of code NotFound for an item without a sound and for a file that is not where the project says.
 * Slow; any thread.
 */
Result<std::shared_ptr<Sound>> openSound(const project::Project& project, const Item& item);

}  // namespace querent::session::sound
