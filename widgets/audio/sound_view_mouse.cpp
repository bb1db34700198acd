#include "widgets/audio/sound_view_p.h"
#include "widgets/canvas/box_gesture.h"

#include <QContextMenuEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::widgets {

namespace {

constexpr double kHandleReach = 8.0;   // logical pixels
constexpr double kDragDistance = 4.0;  // logical pixels; less is a click
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

std::optional<SoundPane> SoundView::Private::paneAt(QPointF at) const {
    const SoundLayout::Place place = layout.at(at);
    if (place == SoundLayout::Place::Waveform) return SoundPane::Waveform;
    if (place == SoundLayout::Place::Spectrogram) return SoundPane::Spectrogram;
    return std::nullopt;
}

bool SoundView::Private::timeOnly(SoundPane pane, Qt::KeyboardModifiers keys) const {
    return pane == SoundPane::Waveform || !boxesAllowed() || keys.testFlag(Qt::ShiftModifier);
}

std::optional<Hit> SoundView::Private::hitAt(QPointF at, bool ignoreSelection) {
    const auto pane = paneAt(at);
    return pane && q->hasSound() ? hitIn(*pane, at, ignoreSelection) : std::nullopt;
}

std::optional<Hit> SoundView::Private::hitIn(SoundPane pane, QPointF at, bool ignoreSelection) {
    if (!showsLabels() && !showsGhosts()) return std::nullopt;
    ScreenRegions& regions = pane == SoundPane::Waveform ? onWaves : onSpectrum;
    regions.refresh(state, map(), pane, !boxesAllowed());
    const QSet<qint64> none;
    const HitQuery query{at, kHandleReach, !ignoreSelection};
    auto hit = hitTest(regions.boxes(), regions.byArea(), ignoreSelection ? none : state.selected(), query);
    if (!hit) return hit;
    const bool ghost = state.boxes()[hit->index].ghost;
    return (ghost ? showsGhosts() : showsLabels()) ? hit : std::nullopt;
}

// A locked region is part of the background; a ghost must be selected before it can be corrected.
bool SoundView::Private::canEdit(const Hit& hit) const {
    const CanvasBox& box = state.boxes()[hit.index];
    if (readOnly || box.locked || mode == CanvasMode::Draw) return false;
    return !box.ghost || state.selected().contains(box.id);
}

Qt::CursorShape SoundView::Private::cursorShape(Qt::KeyboardModifiers keys) {
    if (press == Press::Pan || press == Press::FrequencyPan) return Qt::ClosedHandCursor;
    if (!q->hasSound() || !cursor) return Qt::ArrowCursor;
    if (!paneAt(*cursor)) setHovered(0);
    const SoundLayout::Place place = layout.at(*cursor);
    if (place == SoundLayout::Place::Splitter || press == Press::Splitter) return Qt::SplitVCursor;
    if (place == SoundLayout::Place::TimeRuler) return Qt::PointingHandCursor;
    if (place == SoundLayout::Place::FrequencyRuler) return Qt::OpenHandCursor;
    if (zoomArmed || drawing() || mode == CanvasMode::Draw) return Qt::CrossCursor;
    const auto hit = hitAt(*cursor);
    setHovered(hit ? state.boxes()[hit->index].id : 0);
    if (hit && canEdit(*hit) && !(keys & kToggleKeys)) {
        const bool selected = state.selected().contains(state.boxes()[hit->index].id);
        return hit->part != BoxPart::Body || selected ? shapeFor(hit->part) : Qt::PointingHandCursor;
    }
    if (hit) return Qt::PointingHandCursor;
    return canDraw() ? Qt::CrossCursor : Qt::ArrowCursor;
}

void SoundView::Private::refreshCursor(Qt::KeyboardModifiers keys) {
    if (!editing()) q->viewport()->setCursor(cursorShape(keys));
}

void SoundView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (!hasSound()) return;
    setFocus(Qt::MouseFocusReason);
    d->finishNudge();
    d->lastAt = d->pressAt = event->position();
    d->cursor = event->position();
    if (event->button() == Qt::MiddleButton) {
        d->press = Private::Press::Pan;
    } else if (event->button() == Qt::LeftButton) {
        d->keyboardDraw = false;
        d->dragging = false;
        d->pressLeft();
    } else if (event->button() == Qt::RightButton && (d->drawing() || d->zoomArmed)) {
        cancelGesture();
    }
    d->refreshCursor(event->modifiers());
    d->repaintOverlay();
}

void SoundView::Private::pressLeft() {
    switch (layout.at(pressAt)) {
        case SoundLayout::Place::Splitter:
            press = Press::Splitter;
            return;
        case SoundLayout::Place::TimeRuler:
            press = Press::Ruler;
            return;
        case SoundLayout::Place::FrequencyRuler:
            press = Press::FrequencyPan;
            return;
        case SoundLayout::Place::None:
            return;
        case SoundLayout::Place::Waveform:
        case SoundLayout::Place::Spectrogram:
            break;
    }
    if (!drawing()) pressPane = *paneAt(pressAt);
    press = zoomArmed ? Press::ZoomBox : Press::Left;
    pressHit = zoomArmed ? std::nullopt : hitAt(pressAt);
}

void SoundView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    d->cursor = at;
    if (!hasSound()) return;
    const QPointF sound = toSound(at);
    const bool pitch = d->layout.spectrogram.contains(at);
    Q_EMIT cursorMoved(std::clamp(sound.x(), 0.0, static_cast<double>(d->shape.frames)),
                       pitch ? sound.y() : std::numeric_limits<double>::quiet_NaN());
    if (!d->dragging && QLineF(d->pressAt, at).length() > kDragDistance && d->press != Private::Press::None) {
        d->dragging = true;
        if (d->press == Private::Press::Left) d->startDrag(event->modifiers());
    }
    d->moveHeld(at, event->modifiers());
    d->refreshCursor(event->modifiers());
    d->repaintOverlay();
}

