#pragma once

#include "widgets/audio/sound_layers.h"
#include "widgets/audio/sound_painter.h"
#include "widgets/audio/sound_view.h"
#include "widgets/canvas/box_surface_p.h"

#include <QElapsedTimer>
#include <QPointer>

namespace querent::widgets {

/** The inside of SoundView, shared by its files: view, painting, mouse, keys. */
struct SoundView::Private : BoxSurface::Inside {
    explicit Private(SoundView* view) : q(view) {}

    SoundView* q;
    QPointer<SoundProvider> provider;
    SoundShape shape;
    SoundGesture gesture;  // in place of that of the state
    TimeAxis time;
    FrequencyAxis frequencies;
    SoundLayout layout;
    WaveformLayer waves;
    SpectrogramLayer spectrum;
    SoundPainter painter;
    ScreenRegions onWaves, onSpectrum;

    // Settings.
    SoundDrawing drawingAllowed = SoundDrawing::Boxes;
    SoundSplit split;
    bool everyChannel = true;

    // Playback.
    qint64 playhead = 0;
    qint64 loopFirst = 0, loopLast = 0;
    bool follow = true;
    std::optional<qint64> inPoint;

    // Mouse and keyboard.
    SoundPane pressPane = SoundPane::Waveform;
    bool zoomArmed = false;
    QTimer edgeTimer;  // scrolls while a gesture is held outside
    Qt::KeyboardModifiers dragKeys;
    QPointF keyboardCursor;  // viewport pixels
    RegionEdge nudgeEdge = RegionEdge::Start;

    // The way back through the views.
    QVector<SoundRange> history;
    QElapsedTimer lastZoom;

    double paintRatio = 1.0;  // device pixels in a logical one, where it was last painted
    double barScale = 1.0;    // logical pixels in a step of the scroll bar

    bool boxesAllowed() const { return drawingAllowed == SoundDrawing::Boxes; }
    SoundField field() const { return {shape.frames, frequencies}; }
    RegionMap map() const { return {time, frequencies, layout}; }

    // The medium.
    bool hasMedium() const override { return provider && !shape.empty(); }
    QPointF toPoint(QPointF viewport) const override { return map().toSound(viewport); }
    std::optional<Hit> findHit(QPointF viewport, bool ignoreSelection) override;
    std::vector<qint64> cycleOrder() const override;
    void reached(qint64 id) override;
    QString description() const override;
    void zoomBy(double factor, QPointF viewport) override;
    void styleChanged() override;

    // View.
    void relayout();
    void viewMoved(bool zoomed);
    void syncBar();
    void remember(bool burst);
    void show(const SoundRange& range);
    void zoomTime(double factor, double x);
    void detach();
    void soundChanged(qint64 first, qint64 last);
    void turnPage();

    // Painting.
    void repaintAll() override;
    SoundSight sight() const;
    void renderLayer();
    bool updateLayers();
    QStringList laneNames() const;

    // The gesture in flight.
    bool timeOnly(SoundPane pane, Qt::KeyboardModifiers keys) const;
    QVector<SoundGesture::Region> regionsOf(const QVector<qint64>& ids) const;
    GesturePhase phase() const override { return gesture.phase(); }
    void startDrawing(QPointF from, Qt::KeyboardModifiers keys) override;
    void drawTo(QPointF to, Qt::KeyboardModifiers keys) override;
    querent::Box takeDrawn() override { return gesture.finishDrawing(); }
    void startEditing(const QVector<qint64>& ids, BoxPart part, QPointF from) override;
    void editTo(QPointF to, Qt::KeyboardModifiers keys) override;
    BoxPart editedPart() const override { return gesture.part(); }
    QVector<SoundGesture::Region> takeEdited() override { return gesture.finishEditing(); }
    void showEdited(const QVector<SoundGesture::Region>& changed) override;
    void startBand(QPointF from) override;
    void bandTo(QPointF to) override { drawTo(to, {}); }
    std::vector<qint64> takeBand() override;
    void dropGesture() override { gesture.cancel(); }
    void dropLost() override;
    QString tooSmall(bool change) const override;

    // Mouse.
    std::optional<SoundPane> paneAt(QPointF viewport) const;
    bool canDraw() const override { return Inside::canDraw() && drawingAllowed != SoundDrawing::Nothing; }
    void refreshCursor(Qt::KeyboardModifiers keys) override;
    Qt::CursorShape cursorShape(Qt::KeyboardModifiers keys);
    void pressed(const QMouseEvent& event) override;
    void pressLeft();
    void moveHeld(QPointF at, Qt::KeyboardModifiers keys);
    void clickOnNothing() override;
    void release(QPointF at, Qt::KeyboardModifiers keys);
    void finishZoomBox(QPointF at);
    void finishRuler(QPointF at);
    void scrollAtEdge();
    void seekTo(double frame);

    // Keys.
    bool answersKeys() const override { return hasMedium(); }
    bool wantsKey(const QKeyEvent& event) const override;
    bool takeKey(const QKeyEvent& event) override;
    bool arrowKey(const QKeyEvent& event);
    bool spaceKey(const QKeyEvent& event);
    bool viewKey(const QKeyEvent& event);
    void nudge(RegionEdge edge, double delta);
    BoxPart nudgedPart() const override { return BoxPart::Left; }
    void moveEdge(RegionEdge edge, double frame);
    QPointF keyboardPoint() const override { return toPoint(keyboardCursor); }
    void moveKeyboardCursor(QPointF delta);
    bool escape() override;
};

}  // namespace querent::widgets
