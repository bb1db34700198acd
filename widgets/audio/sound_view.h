#pragma once

#include "widgets/audio/sound_gestures.h"
#include "widgets/audio/sound_layers.h"
#include "widgets/audio/sound_painter.h"
#include "widgets/canvas/box_surface.h"

#include <QElapsedTimer>
#include <QPointer>

namespace querent::widgets::audio {

/** What of a sound is seen: survives a change of item when the view is kept. */
struct SoundRange {
    bool fit = true;  // the whole sound; the frames then say nothing
    double firstFrame = 0.0;
    double lastFrame = 0.0;
    bool wholeBand = true;
    double lowHz = 0.0;
    double highHz = 0.0;
};

/** What a drag may draw. */
enum class SoundDrawing { Nothing, Times, Boxes };

/**
 * Shows a sound as a waveform above a spectrogram on one time axis, with regions, and turns mouse and keyboard into
 * completed gestures: the BoxCanvas of sounds.
 *
 * Regions are CanvasBoxes in frames and Hz (see region_geometry.h). The view reads no file and plays nothing: a
 * SoundProvider hands it pictures, setPlayhead() moves its cursor, and seekRequested() asks for another place.
 *
 * Keys handled here with the focus, before the window's: Left / Right (seek 1 s; Shift 5 s, Ctrl 0.1 s), Alt+arrows
 * (start or low edge of the selected regions; Ctrl+Alt: end or high edge; 10 ms or 50 Hz, with Shift 1 frame or 1 Hz),
 * Tab / Shift+Tab (next region in time), Esc, Space, Shift+Space, Enter while drawing, the peek key (hold). Handled
 * only when the window has nothing on them: F, Z, B, Home, I, O, L, Ctrl+PgUp, Ctrl+PgDn, Ctrl+Home; each of them has a
 * slot or a signal. Mouse: a drag on the waveform draws a stretch of time, on the spectrogram a box (Shift: time only);
 * a click on nothing seeks; a drag on the ruler sets the loop; middle drag pans. Ctrl+wheel zooms time,
 * Ctrl+Shift+wheel frequencies, Shift (or a sideways) wheel scrolls time, the plain wheel frequencies where they are
 * zoomed, else time.
 */
class SoundView : public canvas::BoxSurface {
    Q_OBJECT

 public:
    explicit SoundView(QWidget* parent = nullptr);

    /**
     * The provider must outlive its use; null shows the message. Ends any gesture, clears boxes, playhead and loop.
     * Fits the sound, or keeps the view when setKeepView(true) and the shapes are equal. A provider whose shape changes
     * must be set again.
     */
    void setProvider(SoundProvider* provider);
    /** No sound: shows the sentence in the middle ("This file is missing."). */
    void clearSound(const QString& message);
    bool hasSound() const;
    SoundShape shape() const;

    /** Nothing: for classes of the whole clip; regions that are there can still be looked at. Boxes at first. */
    void setDrawing(SoundDrawing drawing);
    SoundDrawing drawing() const;

    // How it looks.
    /** Share of the height that the waveform takes, in [0.1, 0.9]. */
    void setSplit(double waveformShare);
    double split() const;
    /** One of the two always stays. */
    void setWaveformVisible(bool visible);
    void setSpectrogramVisible(bool visible);
    bool isWaveformVisible() const;
    bool isSpectrogramVisible() const;
    /** A lane for each channel in the waveform; otherwise one for their mix. */
    void setEveryChannel(bool on);
    /** What the spectrogram shows: a channel, or kMixedChannel. */
    void setSpectrogramChannel(int channel);
    void setColourMap(ColourMap map);
    /** The gain counts for waveform and spectrogram. */
    void setLevels(const LevelRange& range);
    LevelRange levels() const;
    /** Frames in a window: rounded to a power of two in [64, 16384]. */
    void setFftSize(int frames);
    int fftSize() const;
    void setFrequencyScale(FrequencyScale scale);

