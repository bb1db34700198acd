#include "widgets/canvas/box_canvas_p.h"

#include <QKeyEvent>

#include <algorithm>

namespace querent::widgets {

namespace {

constexpr double kPanStep = 48.0;  // logical pixels

std::optional<QPointF> directionOf(int key) {
    switch (key) {
        case Qt::Key_Left:
            return QPointF(-1, 0);
        case Qt::Key_Right:
            return QPointF(1, 0);
        case Qt::Key_Up:
            return QPointF(0, -1);
        case Qt::Key_Down:
            return QPointF(0, 1);
        default:
            return std::nullopt;
    }
}

// X11 and Wayland say 0 here for keys that did not come from a keyboard; the letter then has to do.
#if defined(Q_OS_LINUX)
constexpr quint32 kScanCodeOfH = 43;
#else
constexpr quint32 kScanCodeOfH = 0;
#endif

/** A bare letter also answers by its place, so that it works under a Russian or Greek layout. */
bool isPeek(const QKeyEvent& event, int peekKey) {
    if (peekKey == 0) return false;
    if (event.key() == peekKey) return true;
    const bool latin = event.key() >= Qt::Key_A && event.key() <= Qt::Key_Z;
    return peekKey == Qt::Key_H && !latin && kScanCodeOfH != 0 && event.nativeScanCode() == kScanCodeOfH;
}

}  // namespace

/** Keys that must reach the canvas even where the window has a shortcut on them. */
bool BoxCanvas::Private::wantsKey(const QKeyEvent& event) const {
    if (directionOf(event.key())) return keyboardDraw || (!readOnly && !state.editableSelection().isEmpty());
    if (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) return keyboardDraw || drawing();
    if (event.key() == Qt::Key_Escape) {
        return keyboardDraw || state.phase() != CanvasState::Phase::Idle || mode == CanvasMode::Draw ||
               !state.selected().isEmpty();
    }
    if (event.key() == Qt::Key_Space) return event.modifiers() == Qt::NoModifier;
    if (isPeek(event, peekKey)) return event.modifiers() == Qt::NoModifier;
    return event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab;
}

bool BoxCanvas::event(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::ShortcutOverride && d->wantsKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (type == QEvent::KeyPress) {
        // QWidget would take Tab for moving the focus.
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain && hasPicture() && (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab)) {
            const bool back = key->key() == Qt::Key_Backtab || (key->modifiers() & Qt::ShiftModifier);
            cycleSelection(back ? -1 : 1);
            key->accept();
            return true;
        }
    }
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange) {
        d->painter.clearCache();
        d->repaintAll();
    }
    return QAbstractScrollArea::event(event);
}

void BoxCanvas::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (event->key() == Qt::Key_Escape && d->escape()) return;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && (d->keyboardDraw || d->drawing())) return d->placeKeyboardCorner();
    if (hasPicture() && d->arrowKey(*event)) return;
    const bool plain = event->modifiers() == Qt::NoModifier;
    if (event->key() == Qt::Key_Space && plain) {
        if (!event->isAutoRepeat()) {
            d->spaceHeld = true;
            d->spaceUsed = false;
            d->refreshCursor(event->modifiers());
        }
        return;
    }
    if (isPeek(*event, d->peekKey) && plain) {
        if (!event->isAutoRepeat() && !d->peeking) {
            d->peeking = true;
            d->repaintAll();
        }
        return;
    }
    event->ignore();
}

void BoxCanvas::keyReleaseEvent(QKeyEvent* event) {
    event->accept();
    if (event->isAutoRepeat()) return;
    if (directionOf(event->key()) && d->nudging) return d->finishNudge();
    if (event->key() == Qt::Key_Space && d->spaceHeld) {
        d->spaceHeld = false;
        d->refreshCursor(event->modifiers());
        if (!d->spaceUsed) Q_EMIT spaceTapped();
        return;
    }
    if (isPeek(*event, d->peekKey) && d->peeking) {
        d->peeking = false;
        return d->repaintAll();
    }
    event->ignore();
}

void BoxCanvas::focusOutEvent(QFocusEvent* event) {
    d->finishNudge();
    d->spaceHeld = false;
    if (d->peeking) d->peeking = false;
    d->repaintAll();
    QAbstractScrollArea::focusOutEvent(event);
}

bool BoxCanvas::Private::arrowKey(const QKeyEvent& event) {
    const auto direction = directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers keys = event.modifiers() & ~Qt::KeypadModifier;
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
    fitted = false;
    view.panBy(-*direction * kPanStep);
    viewMoved(false);
    return true;
}

// A run of presses is one gesture: it ends with the key, or a moment after the last press.
void BoxCanvas::Private::nudge(QPointF delta, NudgeCorner corner) {
    if (nudging && corner != nudgeCorner) finishNudge();
    if (!nudging) {
        state.startEditing(state.editableSelection(), BoxPart::Body, {});
        if (!editing()) return;
        nudging = true;
        nudgeCorner = corner;
    }
    state.nudgeBy(delta, corner, clamp);
    nudgeTimer.start();
    repaintOverlay();
}

void BoxCanvas::Private::finishNudge() {
    nudgeTimer.stop();
    if (!nudging) return;
    nudging = false;
    if (editing()) finishEditing(nudgeCorner == NudgeCorner::Whole ? BoxPart::Body : BoxPart::BottomRight);
}

bool BoxCanvas::Private::escape() {
    if (keyboardDraw || state.phase() != CanvasState::Phase::Idle) {
        q->cancelGesture();
        return true;
    }
    if (mode == CanvasMode::Draw) {
        q->setMode(CanvasMode::Modeless);
        return true;
    }
    if (state.selected().isEmpty()) return false;
    select({});
    return true;
}

void BoxCanvas::cancelGesture() {
    d->nudgeTimer.stop();
    d->nudging = false;
    d->keyboardDraw = false;
    d->cornerPlaced = false;
    d->dragging = false;
    d->press = Private::Press::None;
    d->state.cancel();
    d->repaintAll();
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

void BoxCanvas::Private::placeKeyboardCorner() {
    if (drawing()) return finishDrawing();
    select({});
    state.startDrawing(keyboardCursor);
    state.drawTo(keyboardCursor, ruleFor({}));
    repaintOverlay();
}

void BoxCanvas::cycleSelection(int step) {
    std::vector<qint64> ids;
    if (d->cursor) ids = boxesAt(d->state.boxes(), d->state.byArea(), d->view.toPicture(*d->cursor));
    if (ids.size() < 2) {
        ids.clear();
        for (const CanvasBox& box : d->state.boxes()) {
            if (!box.hidden && (box.ghost ? d->showsGhosts() : d->showsLabels())) ids.push_back(box.id);
        }
    }
    const QVector<qint64> now = d->state.selectedIds();
    const qint64 next = cycled(ids, now.size() == 1 ? now.front() : 0, step);
    if (next == 0) return;
    d->select({next});
    ensureVisible(next);
}

}  // namespace querent::widgets
