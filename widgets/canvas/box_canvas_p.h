#pragma once

#include "widgets/canvas/box_canvas.h"
#include "widgets/canvas/box_surface_p.h"
#include "widgets/canvas/canvas_painter.h"
#include "widgets/canvas/picture_cache.h"
#include "widgets/canvas/view_transform.h"

namespace querent::widgets {

/** The inside of BoxCanvas, shared by its three files: painting and view, mouse, keys. */
struct BoxCanvas::Private : BoxSurface::Inside {
    explicit Private(BoxCanvas* canvas) : q(canvas) {}

    BoxCanvas* q;
    ViewTransform view;
    PictureCache picture;
    CanvasPainter painter;

    bool clamp = true;
    bool fitted = true;
    bool spaceHeld = false;
    bool spaceUsed = false;
    QPointF keyboardCursor;  // picture pixels
    NudgeCorner nudgeCorner = NudgeCorner::Whole;
    QTimer sharpenTimer;

    // The medium.
    bool hasMedium() const override { return !picture.empty(); }
    QPointF toPoint(QPointF viewport) const override { return view.toPicture(viewport); }
    std::optional<Hit> findHit(QPointF viewport, bool ignoreSelection) override;
    std::vector<qint64> cycleOrder() const override;
    QString description() const override;
    void zoomBy(double factor, QPointF viewport) override;
    void styleChanged() override;

    // Painting and view.
    void viewMoved(bool scaled);
    void panBy(QPointF delta);
    void syncBars();
    CanvasLook look() const;
    void renderLayer();

    // The gesture in flight is that of the state.
    DrawRule ruleFor(Qt::KeyboardModifiers keys) const;
    GesturePhase phase() const override { return state.phase(); }
    void startDrawing(QPointF from, Qt::KeyboardModifiers keys) override;
    void drawTo(QPointF to, Qt::KeyboardModifiers keys) override { state.drawTo(to, ruleFor(keys)); }
    querent::Box takeDrawn() override { return state.finishDrawing(); }
    void startEditing(const QVector<qint64>& ids, BoxPart part, QPointF from) override;
    void editTo(QPointF to, Qt::KeyboardModifiers keys) override { state.editTo(to, ruleFor(keys)); }
    BoxPart editedPart() const override { return state.part(); }
    QVector<QPair<qint64, querent::Box>> takeEdited() override { return state.finishEditing(); }
    void startBand(QPointF from) override { state.startBand(from); }
    void bandTo(QPointF to) override { state.bandTo(to); }
    std::vector<qint64> takeBand() override { return state.finishBand(); }
    void dropGesture() override { state.cancel(); }
    QString tooSmall(bool change) const override;

    // Mouse.
    void pressed(const QMouseEvent& event) override;
    void refreshCursor(Qt::KeyboardModifiers keys) override;
    void clickOnNothing() override;

    // Keys.
    bool wantsKey(const QKeyEvent& event) const override;
    bool takeKey(const QKeyEvent& event) override;
    bool arrowKey(const QKeyEvent& event);
    void nudge(QPointF delta, NudgeCorner corner);
    BoxPart nudgedPart() const override;
    QPointF keyboardPoint() const override { return keyboardCursor; }
    void moveKeyboardCursor(QPointF delta);
};

}  // namespace querent::widgets
