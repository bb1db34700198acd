#include "widgets/audio/sound_view_p.h"

#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::widgets {

std::optional<SoundPane> SoundView::Private::paneAt(QPointF at) const {
    const SoundLayout::Place place = layout.at(at);
    if (place == SoundLayout::Place::Waveform) return SoundPane::Waveform;
    if (place == SoundLayout::Place::Spectrogram) return SoundPane::Spectrogram;
    return std::nullopt;
}

bool SoundView::Private::timeOnly(SoundPane pane, Qt::KeyboardModifiers keys) const {
    return pane == SoundPane::Waveform || !boxesAllowed() || keys.testFlag(Qt::ShiftModifier);
}

std::optional<Hit> SoundView::Private::findHit(QPointF at, bool ignoreSelection) {
    const auto pane = paneAt(at);
    if (!pane || !hasMedium()) return std::nullopt;
    ScreenRegions& regions = *pane == SoundPane::Waveform ? onWaves : onSpectrum;
    regions.refresh(state, map(), *pane, !boxesAllowed());
    const QSet<qint64> none;
    const HitQuery query{at, kHandleReach, !ignoreSelection};
    return hitTest(regions.boxes(), regions.byArea(), ignoreSelection ? none : state.selected(), query);
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
    return hoverShape(keys).value_or(canDraw() ? Qt::CrossCursor : Qt::ArrowCursor);
}

void SoundView::Private::refreshCursor(Qt::KeyboardModifiers keys) {
    if (!editing()) q->viewport()->setCursor(cursorShape(keys));
}

void SoundView::Private::pressed(const QMouseEvent& event) {
    cursor = pressAt;
    if (event.button() == Qt::MiddleButton) {
        press = Press::Pan;
    } else if (event.button() == Qt::LeftButton) {
        keyboardDraw = false;
        dragging = false;
        pressLeft();
    } else if (event.button() == Qt::RightButton && (drawing() || zoomArmed)) {
        q->cancelGesture();
    }
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
    if (!d->dragging && d->isDrag(at) && d->press != Private::Press::None) {
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
    if (!d->endsPress(event->button())) return;
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
            return releaseLeft(at, keys);
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
    BoxSurface::mouseDoubleClickEvent(event);
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
        if (!(event->modifiers() & Qt::ShiftModifier)) return d->zoomBy(factor, at);
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

}  // namespace querent::widgets
