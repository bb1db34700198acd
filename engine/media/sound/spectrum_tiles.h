#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/sound.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/stft.h"

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

namespace querent::media::sound {

/** Which part of which spectrogram of a sound. */
struct TileKey {
    int fftSize = 1024;      // 256 to 8192, a power of two: window and transform
    std::int64_t hop = 256;  // frames a column, a power of two of at least 1
    int channel = -1;        // -1: the mean of all channels
    std::int64_t index = 0;  // the tile covers frames [index, index + 1) * hop * kTileColumns

    bool operator<(const TileKey& other) const {
        return std::tie(fftSize, hop, channel, index) < std::tie(other.fftSize, other.hop, other.channel, other.index);
    }
};

/** Levels of a stretch of sound, 8 bits each: 0 is SpectrumTiles::kFloorDb or less, 255 is 0 dB or more. */
struct SpectrumTile {
    int columns = 0;                   // that lie within the sound; the rest of the kTileColumns are 0
    int bins = 0;                      // fftSize / 2 + 1; bin b is centred at b * rate / fftSize
    std::vector<std::uint8_t> levels;  // [kTileColumns, bins], from 0 Hz to half the rate

    std::uint8_t at(int bin, int column) const;
};

/**
 * The spectrogram of a sound in tiles, worked out when they are asked for and kept while there is room. A column is the
 * spectrum in the middle of its frames under a window of Hann; where a column is longer than the window, it is the
 * greatest of up to kMostWindows windows spread over it, so that a short sound is still seen from afar. A sine at full
 * scale has 0 dB. Any number of threads; a file is read by one of them at a time.
 */
class SpectrumTiles {
 public:
    using Tile = std::shared_ptr<const SpectrumTile>;
    static constexpr int kTileColumns = 256;
    static constexpr float kFloorDb = -120.0F;
    static constexpr std::int64_t kDefaultCacheBytes = 64LL << 20;
    static constexpr int kMostWindows = 4;

    /** Errors as SoundFile::open(). */
    static Result<std::shared_ptr<SpectrumTiles>> open(const std::filesystem::path& path,
                                                       std::int64_t cacheBytes = kDefaultCacheBytes);

    const SoundShape& shape() const { return m_shape; }
    /** How many tiles a spectrogram has; their indices begin at 0. */
    std::int64_t tileCount(std::int64_t hop) const;
    /** The power of two that shows `framesPerPixel` best: a column is as wide as a pixel or up to twice narrower. */
    static std::int64_t hopFor(double framesPerPixel);

    /** The tile if it is there already, or null; never waits for a file or a transform. */
    Tile cached(const TileKey& key);
    /**
     * The tile, worked out on the calling thread if need be: some milliseconds, more where a packed file (mp3, ogg) is
     * seen from afar. Refuses keys outside their ranges.
     */
    Result<Tile> tile(const TileKey& key, const Job& job = {});

    /** Bytes in the cache. */
    std::int64_t bytes() const;

 private:
    struct Entry {
        TileKey key;
        Tile tile;
    };
    SpectrumTiles(SoundFile file, std::int64_t cacheBytes);
    bool isValid(const TileKey& key) const;
    Result<Tile> compute(const TileKey& key, const Job& job);
    Result<void> readMono(std::int64_t firstFrame, int channel, std::vector<float>& mono);
    void keep(const TileKey& key, const Tile& tile);

    SoundShape m_shape;
    std::mutex m_fileMutex;
    SoundFile m_file;  // guarded by m_fileMutex

    mutable std::mutex m_mutex;  // guards the rest
    std::list<Entry> m_entries;  // most recently used first
    std::map<TileKey, std::list<Entry>::iterator> m_index;
    std::int64_t m_bytes = 0;
    std::int64_t m_maxBytes;
};

}  // namespace querent::media::sound
