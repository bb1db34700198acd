#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace querent::widgets::audio {

/**
 * Frames of a sound along the width of a view: x = (frame - origin) / framesPerPixel, in logical pixels. The sound
 * fills the view: it is never smaller than it, and never pushed past its ends. Positions between frames are whole
 * multiples of a device pixel, so that a picture of the sound can be moved instead of drawn anew. No widget.
 */
class TimeAxis {
 public:
    static constexpr double kMostPixelsPerFrame = 32.0;  // logical

    void setSound(std::int64_t frames);
    void setView(double width, double deviceRatio);
    std::int64_t frames() const { return m_frames; }
    double width() const { return m_width; }

    double framesPerPixel() const { return m_perPixel; }
    double framesPerDevicePixel() const { return m_perPixel / m_ratio; }
    /** The frame at x = 0; may lie between two. */
    double origin() const { return m_origin; }
    /** The first device pixel, counted from frame 0. */
    std::int64_t firstDevicePixel() const;

    double xOf(double frame) const { return (frame - m_origin) / m_perPixel; }
    double frameAt(double x) const { return m_origin + x * m_perPixel; }
    /** The nearest edge between two frames, inside the sound: what a gesture that ends at x means. */
    std::int64_t wholeFrameAt(double x) const;
    double firstVisible() const { return m_origin; }
    double lastVisible() const;

    bool isFitted() const;
    void fit();
    /** Changes the frames in a pixel and keeps the frame under x where it is, to half a device pixel. */
    void zoomTo(double framesPerPixel, double x);
    /** Moves the picture to the right by so many logical pixels. */
    void panBy(double dx);
    void scrollTo(double firstFrame);
    /** Shows exactly these frames, as far as the limits allow. */
    void show(double firstFrame, double lastFrame);
    /** The smallest scroll that brings the frames on screen; the first wins when they do not fit. */
    void ensureVisible(double firstFrame, double lastFrame, double margin = 24.0);

    double most() const;   // frames in a pixel when the whole sound is seen
    double least() const;  // when it is seen from as near as can be

 private:
    void settle();

    std::int64_t m_frames = 0;
    double m_width = 1.0;
    double m_ratio = 1.0;
    double m_perPixel = 1.0;
    double m_origin = 0.0;
};

/** Linear: equal Hz. Mel: as people hear distances of pitch. Logarithmic: an octave is everywhere nearly as high. */
enum class FrequencyScale { Linear, Mel, Logarithmic };

/** 0 Hz to the highest frequency along the height of a view, low ones at the bottom. No widget. */
class FrequencyAxis {
 public:
    void setSound(double nyquist);
    void setView(double top, double height);
    void setScale(FrequencyScale scale);
    FrequencyScale scale() const { return m_scale; }
    double nyquist() const { return m_nyquist; }
    double top() const { return m_top; }
    double height() const { return m_height; }

    double yOf(double hz) const;
    double hzAt(double y) const;  // not clamped to what is visible, but to 0 and the highest
    double lowest() const { return unwarped(m_low); }
    double highest() const { return unwarped(m_high); }

    /** Equal steps on screen are equal steps of the warped frequency: Hz, mel or log. 0 stays 0. */
    double warped(double hz) const;
    double unwarped(double position) const;

    bool isFitted() const;
    void fit();
    /** Shows 1 / factor of what is seen now and keeps the frequency under y. */
    void zoomBy(double factor, double y);
    void panBy(double dy);
    void show(double lowHz, double highHz);

 private:
    void settle(double low, double span);

    FrequencyScale m_scale = FrequencyScale::Linear;
    double m_nyquist = 1.0;
    double m_top = 0.0;
    double m_height = 1.0;
    double m_low = 0.0;   // warped, at the bottom
    double m_high = 1.0;  // warped, at the top
};

/** A mark of a ruler: where, and its text; small marks have none. */
struct Tick {
    double value = 0.0;  // frames, or Hz
    QString text;
};

/** Seconds as "12.345 s", "3:05.120" or "1:02:03.5": the unit goes with the longest time that is shown with it. */
enum class TimeFormat { Seconds, Minutes, Hours };
TimeFormat timeFormatFor(double longestSeconds);
/** With `decimals` digits after the second, rounded down, so that a running clock does not show what is not yet. */
QString timeText(double seconds, TimeFormat format, int decimals);

/** Digits after the second that marks at least `leastPixels` apart need. */
int tickDecimals(const TimeAxis& axis, int rate, double leastPixels);
/** Marks between two frames, none nearer than `leastPixels` to the next with a text; steps are 1, 2 or 5 in a unit. */
std::vector<Tick> timeTicks(const TimeAxis& axis, int rate, double leastPixels);
/** "500" and "2.5k" in Hz; all inside the axis, with texts at least `leastPixels` apart. */
std::vector<Tick> frequencyTicks(const FrequencyAxis& axis, double leastPixels);
/** "440 Hz", "2.50 kHz". */
QString frequencyText(double hz);

}  // namespace querent::widgets::audio
