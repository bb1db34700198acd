#pragma once

#include "engine/core/sound.h"

#include <QObject>

#include <cstdint>
#include <memory>
#include <vector>

namespace querent::widgets::audio {

/** All channels added up, where a channel number is asked for. */
inline constexpr int kMixedChannel = -1;

/** Which stretch of which spectrogram: tile `index` begins at frame index * SpectrumTile::kColumns * hop. */
struct TileKey {
    int channel = kMixedChannel;
    int fftSize = 1024;      // frames in a window, a power of two
    std::int64_t hop = 256;  // frames from one column to the next, a power of two
    std::int64_t index = 0;

    bool operator==(const TileKey&) const = default;
    std::int64_t columnFrame(int column) const;
    std::int64_t firstFrame() const { return columnFrame(0); }
};

/**
 * 256 columns of a spectrogram. Column c tells of the frames [columnFrame(c), columnFrame(c) + hop): its window is
 * centred on their middle, and where the hop is longer than the window it holds the greatest of several windows, so
 * that a click is still seen from afar. Columns behind the end of the sound are 0.
 */
struct SpectrumTile {
    static constexpr int kColumns = 256;
    static constexpr double kFloorDb = -120.0;  // level 0; level 255 is 0 dB, the level of a full-scale sine

    int bins = 0;                      // fftSize / 2 + 1; bin b is the frequency b * rate / fftSize
    std::vector<std::uint8_t> levels;  // kColumns * bins, column after column, low frequencies first

    const std::uint8_t* column(int c) const { return levels.data() + static_cast<std::size_t>(c) * bins; }
};

inline std::int64_t TileKey::columnFrame(int column) const {
    return (index * SpectrumTile::kColumns + column) * hop;
}

/**
 * Where the sound view gets its sound from. The application implements it on top of a worker; the view calls it from
 * the UI thread, while painting, and nothing here may wait. What is not known yet is left out, computed behind the
 * scenes, and announced by changed(), in the UI thread.
 */
class SoundProvider : public QObject {
    Q_OBJECT

 public:
    using QObject::QObject;

    /** Empty while there is no sound. */
    virtual SoundShape shape() const = 0;

    /**
     * Column i covers the frames [firstFrame + i * framesPerColumn, firstFrame + (i + 1) * framesPerColumn), at least
     * one frame. Columns that are not known yet, or lie outside the sound, have NaN in `low`. Always `columns` long.
     */
    virtual std::vector<Peak> peaks(int channel, double firstFrame, double framesPerColumn, int columns) = 0;

    /**
     * The samples of `count` frames from `firstFrame`, for drawing single samples; empty while they are not at hand.
     * Only asked when fewer than a few thousand frames are on screen.
     */
    virtual std::vector<float> samples(int channel, std::int64_t firstFrame, int count) = 0;

    /**
     * The tile if it is at hand; null otherwise, and then it is wanted: a worker should make the newest wish first, and
     * may forget wishes that more than 64 newer ones came after.
     */
    virtual std::shared_ptr<const SpectrumTile> tile(const TileKey& key) = 0;

 Q_SIGNALS:
    /** Peaks, samples or tiles of these frames are at hand now, or are different ones. */
    void changed(qint64 firstFrame, qint64 lastFrame);
};

}  // namespace querent::widgets::audio
