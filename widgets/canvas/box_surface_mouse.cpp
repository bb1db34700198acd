// How clicks and drags become gestures on boxes.

#include "widgets/canvas/box_surface_p.h"

#include <QContextMenuEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QNativeGestureEvent>

#include <algorithm>

namespace querent::widgets {

namespace {

constexpr double kDragDistance = 4.0;  // logical pixels; less is a click

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

std::optional<Hit> BoxSurface::Inside::hitAt(QPointF viewport, bool ignoreSelection) {
    if (!showsLabels() && !showsGhosts()) return std::nullopt;
    const auto hit = findHit(viewport, ignoreSelection);
    return hit && shows(state.boxes()[hit->index]) ? hit : std::nullopt;
}

// A locked box is part of the background; a ghost must be selected before it can be corrected.
bool BoxSurface::Inside::canEdit(const Hit& hit) const {
    const CanvasBox& box = state.boxes()[hit.index];
    if (readOnly || box.locked || mode == CanvasMode::Draw) return false;
    return !box.ghost || state.selected().contains(box.id);
}

std::optional<Qt::CursorShape> BoxSurface::Inside::hoverShape(Qt::KeyboardModifiers keys) {
    const auto hit = cursor ? hitAt(*cursor) : std::nullopt;
    const qint64 id = hit ? state.boxes()[hit->index].id : 0;
    setHovered(id);
    if (!hit) return std::nullopt;
    if (!canEdit(*hit) || (keys & kToggleKeys)) return Qt::PointingHandCursor;
    const bool edits = hit->part != BoxPart::Body || state.selected().contains(id);
    return edits ? shapeFor(hit->part) : Qt::PointingHandCursor;
}

void BoxSurface::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (!m_inside->hasMedium()) return;
    setFocus(Qt::MouseFocusReason);
    m_inside->finishNudge();
    m_inside->lastAt = m_inside->pressAt = event->position();
    m_inside->pressed(*event);
    m_inside->refreshCursor(event->modifiers());
    m_inside->repaintOverlay();
}

void BoxSurface::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto hit = m_inside->drawing() ? std::nullopt : m_inside->hitAt(event->position());
    if (event->button() != Qt::LeftButton || !hit || m_inside->mode == CanvasMode::Draw) {
        mousePressEvent(event);  // the second of two quick corners
        return;
    }
    const CanvasBox box = m_inside->state.boxes()[hit->index];
    if (box.ghost && !m_inside->readOnly) {
        Q_EMIT ghostActivated(box.id);
    } else if (!box.ghost) {
        Q_EMIT boxActivated(box.id);
    }
}

bool BoxSurface::Inside::isDrag(QPointF viewport) const {
    return QLineF(pressAt, viewport).length() > kDragDistance;
}

bool BoxSurface::Inside::endsPress(Qt::MouseButton button) const {
    return press == Press::Pan || (press != Press::None && button == Qt::LeftButton);
}

void BoxSurface::Inside::startDrag(Qt::KeyboardModifiers keys) {
    if (drawing()) return;  // the second corner of click-click, placed by a drag
    const QPointF from = toPoint(pressAt);
    if (pressHit && canEdit(*pressHit)) {
        const qint64 id = state.boxes()[pressHit->index].id;
        const BoxPart part = pressHit->part;
        if (!state.selected().contains(id)) select({id});
        startEditing(part == BoxPart::Body ? state.editableSelection() : QVector<qint64>{id}, part, from);
        repaintAll();
        return;
    }
    if (mode == CanvasMode::Select) {
        if (!(keys & kToggleKeys)) select({});
        startBand(from);
        return;
    }
    if (!canDraw()) {
        press = Press::Pan;
        return;
    }
    select({});
    startDrawing(from, keys);
}

void BoxSurface::Inside::releaseLeft(QPointF viewport, Qt::KeyboardModifiers keys) {
    if (!dragging) return click(keys);
    moveGesture(viewport, keys);
    finishGesture(keys);
}

void BoxSurface::Inside::click(Qt::KeyboardModifiers keys) {
    if (drawing()) {
        drawTo(toPoint(*cursor), keys);
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

void BoxSurface::Inside::moveGesture(QPointF viewport, Qt::KeyboardModifiers keys) {
    const QPointF point = toPoint(viewport);
    switch (phase()) {
        case GesturePhase::Drawing:
            return drawTo(point, keys);
        case GesturePhase::Editing:
            if (!nudging) editTo(point, keys);
            return;
        case GesturePhase::Banding:
            return bandTo(point);
        case GesturePhase::Idle:
            return;
    }
}

void BoxSurface::Inside::finishGesture(Qt::KeyboardModifiers keys) {
    switch (phase()) {
        case GesturePhase::Drawing:
            return finishDrawing();
        case GesturePhase::Editing:
            return finishEditing(editedPart());
        case GesturePhase::Banding:
            return finishBand(keys);
        case GesturePhase::Idle:
            return;
    }
}

void BoxSurface::Inside::finishDrawing() {
    keyboardDraw = false;
    const querent::Box box = takeDrawn();
    repaintAll();
    if (isDegenerate(box)) {
        Q_EMIT surface->rejected(tooSmall(false));
        return;
    }
    Q_EMIT surface->boxDrawn(box);
}

void BoxSurface::Inside::finishEditing(BoxPart part) {
    const QVector<QPair<qint64, querent::Box>> changed = takeEdited();
    repaintAll();
    if (changed.isEmpty()) return;
    const bool broken =
        std::any_of(changed.begin(), changed.end(), [](const auto& c) { return isDegenerate(c.second); });
    if (broken) {
        Q_EMIT surface->rejected(tooSmall(true));
        return;
    }
    const CanvasBox* first = state.find(changed.front().first);
    if (first && first->ghost) {
        Q_EMIT surface->ghostCorrected(changed.front().first, changed.front().second);
        return;
    }
    showEdited(changed);
    // The words are keys of the undo text, so they are not translated here.
    Q_EMIT surface->boxesEdited(changed, part == BoxPart::Body ? QStringLiteral("Move") : QStringLiteral("Resize"));
}

void BoxSurface::Inside::finishBand(Qt::KeyboardModifiers keys) {
    QSet<qint64> ids = keys & kToggleKeys ? state.selected() : QSet<qint64>();
    for (const qint64 id : takeBand())
        ids.insert(id);
    select(ids);
}

void BoxSurface::cancelGesture() {
    m_inside->nudgeTimer.stop();
    m_inside->nudging = false;
    m_inside->keyboardDraw = false;
    m_inside->dragging = false;
    m_inside->press = Inside::Press::None;
    m_inside->dropGesture();
    m_inside->repaintAll();
}

bool BoxSurface::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_inside->cursor.reset();
        m_inside->setHovered(0);
        m_inside->repaintOverlay();
        Q_EMIT cursorLeft();
    } else if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture && m_inside->hasMedium()) {
            m_inside->zoomBy(1.0 + gesture->value(), gesture->position());
            return true;
        }
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void BoxSurface::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto hit = byKey ? std::nullopt : m_inside->hitAt(event->pos());
    const CanvasState& state = m_inside->state;
    qint64 id = hit ? state.boxes()[hit->index].id : 0;
    if (byKey && !state.selected().isEmpty()) id = state.selectedIds().front();
    if (id && !state.selected().contains(id)) m_inside->select({id});
    Q_EMIT contextMenuWanted(event->globalPos(), id);
}

}  // namespace querent::widgets
