#include "widgets/canvas/box_canvas_p.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {

constexpr double kHandleReach = 8.0;   // logical pixels
constexpr double kDragDistance = 4.0;  // logical pixels; less is a click
constexpr double kWheelZoom = 1.0015;  // for each eighth of a degree: 1.2 for one notch
const Qt::KeyboardModifiers kToggleKeys = Qt::ShiftModifier | Qt::ControlModifier;

Qt::CursorShape shapeFor(BoxPart part) {
    switch (part) {
        case BoxPart::TopLeft:
        case BoxPart::BottomRight:
            return Qt::SizeFDiagCursor;
        case BoxPart::TopRight:
        case BoxPart::BottomLeft:
            return Qt::SizeBDiagCursor;
        case BoxPart::Top:
        case BoxPart::Bottom:
            return Qt::SizeVerCursor;
        case BoxPart::Left:
        case BoxPart::Right:
            return Qt::SizeHorCursor;
        case BoxPart::Body:
            break;
    }
    return Qt::SizeAllCursor;
}

}  // namespace

std::optional<Hit> BoxCanvas::Private::hitAt(QPointF viewport, bool ignoreSelection) const {
    if (!showsLabels() && !showsGhosts()) return std::nullopt;
    const QSet<qint64> none;
    HitQuery query{view.toPicture(viewport), kHandleReach / view.scale(), !ignoreSelection};
    auto hit = hitTest(state.boxes(), state.byArea(), ignoreSelection ? none : state.selected(), query);
    if (!hit) return hit;
    const bool ghost = state.boxes()[hit->index].ghost;
    return (ghost ? showsGhosts() : showsLabels()) ? hit : std::nullopt;
}

void BoxCanvas::Private::setHovered(qint64 id) {
    if (id == hovered) return;
    hovered = id;
    Q_EMIT q->hovered(id);
}

void BoxCanvas::Private::refreshCursor(Qt::KeyboardModifiers keys) {
    QWidget* area = q->viewport();
    if (press == Press::Pan) return area->setCursor(Qt::ClosedHandCursor);
    if (spaceHeld) return area->setCursor(Qt::OpenHandCursor);
    if (picture.empty()) return area->setCursor(Qt::ArrowCursor);
    if (drawing() || mode == CanvasMode::Draw) return area->setCursor(Qt::CrossCursor);
    if (editing()) return;
    const auto hit = cursor ? hitAt(*cursor) : std::nullopt;
    setHovered(hit ? state.boxes()[hit->index].id : 0);
    if (hit && canEdit(*hit) && !(keys & kToggleKeys)) {
        const bool selected = state.selected().contains(state.boxes()[hit->index].id);
        const bool shows = hit->part != BoxPart::Body || selected;
        return area->setCursor(shows ? shapeFor(hit->part) : Qt::PointingHandCursor);
    }
    if (hit) return area->setCursor(Qt::PointingHandCursor);
    if (readOnly) return area->setCursor(Qt::OpenHandCursor);
    area->setCursor(mode == CanvasMode::Modeless ? Qt::CrossCursor : Qt::ArrowCursor);
}

// A locked box is part of the background; a ghost must be selected before it can be corrected.
bool BoxCanvas::Private::canEdit(const Hit& hit) const {
    const CanvasBox& box = state.boxes()[hit.index];
    if (readOnly || box.locked || mode == CanvasMode::Draw) return false;
    return !box.ghost || state.selected().contains(box.id);
}

void BoxCanvas::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (!hasPicture()) return;
    setFocus(Qt::MouseFocusReason);
    d->finishNudge();
    d->lastAt = d->pressAt = event->position();
    const bool pans = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && d->spaceHeld);
    if (pans) {
        d->press = Private::Press::Pan;
        d->spaceUsed = true;
    } else if (event->button() == Qt::LeftButton) {
        d->keyboardDraw = false;
        d->press = Private::Press::Left;
        d->dragging = false;
        d->pressHit = d->hitAt(d->pressAt);
    } else if (event->button() == Qt::RightButton && d->drawing()) {
        cancelGesture();
    }
    d->refreshCursor(event->modifiers());
    d->repaintOverlay();
}

void BoxCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    d->cursor = at;
    if (!hasPicture()) return;
    const QPointF inPicture = d->view.toPicture(at);
    Q_EMIT cursorMoved(inPicture.x(), inPicture.y());
    if (d->press == Private::Press::Pan) {
        d->view.panBy(at - d->lastAt);
        d->lastAt = at;
        d->fitted = false;
        d->viewMoved(false);
        return;
    }
    const bool left = d->press == Private::Press::Left;
    if (left && !d->dragging && QLineF(d->pressAt, at).length() > kDragDistance) d->startDrag(event->modifiers());
    if (d->press == Private::Press::Pan) return;
    d->moveGesture(at, event->modifiers());
    d->refreshCursor(event->modifiers());
    d->repaintOverlay();
}

void BoxCanvas::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    const Private::Press press = d->press;
    const bool ends = press == Private::Press::Pan || event->button() == Qt::LeftButton;
    if (!ends || press == Private::Press::None) return;
    d->press = Private::Press::None;
    d->cursor = event->position();
    if (press == Private::Press::Left) {
        if (d->dragging) {
            d->moveGesture(event->position(), event->modifiers());
            d->finishGesture(event->modifiers());
        } else {
            d->click(event->modifiers());
        }
    }
    d->dragging = false;
    d->refreshCursor(event->modifiers());
    d->repaintAll();
}

void BoxCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto hit = d->drawing() ? std::nullopt : d->hitAt(event->position());
    if (event->button() != Qt::LeftButton || !hit || d->mode == CanvasMode::Draw) {
        mousePressEvent(event);  // the second of two quick corners
        return;
    }
    const CanvasBox box = d->state.boxes()[hit->index];
    if (box.ghost && !d->readOnly) {
        Q_EMIT ghostActivated(box.id);
    } else if (!box.ghost) {
        Q_EMIT boxActivated(box.id);
    }
}

void BoxCanvas::Private::startDrag(Qt::KeyboardModifiers keys) {
    dragging = true;
    if (drawing()) return;  // the second corner of click-click, placed by a drag
    const QPointF from = view.toPicture(pressAt);
    if (pressHit && canEdit(*pressHit)) {
        const qint64 id = state.boxes()[pressHit->index].id;
        const BoxPart part = pressHit->part;
        if (!state.selected().contains(id)) select({id});
        const QVector<qint64> ids = part == BoxPart::Body ? state.editableSelection() : QVector<qint64>{id};
        state.startEditing(ids, part, from);
        repaintAll();
        return;
    }
    if (mode == CanvasMode::Select) {
        if (!(keys & kToggleKeys)) select({});
        state.startBand(from);
        return;
    }
    if (readOnly) {
        press = Press::Pan;
        return;
    }
    select({});
    state.startDrawing(from);
}

void BoxCanvas::Private::click(Qt::KeyboardModifiers keys) {
    if (drawing()) {
        state.drawTo(view.toPicture(*cursor), ruleFor(keys));
        finishDrawing();
        return;
    }
    if (mode == CanvasMode::Draw || !pressHit) return clickOnNothing();
    qint64 id = state.boxes()[pressHit->index].id;
    QSet<qint64> ids = state.selected();
    if (keys & kToggleKeys) {
        if (!ids.remove(id)) ids.insert(id);
        return select(ids);
    }
    // A drag belongs to the selected box, but a click asks for the smallest one under the cursor.
    if (pressHit->part == BoxPart::Body) {
        if (const auto smallest = hitAt(pressAt, true)) id = state.boxes()[smallest->index].id;
    }
    select({id});
}

void BoxCanvas::Private::clickOnNothing() {
    const bool draws = !readOnly && mode != CanvasMode::Select;
    if (mode != CanvasMode::Draw && !state.selected().isEmpty()) return select({});
    if (!draws) return;
    state.startDrawing(view.toPicture(pressAt));
    state.drawTo(view.toPicture(pressAt), ruleFor({}));
    cornerPlaced = true;
}