    // Where it looks.
    /** Logical pixels for a second of sound. */
    double zoom() const;
    SoundRange range() const;
    void setRange(const SoundRange& range);
    void ensureVisible(qint64 id) override;
    const TimeAxis& timeAxis() const;
    const FrequencyAxis& frequencyAxis() const;
    /** The screen point (viewport, logical pixels) of a frame and a frequency, and back. */
    QPointF toViewport(QPointF sound) const;
    QPointF toSound(QPointF viewport) const;
    QRectF waveformRect() const;     // empty when hidden
    QRectF spectrogramRect() const;  // empty when hidden
    QRectF timeRulerRect() const;

    // Playback, as the one who plays tells it.
    void setPlayhead(qint64 frame);
    qint64 playhead() const;
    /** While on, the view turns the page when the playhead leaves it. */
    void setFollowPlayhead(bool on);
    /** Shades the frames; first >= last for none. */
    void setLoop(qint64 first, qint64 last);
    bool hasLoop() const;

 public Q_SLOTS:
    void zoomIn() override;
    void zoomOut() override;
    void zoomToFit() override;
    void zoomToSelection();
    /** Fits the sound and all frequencies. */
    void resetView();
    /** What was seen before the last zoom. */
    void back();
    /** The next drag says what to look at. */
    void startZoomBox();
    /** Start of the selected region, or of a new one, at the playhead. */
    void setInPoint();
    /** End of the selected region, or of the one that setInPoint() began. */
    void setOutPoint();
    void startKeyboardDraw() override;

 Q_SIGNALS:
    void seekRequested(qint64 frame);
    /** Play these frames once. */
    void playRequested(qint64 firstFrame, qint64 lastFrame);
    /** A drag on the ruler; first == last takes the loop away. */
    void loopDrawn(qint64 firstFrame, qint64 lastFrame);
    void loopToggled();
    /** 1 faster, -1 slower, 0 back to normal. */
    void speedStepRequested(int step);

 protected:
    canvas::Gesture* gestureAt(canvas::GesturePoint& at, Qt::MouseButton button) override;
    void clickOnNothing(const canvas::GesturePoint& at) override;
    void panBy(QPointF from, QPointF delta) override;
    void zoomBy(double factor, QPointF viewport) override;
    std::vector<qint64> cycleOrder() const override;
    QString description() const override;
    bool wantsKey(const QKeyEvent& event) const override;
    bool escape() override;
    void repaintAll() override;

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    // View.
    void detach();
    void soundChanged(qint64 first, qint64 last);
    void relayout();
    void viewMoved(bool zoomed);
    void syncBar();
    void remember(bool burst);
    void lookAt(const SoundRange& range);
    void zoomTime(double factor, double x);
    void turnPage();
    template <typename Change>
    void changeSpectrum(Change change);

    // Painting.
    SoundSight sight() const;
    void renderLayer();
    bool updateLayers();
    QStringList laneNames() const;

    // Mouse and keys.
    void scrollAtEdge();
    void seekTo(double frame);
    QVector<querent::Box> regionsOf(const QVector<qint64>& ids) const;
    static QPair<double, double> spanOf(const QVector<querent::Box>& regions);
    void moveEdge(canvas::BoxPart edge, double by);
    bool arrowKey(const QKeyEvent& event);
    bool spaceKey(const QKeyEvent& event);
    bool viewKey(const QKeyEvent& event);
    void moveKeyboardCursor(QPointF delta);

    SoundPlane& m_sound;  // the plane that the base owns
    QPointer<SoundProvider> m_provider;
    WaveformLayer m_waves;
    SpectrogramLayer m_spectrum;
    SoundPainter m_painter;
    SoundSplit m_split;
    bool m_everyChannel = true;
    double m_paintRatio = 1.0;  // device pixels in a logical one, where it was last painted
    double m_barScale = 1.0;    // logical pixels in a step of the scroll bar
    bool m_settingBar = false;

    qint64 m_playhead = 0;
    RulerGesture::Loop m_loop;
    bool m_follow = true;
    std::optional<qint64> m_inPoint;

    RulerGesture m_ruler;
    ZoomBoxGesture m_zoomBox;
    canvas::PullGesture m_splitter;
    canvas::PullGesture m_frequencies;
    QTimer m_edgeTimer;        // scrolls while a gesture is held outside
    QPointF m_keyboardCursor;  // viewport pixels

    // The way back through the views.
    QVector<SoundRange> m_history;
    QElapsedTimer m_lastZoom;
};

}  // namespace querent::widgets::audio
