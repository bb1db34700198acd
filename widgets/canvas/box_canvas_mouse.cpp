#include "widgets/canvas/box_canvas_p.h"

#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace querent::widgets {

namespace {
constexpr double kWheelZoom = 1.0015;  // for each eighth of a degree: 1.2 for one notch
}  // namespace

std::optional<Hit> BoxCanvas::Private::findHit(QPointF viewport, bool ignoreSelection) {
    const QSet<qint64> none;
    const HitQuery query{view.toPicture(viewport), kHandleReach / view.scale(), !ignoreSelection};
    return hitTest(state.boxes(), state.byArea(), ignoreSelection ? none : state.selected(), query);
}

void BoxCanvas::Private::refreshCursor(Qt::KeyboardModifiers keys) {
    QWidget* area = q->viewport();
    if (press == Press::Pan) return area->setCursor(Qt::ClosedHandCursor);
    if (spaceHeld) return area->setCursor(Qt::OpenHandCursor);
    if (picture.empty()) return area->setCursor(Qt::ArrowCursor);
    if (drawing() || mode == CanvasMode::Draw) return area->setCursor(Qt::CrossCursor);
    if (editing()) return;
    const auto nothing = readOnly                       ? Qt::OpenHandCursor
                         : mode == CanvasMode::Modeless ? Qt::CrossCursor
                                                        : Qt::ArrowCursor;
    area->setCursor(hoverShape(keys).value_or(nothing));
}

void BoxCanvas::Private::pressed(const QMouseEvent& event) {
    const bool left = event.button() == Qt::LeftButton;
    if (event.button() == Qt::MiddleButton || (left && spaceHeld)) {
        press = Press::Pan;
        spaceUsed = true;
    } else if (left) {
        keyboardDraw = false;
        press = Press::Left;
        dragging = false;
        pressHit = hitAt(pressAt);
    } else if (event.button() == Qt::RightButton && drawing()) {
        q->cancelGesture();
    }
}

void BoxCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    d->cursor = at;
    if (!hasPicture()) return;
    const QPointF inPicture = d->view.toPicture(at);
    Q_EMIT cursorMoved(inPicture.x(), inPicture.y());
    if (d->press == Private::Press::Pan) {
        d->panBy(at - d->lastAt);
        d->lastAt = at;
        return;
    }
    if (d->press == Private::Press::Left && !d->dragging && d->isDrag(at)) {
        d->dragging = true;
        d->startDrag(event->modifiers());
    }
    if (d->press == Private::Press::Pan) return;
    d->moveGesture(at, event->modifiers());
    d->refreshCursor(event->modifiers());
    d->repaintOverlay();
}

void BoxCanvas::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    if (!d->endsPress(event->button())) return;
    const Private::Press press = std::exchange(d->press, Private::Press::None);
    d->cursor = event->position();
    if (press == Private::Press::Left) d->releaseLeft(event->position(), event->modifiers());
    d->dragging = false;
    d->refreshCursor(event->modifiers());
    d->repaintAll();
}

void BoxCanvas::Private::clickOnNothing() {
    if (mode != CanvasMode::Draw && !state.selected().isEmpty()) return select({});
    if (canDraw()) startDrawing(view.toPicture(pressAt), {});
}

void BoxCanvas::Private::startDrawing(QPointF from, Qt::KeyboardModifiers keys) {
    state.startDrawing(from);
    drawTo(from, keys);
}

void BoxCanvas::Private::startEditing(const QVector<qint64>& ids, BoxPart part, QPointF from) {
    state.startEditing(ids, part, from);
}

QString BoxCanvas::Private::tooSmall(bool change) const {
    return change ? BoxCanvas::tr("The change was not kept: each side needs at least 2 pixels.")
                  : BoxCanvas::tr("The box was not kept: each side needs at least 2 pixels.");
}

void BoxCanvas::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!hasPicture()) return;
    const QPoint angle = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) return d->zoomBy(std::pow(kWheelZoom, angle.y()), event->position());
    QPointF delta = event->pixelDelta().isNull() ? QPointF(angle) * 0.5 : QPointF(event->pixelDelta());
    if ((event->modifiers() & Qt::ShiftModifier) && delta.x() == 0.0) delta = {delta.y(), 0.0};
    d->panBy(delta);
}

}  // namespace querent::widgets
