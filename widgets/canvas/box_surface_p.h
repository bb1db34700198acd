#pragma once

#include "widgets/canvas/box_surface.h"
#include "widgets/canvas/canvas_state.h"

#include <QPixmap>
#include <QTimer>

#include <optional>

class QKeyEvent;
class QMouseEvent;
class QPainter;

namespace querent::widgets {

constexpr double kHandleReach = 8.0;  // logical pixels
constexpr Qt::KeyboardModifiers kToggleKeys = Qt::ShiftModifier | Qt::ControlModifier;

/** The step of an arrow key, y downwards. */
std::optional<QPointF> directionOf(int key);
/** Without the mark of the number pad. */
Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event);

/**
 * The inside of BoxSurface: what is remembered of boxes, mouse and keys, and how presses become gestures. A medium adds
 * how its plane lies on screen and what its gestures do to boxes. "Points" are on the plane, in the units of boxes.
 */
struct BoxSurface::Inside {
    virtual ~Inside() = default;

    BoxSurface* surface = nullptr;
    CanvasState state;
    QString message;  // instead of a medium

    // Settings.
    CanvasMode mode = CanvasMode::Modeless;
    QString activeName;
    QColor activeColour = QColor(0x2f5bd7);
    bool readOnly = false;
    bool crosshair = true;
    bool patterns = false;
    bool labelsVisible = true;
    bool ghostsVisible = true;
    bool keepView = false;
    int peekKey = Qt::Key_H;

    // The mouse. A press becomes a click or a drag only by what follows it. The last four are of sounds.
    enum class Press { None, Left, Pan, FrequencyPan, Splitter, Ruler, ZoomBox };
    Press press = Press::None;
    QPointF pressAt;  // viewport pixels
    QPointF lastAt;
    std::optional<Hit> pressHit;
    bool dragging = false;
    std::optional<QPointF> cursor;
    qint64 hovered = 0;
    bool peeking = false;

    // The keyboard.
    bool keyboardDraw = false;
    bool nudging = false;
    QTimer nudgeTimer;

    // Painting: everything that stays while the mouse moves is in one pixmap.
    QPixmap layer;
    bool layerStale = true;
    bool settingBars = false;

    bool showsLabels() const { return labelsVisible && !peeking; }
    bool showsGhosts() const { return ghostsVisible && !peeking; }
    bool shows(const CanvasBox& box) const { return box.ghost ? showsGhosts() : showsLabels(); }
    bool drawing() const { return phase() == GesturePhase::Drawing; }
    bool editing() const { return phase() == GesturePhase::Editing; }

    // The medium.
    virtual bool hasMedium() const = 0;
    virtual QPointF toPoint(QPointF viewport) const = 0;
    /** Shown or not; bodies only, and no box before another, where the selection is ignored. */
    virtual std::optional<Hit> findHit(QPointF viewport, bool ignoreSelection) = 0;
    /** What Tab goes through. */
    virtual std::vector<qint64> cycleOrder() const = 0;
    virtual void reached(qint64) {}
    /** What a screen reader says. */
    virtual QString description() const = 0;
    virtual void zoomBy(double factor, QPointF viewport) = 0;
    virtual void styleChanged() = 0;

    // Painting.
    virtual void repaintAll();  // boxes, selection or view changed
    void repaintOverlay();      // cursor or gesture moved
    void paintMessage(QPainter& painter, const QString& iconName) const;
    void paintFocus(QPainter& painter) const;

    // Selection.
    void select(const QSet<qint64>& ids);
    std::optional<Hit> hitAt(QPointF viewport, bool ignoreSelection = false);
    void setHovered(qint64 id);
    void announce();

    // The gesture in flight.
    virtual GesturePhase phase() const = 0;
    virtual void startDrawing(QPointF from, Qt::KeyboardModifiers keys) = 0;
    virtual void drawTo(QPointF to, Qt::KeyboardModifiers keys) = 0;
    virtual querent::Box takeDrawn() = 0;
    virtual void startEditing(const QVector<qint64>& ids, BoxPart part, QPointF from) = 0;
    virtual void editTo(QPointF to, Qt::KeyboardModifiers keys) = 0;
    virtual BoxPart editedPart() const = 0;
    virtual QVector<QPair<qint64, querent::Box>> takeEdited() = 0;
    /** Completed edits stay on screen until setBoxes() says otherwise. */
    virtual void showEdited(const QVector<QPair<qint64, querent::Box>>&) {}
    virtual void startBand(QPointF from) = 0;
    virtual void bandTo(QPointF to) = 0;
    virtual std::vector<qint64> takeBand() = 0;
    virtual void dropGesture() = 0;
    /** Ends a gesture on boxes that are gone. */
    virtual void dropLost() {}
    /** Why a box was not drawn, or not changed. */
    virtual QString tooSmall(bool change) const = 0;

    // Mouse.
    virtual void pressed(const QMouseEvent& event) = 0;
    virtual bool canDraw() const { return !readOnly && mode != CanvasMode::Select; }
    bool canEdit(const Hit& hit) const;
    virtual void refreshCursor(Qt::KeyboardModifiers keys) = 0;
    /** What is under the cursor is hovered from now on; its shape, if it is a box. */
    std::optional<Qt::CursorShape> hoverShape(Qt::KeyboardModifiers keys);
    bool isDrag(QPointF viewport) const;
    /** Whether letting go of the button ends what it or another began: a pull may be held by the left or the middle. */
    bool endsPress(Qt::MouseButton button) const;
    void startDrag(Qt::KeyboardModifiers keys);
    void releaseLeft(QPointF viewport, Qt::KeyboardModifiers keys);
    void click(Qt::KeyboardModifiers keys);
    virtual void clickOnNothing() = 0;
    void moveGesture(QPointF viewport, Qt::KeyboardModifiers keys);
    void finishGesture(Qt::KeyboardModifiers keys);
    void finishDrawing();
    void finishEditing(BoxPart part);
    void finishBand(Qt::KeyboardModifiers keys);

    // Keys.
    /** False: all keys but Esc go on to the window. */
    virtual bool answersKeys() const { return true; }
    /** Keys that must come here even where the window has a shortcut on them. */
    virtual bool wantsKey(const QKeyEvent& event) const;
    /** A key that only this medium knows; true when it was one. */
    virtual bool takeKey(const QKeyEvent& event) = 0;
    virtual bool escape();
    bool isPeek(const QKeyEvent& event) const;
    /** A key press nudges the selection; `same`: what the one before moved. False when there is nothing to nudge. */
    bool beginNudge(bool same);
    void finishNudge();
    virtual BoxPart nudgedPart() const = 0;
    /** Where the crosshair of the keyboard is. */
    virtual QPointF keyboardPoint() const = 0;
    void placeKeyboardCorner();
};

}  // namespace querent::widgets
