#pragma once

#include "widgets/audio/sound_layers.h"
#include "widgets/audio/sound_painter.h"
#include "widgets/audio/sound_view.h"

#include <QElapsedTimer>
#include <QPixmap>
#include <QPointer>
#include <QTimer>

namespace querent::widgets {

/** The inside of SoundView, shared by its four files: view, painting, mouse, keys. */
struct SoundView::Private {
    explicit Private(SoundView* view) : q(view) {}

    SoundView* q;
    QPointer<SoundProvider> provider;
    SoundShape shape;
    CanvasState state;  // regions and selection; the gesture is our own
    SoundGesture gesture;
    TimeAxis time;
    FrequencyAxis frequencies;
    SoundLayout layout;
    WaveformLayer waves;
    SpectrogramLayer spectrum;
    SoundPainter painter;
    ScreenRegions onWaves, onSpectrum;
    QString message;

    // Settings.
    CanvasMode mode = CanvasMode::Modeless;
    SoundDrawing drawingAllowed = SoundDrawing::Boxes;
    SoundSplit split;
    QString activeName;
    QColor activeColour = QColor(0x2f5bd7);
    bool everyChannel = true;
    bool readOnly = false;
    bool crosshair = true;
    bool patterns = false;
    bool labelsVisible = true;
    bool ghostsVisible = true;
    bool keepView = false;
    int peekKey = Qt::Key_H;

    // Playback.
    qint64 playhead = 0;
    qint64 loopFirst = 0, loopLast = 0;
    bool follow = true;
    std::optional<qint64> inPoint;

    // The mouse. A press becomes a click or a drag only by what follows it.
    enum class Press { None, Left, Pan, FrequencyPan, Splitter, Ruler, ZoomBox };
    Press press = Press::None;
    SoundPane pressPane = SoundPane::Waveform;
    QPointF pressAt;  // viewport pixels
    QPointF lastAt;
    std::optional<Hit> pressHit;
    bool dragging = false;
    bool cornerPlaced = false;
    bool zoomArmed = false;
    std::optional<QPointF> cursor;
    qint64 hovered = 0;
    bool peeking = false;
    QTimer edgeTimer;  // scrolls while a gesture is held outside
    Qt::KeyboardModifiers dragKeys;

    // The keyboard.
    bool keyboardDraw = false;
    QPointF keyboardCursor;  // viewport pixels
    bool nudging = false;
    RegionEdge nudgeEdge = RegionEdge::Start;
    QTimer nudgeTimer;

    // The way back through the views.
    QVector<SoundRange> history;
    QElapsedTimer lastZoom;

    // Painting: everything that stays while the mouse moves is in one pixmap.
    QPixmap layer;
    bool layerStale = true;
    double paintRatio = 1.0;  // device pixels in a logical one, where it was last painted
    bool settingBars = false;
    double barScale = 1.0;  // logical pixels in a step of the scroll bar

    bool showsLabels() const { return labelsVisible && !peeking; }
    bool showsGhosts() const { return ghostsVisible && !peeking; }
    bool drawing() const { return gesture.phase() == SoundGesture::Phase::Drawing; }
    bool editing() const { return gesture.phase() == SoundGesture::Phase::Editing; }
    bool boxesAllowed() const { return drawingAllowed == SoundDrawing::Boxes; }
    bool canDraw() const { return !readOnly && drawingAllowed != SoundDrawing::Nothing && mode != CanvasMode::Select; }
    SoundField field() const { return {shape.frames, frequencies}; }
    RegionMap map() const { return {time, frequencies, layout}; }

    // View.
    void relayout();
    void repaintAll();
    void repaintOverlay();
    void viewMoved(bool zoomed);
    void syncBar();
    void remember(bool burst);
    void show(const SoundRange& range);
    void zoomTime(double factor, double x);
    void detach();
    void soundChanged(qint64 first, qint64 last);
    void turnPage();

    // Painting.
    SoundSight sight() const;
    void paintMessage(QPainter& painter) const;
    void renderLayer();
    bool updateLayers();
    QStringList laneNames() const;

    // Selection.
    void select(const QSet<qint64>& ids);
    void setHovered(qint64 id);
    void announce();
    QVector<SoundGesture::Region> regionsOf(const QVector<qint64>& ids) const;

    // Mouse.
    std::optional<SoundPane> paneAt(QPointF viewport) const;
    bool timeOnly(SoundPane pane, Qt::KeyboardModifiers keys) const;
    std::optional<Hit> hitAt(QPointF viewport, bool ignoreSelection = false);
    std::optional<Hit> hitIn(SoundPane pane, QPointF viewport, bool ignoreSelection);
    bool canEdit(const Hit& hit) const;
    void refreshCursor(Qt::KeyboardModifiers keys);
    Qt::CursorShape cursorShape(Qt::KeyboardModifiers keys);
    void pressLeft();
    void moveHeld(QPointF at, Qt::KeyboardModifiers keys);
    void startDrag(Qt::KeyboardModifiers keys);
    void click(Qt::KeyboardModifiers keys);
    void clickOnNothing();
    void moveGesture(QPointF at, Qt::KeyboardModifiers keys);
    void release(QPointF at, Qt::KeyboardModifiers keys);
    void finishGesture(Qt::KeyboardModifiers keys);
    void finishDrawing();
    void finishEditing(const QString& gestureName);
    void finishBand(Qt::KeyboardModifiers keys);
    void finishZoomBox(QPointF at);
    void finishRuler(QPointF at);
    void scrollAtEdge();
    void seekTo(double frame);

    // Keys.
    bool wantsKey(const QKeyEvent& event) const;
    bool arrowKey(const QKeyEvent& event);
    bool spaceKey(const QKeyEvent& event);
    bool viewKey(const QKeyEvent& event);
    void nudge(RegionEdge edge, double delta);
    void finishNudge();
    void moveEdge(RegionEdge edge, double frame);
    void moveKeyboardCursor(QPointF delta);
    void placeKeyboardCorner();
    bool escape();
};

}  // namespace querent::widgets
