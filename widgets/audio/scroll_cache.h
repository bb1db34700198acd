#pragma once

#include <QImage>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace querent::widgets::audio {

/**
 * The picture of a stretch of sound, a column for each device pixel of time. Scrolling moves what is there and leaves
 * only the columns that came into sight to be drawn; zooming stretches it until its columns are drawn anew.
 */
class ScrollCache {
 public:
    /** Stale columns want drawing; Waiting ones cannot be drawn before the sound is known better. */
    enum class Column : std::uint8_t { Stale, Waiting, Done };

    /** `first` counts device pixels from frame 0. True when nothing could be kept. */
    bool moveTo(std::int64_t first, double framesPerColumn, QSize deviceSize, QRgb background);
    void invalidate();
    /** The columns that show any of these frames. */
    void invalidate(double firstFrame, double lastFrame);

    QImage& image() { return m_image; }
    const QImage& image() const { return m_image; }
    int columns() const { return m_image.width(); }
    /** The frame where a column begins. */
    double frameOf(int column) const { return static_cast<double>(m_first + column) * m_perColumn; }
    double framesPerColumn() const { return m_perColumn; }

    void mark(int column, Column state) { m_state[static_cast<std::size_t>(column)] = state; }
    Column state(int column) const { return m_state[static_cast<std::size_t>(column)]; }
    /** The first run of stale columns at or after `from`, at most `longest` long; empty (begin == end) when none. */
    struct Run {
        int begin = 0;
        int end = 0;
        bool empty() const { return begin >= end; }
    };
    Run nextStale(int from, int longest) const;
    bool hasStale() const { return !nextStale(0, 1).empty(); }
    bool isComplete() const {
        return std::all_of(m_state.begin(), m_state.end(), [](Column c) { return c == Column::Done; });
    }

 private:
    void shiftBy(std::int64_t columns, QRgb background);
    void stretchTo(std::int64_t first, double framesPerColumn, QRgb background);

    QImage m_image;  // RGB32
    std::int64_t m_first = 0;
    double m_perColumn = 0.0;
    std::vector<Column> m_state;
};

}  // namespace querent::widgets::audio
