#pragma once

#include "widgets/audio/colour_map.h"
#include "widgets/audio/scroll_cache.h"
#include "widgets/audio/sound_provider.h"
#include "widgets/audio/time_axis.h"

#include <QColor>
#include <QElapsedTimer>
#include <QRectF>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace querent::widgets::audio {

/** How much of a frame's time drawing may still take. At least one piece is drawn however late it is. */
class PaintBudget {
 public:
    explicit PaintBudget(double milliseconds) : m_limit(milliseconds) { m_timer.start(); }
    bool spent() const { return 1e-6 * static_cast<double>(m_timer.nsecsElapsed()) > m_limit; }

 private:
    QElapsedTimer m_timer;
    double m_limit;
};

/** How a spectrogram is made and coloured. */
struct SpectrogramLook {
    int fftSize = 1024;
    int channel = kMixedChannel;
    ColourMap map = ColourMap::Viridis;
    LevelRange range{};

    bool operator==(const SpectrogramLook&) const = default;
};

/** A spectrogram in a pane, drawn from tiles of a provider. */
class SpectrogramLayer {
 public:
    void setLook(const SpectrogramLook& look);
    const SpectrogramLook& look() const { return m_look; }
    void invalidate() { m_cache.invalidate(); }
    void invalidate(double firstFrame, double lastFrame);
    /** Another sound: nothing of the picture stays. */
    void clear() { m_cache = {}; }

    /**
     * Draws what the budget allows; false when columns are left for the next frame. `height` is in logical pixels: that
     * of `frequencies`.
     */
    bool update(SoundProvider& provider, const TimeAxis& time, const FrequencyAxis& frequencies, double deviceRatio,
                const PaintBudget& budget);
    const QImage& image() const { return m_cache.image(); }
    /** Nothing is stale and nothing waits for the provider. */
    bool isComplete() const { return m_cache.isComplete(); }

    /** The hop that goes with so many frames in a device pixel: not longer than one, not shorter than is of use. */
    static std::int64_t hopFor(double framesPerColumn, int fftSize);

 private:
    struct Row {
        int bin = 0;     // the first of those that fall on this row
        int last = 0;    // the last; when it is `bin`, the row lies between bin and bin + 1
        int weight = 0;  // of bin + 1, in 256ths
    };

    void layRows(const FrequencyAxis& frequencies, double rate, int height);
    const SpectrumTile* tileOf(SoundProvider& provider, std::int64_t index);
    bool mixColumn(SoundProvider& provider, int column, std::int64_t columns);
    bool addColumn(SoundProvider& provider, std::int64_t column);
    void paintColumn(int column);

    SpectrogramLook m_look;
    ColourTable m_colours = colourTable(ColourMap::Viridis, {});
    ScrollCache m_cache;
    std::vector<Row> m_rows;
    double m_low = -1.0, m_high = -1.0;  // what the rows were laid for, Hz
    FrequencyScale m_scale = FrequencyScale::Linear;
    std::int64_t m_hop = 0;
    std::vector<std::uint8_t> m_levels;  // of the column being made
    // The last two tiles, kept for one update only: a column may lie between them.
    struct Held {
        std::int64_t index = -1;
        std::shared_ptr<const SpectrumTile> tile;
    };
    std::array<Held, 2> m_held;
    std::size_t m_nextHeld = 0;
};

struct WaveformLook {
    QColor back, ink, zero, border;
    double gainDb = 0.0;
    bool everyChannel = true;  // one lane each; otherwise their mix

    bool operator==(const WaveformLook&) const = default;
};

/** The waveform in a pane: one lane for each channel, or their mix. */
class WaveformLayer {
 public:
    void setLook(const WaveformLook& look);
    const WaveformLook& look() const { return m_look; }
    void invalidate() { m_cache.invalidate(); }
    void invalidate(double firstFrame, double lastFrame) { m_cache.invalidate(firstFrame, lastFrame); }
    void clear() { m_cache = {}; }
    /** As SpectrogramLayer's. */
    bool update(SoundProvider& provider, const TimeAxis& time, double height, double deviceRatio,
                const PaintBudget& budget);
    const QImage& image() const { return m_cache.image(); }
    /** Nothing is stale and nothing waits for the provider. */
    bool isComplete() const { return m_cache.isComplete(); }

    /** How many lanes a sound with so many channels has. */
    static int lanes(int channels, bool everyChannel) { return everyChannel ? std::max(channels, 1) : 1; }

 private:
    struct Lane {
        int channel = kMixedChannel;
        int top = 0;
        int height = 0;
        double yOf(double sample, double gain) const;
    };

    void paintRun(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes, double deviceRatio);
    void paintBlank(ScrollCache::Run run, const std::vector<Lane>& lanes, double deviceRatio);
    void paintPeaks(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes, double deviceRatio);
    bool paintSamples(SoundProvider& provider, ScrollCache::Run run, const std::vector<Lane>& lanes,
                      double deviceRatio);
    void paintLine(const std::vector<float>& samples, std::int64_t first, ScrollCache::Run run, const Lane& lane,
                   double deviceRatio);
    void paintColumns(ScrollCache::Run run, const Lane& lane, std::span<const Peak> peaks, int first);

    WaveformLook m_look;
    ScrollCache m_cache;
};

}  // namespace querent::widgets::audio
