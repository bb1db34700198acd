#include "widgets/canvas/box_canvas_p.h"

#include <QKeyEvent>

#include <algorithm>

namespace querent::widgets {

namespace {
constexpr double kPanStep = 48.0;  // logical pixels
}  // namespace

bool BoxCanvas::Private::wantsKey(const QKeyEvent& event) const {
    if (directionOf(event.key())) return keyboardDraw || (!readOnly && !state.editableSelection().isEmpty());
    return Inside::wantsKey(event);
}

bool BoxCanvas::Private::takeKey(const QKeyEvent& event) {
    if (hasMedium() && arrowKey(event)) return true;
    if (event.key() != Qt::Key_Space || event.modifiers() != Qt::NoModifier) return false;
    if (!event.isAutoRepeat()) {
        spaceHeld = true;
        spaceUsed = false;
        refreshCursor(event.modifiers());
    }
    return true;
}

void BoxCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Space || !d->spaceHeld || event->isAutoRepeat())
        return BoxSurface::keyReleaseEvent(event);
    event->accept();
    d->spaceHeld = false;
    d->refreshCursor(event->modifiers());
    if (!d->spaceUsed) Q_EMIT spaceTapped();
}

void BoxCanvas::focusOutEvent(QFocusEvent* event) {
    d->spaceHeld = false;
    BoxSurface::focusOutEvent(event);
}

bool BoxCanvas::Private::arrowKey(const QKeyEvent& event) {
    const auto direction = directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    const double step = keys & Qt::ShiftModifier ? 10.0 : 1.0;
    if (keyboardDraw) {
        moveKeyboardCursor(*direction * (keys & Qt::ControlModifier ? 50.0 : step));
        return true;
    }
    if (!readOnly && (nudging || !state.editableSelection().isEmpty())) {
        if (press == Press::Left) return true;  // the mouse has the boxes
        const NudgeCorner corner = keys & Qt::ControlModifier ? NudgeCorner::BottomRight
                                   : keys & Qt::AltModifier   ? NudgeCorner::TopLeft
                                                              : NudgeCorner::Whole;
        nudge(*direction * step, corner);
        return true;
    }
    if (keys & (Qt::ControlModifier | Qt::AltModifier)) return false;
    panBy(-*direction * kPanStep);
    return true;
}

void BoxCanvas::Private::nudge(QPointF delta, NudgeCorner corner) {
    if (!beginNudge(corner == nudgeCorner)) return;
    nudgeCorner = corner;
    state.nudgeBy(delta, corner, clamp);
}

BoxPart BoxCanvas::Private::nudgedPart() const {
    return nudgeCorner == NudgeCorner::Whole ? BoxPart::Body : BoxPart::BottomRight;
}

void BoxCanvas::startKeyboardDraw() {
    if (!hasPicture() || d->readOnly) return;
    cancelGesture();
    setFocus(Qt::OtherFocusReason);
    const querent::Box seen = d->view.visible();
    const QPointF mouse = d->cursor ? d->view.toPicture(*d->cursor) : QPointF(-1, -1);
    const bool useMouse = seen.contains(mouse.x(), mouse.y());
    d->keyboardCursor = useMouse ? mouse : QPointF(seen.centreX(), seen.centreY());
    d->keyboardCursor = d->keyboardCursor.toPoint();
    d->keyboardDraw = true;
    d->moveKeyboardCursor({});
}

void BoxCanvas::Private::moveKeyboardCursor(QPointF delta) {
    const QPointF to = keyboardCursor + delta;
    keyboardCursor = {std::clamp(to.x(), 0.0, static_cast<double>(view.picture().width)),
                      std::clamp(to.y(), 0.0, static_cast<double>(view.picture().height))};
    if (drawing()) state.drawTo(keyboardCursor, ruleFor({}));
    view.ensureVisible({keyboardCursor.x(), keyboardCursor.y(), keyboardCursor.x(), keyboardCursor.y()});
    viewMoved(false);
    Q_EMIT q->cursorMoved(keyboardCursor.x(), keyboardCursor.y());
}

std::vector<qint64> BoxCanvas::Private::cycleOrder() const {
    std::vector<qint64> ids;
    if (cursor) ids = boxesAt(state.boxes(), state.byArea(), view.toPicture(*cursor));
    if (ids.size() >= 2) return ids;
    ids.clear();
    for (const CanvasBox& box : state.boxes()) {
        if (!box.hidden && shows(box)) ids.push_back(box.id);
    }
    return ids;
}

}  // namespace querent::widgets