void BoxCanvas::Private::moveGesture(QPointF at, Qt::KeyboardModifiers keys) {
    const QPointF point = view.toPicture(at);
    switch (state.phase()) {
        case CanvasState::Phase::Drawing:
            state.drawTo(point, ruleFor(keys));
            break;
        case CanvasState::Phase::Editing:
            if (!nudging) state.editTo(point, ruleFor(keys));
            break;
        case CanvasState::Phase::Banding:
            state.bandTo(point);
            break;
        case CanvasState::Phase::Idle:
            break;
    }
}

void BoxCanvas::Private::finishGesture(Qt::KeyboardModifiers keys) {
    switch (state.phase()) {
        case CanvasState::Phase::Drawing:
            return finishDrawing();
        case CanvasState::Phase::Editing:
            return finishEditing(state.part());
        case CanvasState::Phase::Banding:
            return finishBand(keys);
        case CanvasState::Phase::Idle:
            return;
    }
}

void BoxCanvas::Private::finishDrawing() {
    cornerPlaced = false;
    keyboardDraw = false;
    const querent::Box box = state.finishDrawing();
    repaintAll();
    if (isDegenerate(box)) {
        Q_EMIT q->rejected(BoxCanvas::tr("The box was not kept: each side needs at least 2 pixels."));
        return;
    }
    Q_EMIT q->boxDrawn(box);
}

void BoxCanvas::Private::finishEditing(BoxPart part) {
    const QVector<QPair<qint64, querent::Box>> changed = state.finishEditing();
    repaintAll();
    if (changed.isEmpty()) return;
    const bool broken =
        std::any_of(changed.begin(), changed.end(), [](const auto& c) { return isDegenerate(c.second); });
    if (broken) {
        Q_EMIT q->rejected(BoxCanvas::tr("The change was not kept: each side needs at least 2 pixels."));
        return;
    }
    const CanvasBox* first = state.find(changed.front().first);
    if (first && first->ghost) {
        Q_EMIT q->ghostCorrected(changed.front().first, changed.front().second);
        return;
    }
    // The words are keys of the undo text, so they are not translated here.
    Q_EMIT q->boxesEdited(changed, part == BoxPart::Body ? QStringLiteral("Move") : QStringLiteral("Resize"));
}

void BoxCanvas::Private::finishBand(Qt::KeyboardModifiers keys) {
    const std::vector<qint64> inside = state.finishBand();
    QSet<qint64> ids = keys & kToggleKeys ? state.selected() : QSet<qint64>();
    for (const qint64 id : inside)
        ids.insert(id);
    select(ids);
}

void BoxCanvas::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!hasPicture()) return;
    const QPoint angle = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        d->fitted = false;
        d->view.zoomTo(d->view.scale() * std::pow(kWheelZoom, angle.y()), event->position());
        d->viewMoved(true);
        return;
    }
    QPointF delta = event->pixelDelta().isNull() ? QPointF(angle) * 0.5 : QPointF(event->pixelDelta());
    if ((event->modifiers() & Qt::ShiftModifier) && delta.x() == 0.0) delta = {delta.y(), 0.0};
    d->fitted = false;
    d->view.panBy(delta);
    d->viewMoved(false);
}

bool BoxCanvas::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        d->cursor.reset();
        d->setHovered(0);
        d->repaintOverlay();
        Q_EMIT cursorLeft();
    } else if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture && hasPicture()) {
            d->fitted = false;
            d->view.zoomTo(d->view.scale() * (1.0 + gesture->value()), gesture->position());
            d->viewMoved(true);
            return true;
        }
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void BoxCanvas::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto hit = byKey ? std::nullopt : d->hitAt(event->pos());
    qint64 id = hit ? d->state.boxes()[hit->index].id : 0;
    if (byKey && !d->state.selected().isEmpty()) id = d->state.selectedIds().front();
    if (id && !d->state.selected().contains(id)) d->select({id});
    Q_EMIT contextMenuWanted(event->globalPos(), id);
}

}  // namespace querent::widgets
