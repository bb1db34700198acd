#pragma once

#include "widgets/canvas/surface_plane.h"

#include <QHash>
#include <QPair>
#include <QTimer>
#include <QVector>

#include <functional>
#include <optional>

namespace querent::widgets::canvas {

class BoxSurface;

/** With one of these a click adds to the selection, or takes away from it. */
inline constexpr Qt::KeyboardModifiers kToggleKeys = Qt::ShiftModifier | Qt::ControlModifier;

struct Grip {
    qint64 id = 0;
    BoxPart part = BoxPart::Body;
};

struct GesturePoint {
    QPointF point;     // on the plane, in the units of boxes
    QPointF viewport;  // logical pixels
    Qt::KeyboardModifiers keys;
    std::optional<Grip> grip{};  // the box under the cursor; told with a press only
};

/** What a gesture shows before it is done, over boxes that it has not changed. */
struct GesturePreview {
    enum class Kind { Nothing, Drawing, Editing, Band };

    Kind kind = Kind::Nothing;
    Box box;                    // as it is drawn so far, or the band, or the first one edited as it is now
    QHash<qint64, Box> edited;  // as they are now

    Box boxOf(const CanvasBox& box) const { return edited.value(box.id, box.box); }
};

/**
 * One thing that is done with the mouse on a surface, which owns it and says whose turn it is:
 *
 *     Idle --press--> Preview --drag--> Acting --release--> Idle
 *                        └────release, a tap────────────────┘
 *
 * A key may begin Preview too (the crosshair of the keyboard, the box to zoom to). Nothing has been done there, and
 * nothing but the gesture's own preview() while it acts; letting go reports what was done by exactly one signal of the
 * surface, cancel() by none. UI thread only.
 */
class Gesture {
 public:
    enum class State { Idle, Preview, Acting };
    enum class Start { Drag, Press };

    /** The shapes of the cursor before and while it acts; `start`: what makes it act. */
    Gesture(BoxSurface& surface, Qt::CursorShape before, Qt::CursorShape acting, Start start = Start::Drag);
    virtual ~Gesture() = default;
    Q_DISABLE_COPY_MOVE(Gesture)

    State state() const { return m_state; }
    bool isActing() const { return m_state == State::Acting; }
    Qt::CursorShape cursor() const { return isActing() ? m_acting : m_before; }
    const GesturePreview& preview() const { return m_preview; }

    void press(const GesturePoint& at);
    void move(const GesturePoint& to);
    void release(const GesturePoint& at);
    void cancel() { end(); }

 protected:
    const GesturePoint& from() const { return m_from; }
    /** Acts from here on, without a drag. */
    void startAt(const GesturePoint& from, GesturePreview::Kind kind);
    /** It waits for its press. */
    void arm() { m_state = State::Preview; }
    virtual void end();

    // The surface, as gestures on boxes need it.
    BoxSurface& surface() const { return m_surface; }
    SurfacePlane& plane() const;
    CanvasState& boxes() const;
    void select(const QSet<qint64>& ids);
    void repaint();

    GesturePreview m_preview;

 private:
    /** The drag has begun; from() is where the press was. */
    virtual void begin(Qt::KeyboardModifiers) {}
    virtual void follow(const GesturePoint& to) = 0;
    /** Let go: ends and reports. */
    virtual void finish(Qt::KeyboardModifiers) { end(); }
    /** Let go where it was pressed: a click. */
    virtual void tap(Qt::KeyboardModifiers keys);

    BoxSurface& m_surface;
    const Qt::CursorShape m_before;
    const Qt::CursorShape m_acting;
    const Start m_start;
    State m_state = State::Idle;
    bool m_pressed = false;
    GesturePoint m_from;
};

/** A new box: by a drag, between two clicks, or between two presses of Enter. */
class DrawGesture : public Gesture {
 public:
    explicit DrawGesture(BoxSurface& surface);

    /** The first corner; the box follows the mouse, without a button, until the next press is let go. */
    void placeFirst(const GesturePoint& at) { startAt(at, GesturePreview::Kind::Drawing); }
    /** The crosshair of the keyboard is here: the box follows it, or begins here with the next corner. */
    void aim(const GesturePoint& at);
    bool isByKeys() const { return m_byKeys; }
    /** The mouse takes over. */
    void leaveKeys();
    /** Enter. */
    void placeCorner();
    /** Reports a box, or why there is none, as the end of a drag does. */
    void report(const Box& box);

 private:
    void begin(Qt::KeyboardModifiers keys) override;
    void follow(const GesturePoint& to) override;
    void finish(Qt::KeyboardModifiers keys) override;
    void end() override;

    bool m_byKeys = false;
    GesturePoint m_aim;
};

/** Boxes are moved, or one is resized; by the mouse, or by a run of arrow keys, which is one gesture too. */
class EditGesture : public Gesture {
 public:
    explicit EditGesture(BoxSurface& surface);

    /** One press of an arrow key on the selection. False when there is nothing to nudge. */
    bool nudge(BoxPart part, QPointF step);
    bool isByKeys() const { return m_byKeys; }
    /** Ends a run of arrow keys, which a moment without one does too. */
    void settle();
    /** Ends without a word when a box that is edited is gone. */
    void dropLost();

 private:
    bool take(const QVector<qint64>& ids, BoxPart part);
    void show(const std::vector<Box>& now);
    std::vector<Box> boxesNow() const;
    void begin(Qt::KeyboardModifiers keys) override;
    void follow(const GesturePoint& to) override;
    void finish(Qt::KeyboardModifiers keys) override;
    void end() override;

    BoxPart m_part = BoxPart::Body;
    QVector<QPair<qint64, Box>> m_before;
    bool m_byKeys = false;
    QTimer m_keyTimer;
};

/** Selects what lies in a rubber band. */
class BandGesture : public Gesture {
 public:
    explicit BandGesture(BoxSurface& surface);

 private:
    void begin(Qt::KeyboardModifiers keys) override;
    void follow(const GesturePoint& to) override;
    void finish(Qt::KeyboardModifiers keys) override;
};

/** Something goes with the mouse at once, and there is nothing to report: the view, or the line between two parts. */
class PullGesture : public Gesture {
 public:
    /** Where the press was, where the mouse was before, and where it is now; viewport pixels. */
    using Pull = std::function<void(QPointF from, QPointF before, QPointF now)>;

    PullGesture(BoxSurface& surface, Qt::CursorShape before, Qt::CursorShape acting, Start start, Pull pull);

 private:
    void begin(Qt::KeyboardModifiers) override { m_last = from().viewport; }
    void follow(const GesturePoint& to) override;

    Pull m_pull;
    QPointF m_last;
};

}  // namespace querent::widgets::canvas