/** What a held button does while the mouse moves. */
void SoundView::Private::moveHeld(QPointF at, Qt::KeyboardModifiers keys) {
    const QPointF delta = at - lastAt;
    lastAt = at;
    switch (press) {
        case Press::Pan:
            time.panBy(delta.x());
            if (layout.spectrogram.contains(pressAt)) frequencies.panBy(delta.y());
            return viewMoved(false);
        case Press::FrequencyPan:
            frequencies.panBy(delta.y());
            return viewMoved(false);
        case Press::Splitter: {
            const double room = layout.waveform.height() + layout.spectrogram.height();
            return q->setSplit((at.y() - layout.waveform.top()) / std::max(room, 1.0));
        }
        case Press::Ruler:
            if (dragging) {
                loopFirst = time.wholeFrameAt(std::min(pressAt.x(), at.x()) - layout.panes().left());
                loopLast = time.wholeFrameAt(std::max(pressAt.x(), at.x()) - layout.panes().left());
                repaintAll();
            }
            return;
        case Press::ZoomBox:
            return;
        case Press::None:
        case Press::Left:
            break;
    }
    dragKeys = keys;
    moveGesture(at, keys);
    const QRectF panes = layout.panes();
    const bool outside = at.x() < panes.left() || at.x() > panes.right();
    if (press == Press::Left && q->isGestureRunning() && outside) {
        if (!edgeTimer.isActive()) edgeTimer.start();
    } else {
        edgeTimer.stop();
    }
}

/** A gesture held beside the picture pulls it along, faster from further away. */
void SoundView::Private::scrollAtEdge() {
    if (press != Press::Left || !q->isGestureRunning() || !cursor) return edgeTimer.stop();
    const QRectF panes = layout.panes();
    const double beyond = cursor->x() < panes.left() ? cursor->x() - panes.left() : cursor->x() - panes.right();
    time.panBy(-std::clamp(0.5 * beyond, -60.0, 60.0));
    moveGesture(*cursor, dragKeys);
    viewMoved(false);
}

void SoundView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    const Private::Press press = d->press;
    const bool ends =
        press == Private::Press::Pan ? event->button() == Qt::MiddleButton : event->button() == Qt::LeftButton;
    if (!ends || press == Private::Press::None) return;
    d->edgeTimer.stop();
    d->cursor = event->position();
    d->release(event->position(), event->modifiers());
    d->press = Private::Press::None;
    d->dragging = false;
    d->refreshCursor(event->modifiers());
    d->repaintAll();
}

void SoundView::Private::release(QPointF at, Qt::KeyboardModifiers keys) {
    switch (press) {
        case Press::Left:
            if (dragging) {
                moveGesture(at, keys);
                return finishGesture(keys);
            }
            return click(keys);
        case Press::ZoomBox:
            return finishZoomBox(at);
        case Press::Ruler:
            return finishRuler(at);
        case Press::None:
        case Press::Pan:
        case Press::FrequencyPan:
        case Press::Splitter:
            return;
    }
}

void SoundView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!hasSound()) return event->accept();
    const SoundLayout::Place place = d->layout.at(event->position());
    if (event->button() == Qt::LeftButton && place == SoundLayout::Place::FrequencyRuler) {
        SoundRange whole = range();
        whole.wholeBand = true;
        return setRange(whole);
    }
    if (event->button() == Qt::LeftButton && place == SoundLayout::Place::TimeRuler) {
        Q_EMIT loopDrawn(0, 0);
        return;
    }
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

void SoundView::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!hasSound()) return;
    const QPointF at = event->position();
    const QPoint angle = event->angleDelta();
    constexpr double kPerStep = 1.0015;  // for each eighth of a degree: 1.2 for one notch
    if (event->modifiers() & Qt::ControlModifier) {
        // Shift turns the wheel sideways on some systems.
        const double factor = std::pow(kPerStep, angle.y() != 0 ? angle.y() : angle.x());
        if (!(event->modifiers() & Qt::ShiftModifier)) return d->zoomTime(factor, at.x() - d->layout.panes().left());
        d->remember(true);
        d->frequencies.zoomBy(factor, at.y());
        return d->viewMoved(true);
    }
    QPointF delta = event->pixelDelta().isNull() ? QPointF(angle) * 0.5 : QPointF(event->pixelDelta());
    const bool sideways = (event->modifiers() & Qt::ShiftModifier) || d->frequencies.isFitted();
    if (sideways && delta.x() == 0.0) delta = {delta.y(), 0.0};
    d->time.panBy(delta.x());
    if (!d->frequencies.isFitted()) d->frequencies.panBy(delta.y());
    d->viewMoved(false);
}

bool SoundView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        d->cursor.reset();
        d->setHovered(0);
        d->repaintOverlay();
        Q_EMIT cursorLeft();
    } else if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture && hasSound()) {
            d->zoomTime(1.0 + gesture->value(), gesture->position().x() - d->layout.panes().left());
            return true;
        }
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void SoundView::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto hit = byKey ? std::nullopt : d->hitAt(event->pos());
    qint64 id = hit ? d->state.boxes()[hit->index].id : 0;
    if (byKey && !d->state.selected().isEmpty()) id = d->state.selectedIds().front();
    if (id && !d->state.selected().contains(id)) d->select({id});
    Q_EMIT contextMenuWanted(event->globalPos(), id);
}

}  // namespace querent::widgets
