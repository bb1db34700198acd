#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/sound.h"
#include "engine/media/sound/sound_file.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace querent::media::sound {

/** What peaks() gives where nothing is known (yet): no sample lies between its ends. */
constexpr Peak kUnknownPeak{1.0F, -1.0F};
inline bool isKnown(const Peak& peak) {
    return peak.low <= peak.high;
}

/**
 * The least and greatest samples of every channel, and of the mean of all channels, at several zoom levels, so that the
 * waveform of an hour is drawn at once. One thread builds or loads; any thread asks meanwhile and gets what is known so
 * far, and may say which part it wants to know first. At most kMaxBytes of memory: longer sounds have a coarser base
 * level.
 */
class PeakPyramid {
 public:
    static constexpr std::int64_t kFinestBase = 256;  // frames
    static constexpr std::int64_t kFactor = 4;        // from level to level
    static constexpr std::int64_t kMaxBytes = 24'000'000;
    static constexpr int kMixed = -1;  // in place of a channel: the mean of all

    /** Opens the sound; nothing is known yet. Errors as SoundFile::open(). */
    static Result<std::shared_ptr<PeakPyramid>> open(const std::filesystem::path& path);

    const SoundShape& shape() const { return m_shape; }
    /** Frames in an entry of the finest level. */
    std::int64_t baseFrames() const { return m_base; }
    /** Bytes of all levels. */
    std::int64_t bytes() const;
    /** Of how many frames the peaks are known: the first ones, unless somebody asked for others first. Any thread. */
    std::int64_t knownFrames() const { return m_known.load(std::memory_order_acquire); }
    bool complete() const { return knownFrames() == m_shape.frames; }

    /** Told of each stretch [first, end) of frames that is known now, on the thread that builds. */
    using KnownListener = std::function<void(std::int64_t first, std::int64_t end)>;
    /** Reads the whole file once. After a cancelled job another call goes on where this one stopped. */
    Result<void> build(const Job& job, const KnownListener& listener = {});
    /** What is built next begins here: for what somebody looks at. Any thread. */
    void wantFirst(std::int64_t frame) { m_wanted.store(frame, std::memory_order_relaxed); }
    /**
     * Takes the peaks from a cache file that save() wrote for the same sound: `hash` is contentHash(), or empty, then
     * path, size and time stand in for it. An error of code NotFound where there is none that fits.
     */
    Result<void> load(const std::filesystem::path& cacheFile, const std::string& hash);
    /** Writes the cache file; the pyramid must be complete. */
    Result<void> save(const std::filesystem::path& cacheFile, const std::string& hash) const;
    /** Loads, or builds and saves. A cache file that cannot be written costs time later, nothing else. */
    Result<void> loadOrBuild(const std::filesystem::path& cacheFile, const std::string& hash, const Job& job,
                             const KnownListener& listener = {});

    /**
     * One peak for each of `columns` columns (at most kMaxColumns); column c covers frames
     * [firstFrame + c * framesPerColumn, firstFrame + (c + 1) * framesPerColumn), and at least the frame that it begins
     * in. `channel` may be kMixed. Below baseFrames() a column they are exact and read from the file (some
     * milliseconds); else from the level whose entries are at most as long as a column, and an entry counts for each
     * column that it touches. Columns that are not known yet or outside the sound are kUnknownPeak. Any thread.
     */
    Result<std::vector<Peak>> peaks(int channel, std::int64_t firstFrame, double framesPerColumn, int columns) const;
    static constexpr int kMaxColumns = 65'536;
    /** Whether peaks() would read the file for columns of so many frames. */
    bool needsFile(double framesPerColumn) const { return framesPerColumn < static_cast<double>(m_base); }

 private:
    struct Level {
        std::int64_t span = 0;      // frames in an entry
        std::vector<Peak> entries;  // [entries, lanes]: the channels, then their mean where there are several
    };
    struct Range {
        std::int64_t first = 0;
        std::int64_t end = 0;  // half-open
    };
    explicit PeakPyramid(SoundFile file);
    void chooseLevels();
    std::size_t lanes() const { return static_cast<std::size_t>(m_shape.channels > 1 ? m_shape.channels + 1 : 1); }
    std::size_t laneOf(int channel) const;
    std::size_t nextUnknown(std::size_t from) const;
    Result<void> readBlock(SoundFile& file, std::size_t block, std::vector<float>& samples);
    void summarise(const std::vector<float>& samples, std::int64_t firstFrame);
    void raise(std::int64_t fromFrame, std::int64_t toFrame);
    void makeKnown(std::size_t block);
    bool isKnownRange(std::int64_t first, std::int64_t end) const;
    Range framesOf(std::int64_t firstFrame, double framesPerColumn, int column) const;
    Peak fromLevel(const Level& level, std::size_t lane, Range frames) const;
    Result<std::vector<Peak>> fromFile(int channel, std::int64_t firstFrame, double framesPerColumn, int columns) const;

    std::filesystem::path m_path;
    SoundShape m_shape;
    std::int64_t m_base = kFinestBase;
    std::int64_t m_block = 0;     // frames that are read together
    std::vector<Level> m_levels;  // finest first; entries within known blocks never change
    std::vector<std::atomic<bool>> m_blockKnown;
    std::atomic<std::int64_t> m_known = 0;  // frames in known blocks
    std::atomic<std::int64_t> m_wanted = 0;
    mutable std::mutex m_fileMutex;
    mutable SoundFile m_file;  // guarded by m_fileMutex
};

}  // namespace querent::media::sound
