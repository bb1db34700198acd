#pragma once

#include "widgets/canvas/box_canvas.h"
#include "widgets/canvas/canvas_painter.h"
#include "widgets/canvas/canvas_state.h"
#include "widgets/canvas/picture_cache.h"
#include "widgets/canvas/view_transform.h"

#include <QPixmap>
#include <QTimer>

namespace querent::widgets {

/** The inside of BoxCanvas, shared by its three files: painting and view, mouse, keys. */
struct BoxCanvas::Private {
    explicit Private(BoxCanvas* canvas) : q(canvas) {}

    BoxCanvas* q;
    CanvasState state;
    ViewTransform view;
    PictureCache picture;
    CanvasPainter painter;
    QString message;

    // Settings.
    CanvasMode mode = CanvasMode::Modeless;
    QString activeName;
    QColor activeColour = QColor(0x2f5bd7);
    ClassId activeLabel;
    bool readOnly = false;
    bool crosshair = true;
    bool clamp = true;
    bool patterns = false;
    bool labelsVisible = true;
    bool ghostsVisible = true;
    bool keepView = false;
    bool fitted = true;
    int peekKey = Qt::Key_H;

    // The mouse. A press becomes a click or a drag only by what follows it.
    enum class Press { None, Left, Pan };
    Press press = Press::None;
    QPointF pressAt;  // viewport pixels
    QPointF lastAt;
    std::optional<Hit> pressHit;
    bool dragging = false;
    bool cornerPlaced = false;  // click-click: the next click is the second corner
    std::optional<QPointF> cursor;
    qint64 hovered = 0;
    bool spaceHeld = false;
    bool spaceUsed = false;
    bool peeking = false;

    // The keyboard.
    bool keyboardDraw = false;
    QPointF keyboardCursor;  // picture pixels
    bool nudging = false;
    NudgeCorner nudgeCorner = NudgeCorner::Whole;
    QTimer nudgeTimer;

    // Painting: everything that stays while the mouse moves is in one pixmap.
    QPixmap layer;
    bool layerStale = true;
    bool settingBars = false;
    QTimer sharpenTimer;

    bool showsLabels() const { return labelsVisible && !peeking; }
    bool showsGhosts() const { return ghostsVisible && !peeking; }
    bool drawing() const { return state.phase() == CanvasState::Phase::Drawing; }
    bool editing() const { return state.phase() == CanvasState::Phase::Editing; }
    DrawRule ruleFor(Qt::KeyboardModifiers keys) const;

    // Painting and view.
    void repaintAll();      // boxes, selection or view changed
    void repaintOverlay();  // cursor or gesture moved
    void viewMoved(bool scaled);
    void syncBars();
    CanvasLook look() const;
    void paintMessage(QPainter& painter) const;
    void renderLayer();

    // Selection.
    void select(const QSet<qint64>& ids);
    std::optional<Hit> hitAt(QPointF viewport, bool ignoreSelection = false) const;
    void setHovered(qint64 id);
    void refreshCursor(Qt::KeyboardModifiers keys);
    void announce();

    // Mouse.
    bool canEdit(const Hit& hit) const;
    void startDrag(Qt::KeyboardModifiers keys);
    void click(Qt::KeyboardModifiers keys);
    void clickOnNothing();
    void moveGesture(QPointF viewport, Qt::KeyboardModifiers keys);
    void finishGesture(Qt::KeyboardModifiers keys);
    void finishDrawing();
    void finishEditing(BoxPart part);
    void finishBand(Qt::KeyboardModifiers keys);

    // Keys.
    bool wantsKey(const QKeyEvent& event) const;
    bool arrowKey(const QKeyEvent& event);
    void nudge(QPointF delta, NudgeCorner corner);
    void finishNudge();
    void moveKeyboardCursor(QPointF delta);
    void placeKeyboardCorner();
    bool escape();
};

}  // namespace querent::widgets
