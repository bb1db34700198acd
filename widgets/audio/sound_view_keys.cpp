#include "widgets/audio/sound_view_p.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {

constexpr double kNudgeSeconds = 0.010;
constexpr double kNudgeHz = 50.0;

}  // namespace

bool SoundView::Private::wantsKey(const QKeyEvent& event) const {
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    if (const auto direction = directionOf(event.key())) {
        if (keyboardDraw || direction->y() == 0.0) return true;
        return keys.testFlag(Qt::AltModifier) && !readOnly && !state.editableSelection().isEmpty();
    }
    if (event.key() == Qt::Key_Escape && (zoomArmed || inPoint)) return true;
    if (event.key() == Qt::Key_Space && keys == Qt::ShiftModifier) return true;
    return Inside::wantsKey(event);
}

bool SoundView::Private::takeKey(const QKeyEvent& event) {
    return arrowKey(event) || spaceKey(event) || viewKey(event);
}

bool SoundView::Private::arrowKey(const QKeyEvent& event) {
    const auto direction = directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    const bool shift = keys.testFlag(Qt::ShiftModifier);
    const bool control = keys.testFlag(Qt::ControlModifier);
    if (keyboardDraw) {
        moveKeyboardCursor(*direction * (control ? 50.0 : shift ? 10.0 : 1.0));
        return true;
    }
    if (keys.testFlag(Qt::AltModifier)) {
        if (readOnly || press == Press::Left || (!nudging && state.editableSelection().isEmpty())) return false;
        if (direction->y() != 0.0) {
            if (!boxesAllowed()) return false;
            nudge(control ? RegionEdge::High : RegionEdge::Low, -direction->y() * (shift ? 1.0 : kNudgeHz));
        } else {
            const double frames = shift ? 1.0 : std::max(1.0, std::round(kNudgeSeconds * shape.rate));
            nudge(control ? RegionEdge::End : RegionEdge::Start, direction->x() * frames);
        }
        return true;
    }
    if (direction->y() != 0.0) return false;
    const double seconds = control ? 0.1 : shift ? 5.0 : 1.0;
    seekTo(static_cast<double>(playhead) + direction->x() * std::round(seconds * shape.rate));
    return true;
}

bool SoundView::Private::spaceKey(const QKeyEvent& event) {
    if (event.key() != Qt::Key_Space) return false;
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    if (keys != Qt::NoModifier && keys != Qt::ShiftModifier) return false;
    if (event.isAutoRepeat()) return true;
    if (keys == Qt::NoModifier) {
        Q_EMIT q->spaceTapped();
        return true;
    }
    const auto regions = regionsOf(state.selectedIds());
    if (regions.isEmpty()) {
        Q_EMIT q->rejected(SoundView::tr("Select a region first: then Shift+Space plays it."));
        return true;
    }
    double first = regions.front().second.left;
    double last = regions.front().second.right;
    for (const auto& [id, box] : regions) {
        first = std::min(first, box.left);
        last = std::max(last, box.right);
    }
    Q_EMIT q->playRequested(std::llround(first), std::llround(last));
    return true;
}

/** Keys that a window may put to another use. */
bool SoundView::Private::viewKey(const QKeyEvent& event) {
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    if (keys == Qt::ControlModifier) {
        const bool home = event.key() == Qt::Key_Home;
        if (!home && event.key() != Qt::Key_PageUp && event.key() != Qt::Key_PageDown) return false;
        Q_EMIT q->speedStepRequested(home ? 0 : event.key() == Qt::Key_PageUp ? 1 : -1);
        return true;
    }
    if (keys != Qt::NoModifier) return false;
    switch (event.key()) {
        case Qt::Key_F:
            q->zoomToFit();
            return true;
        case Qt::Key_Z:
            q->startZoomBox();
            return true;
        case Qt::Key_B:
            q->back();
            return true;
        case Qt::Key_Home:
            q->resetView();
            return true;
        case Qt::Key_I:
            q->setInPoint();
            return true;
        case Qt::Key_O:
            q->setOutPoint();
            return true;
        case Qt::Key_L:
            Q_EMIT q->loopToggled();
            return true;
        default:
            return false;
    }
}

void SoundView::Private::nudge(RegionEdge edge, double delta) {
    if (!beginNudge(edge == nudgeEdge)) return;
    nudgeEdge = edge;
    gesture.nudgeBy(edge, delta, field());
}

/** One edge of the one selected region goes to a frame. */
void SoundView::Private::moveEdge(RegionEdge edge, double frame) {
    const auto regions = regionsOf(state.editableSelection());
    gesture.startEditing(regions, BoxPart::Left, {});
    const querent::Box& box = regions.front().second;
    gesture.nudgeBy(edge, frame - (edge == RegionEdge::Start ? box.left : box.right), field());
    finishEditing(BoxPart::Left);
}

// While a sound plays, the region drawn last stays selected: behind its end, a new one begins.
void SoundView::setInPoint() {
    if (!hasSound() || d->readOnly) return;
    cancelGesture();
    const auto regions = d->regionsOf(d->state.editableSelection());
    const double at = static_cast<double>(d->playhead);
    if (regions.size() == 1 && at < regions.front().second.right) return d->moveEdge(RegionEdge::Start, at);
    if (!d->canDraw()) return;
    d->inPoint = d->playhead;
    d->repaintOverlay();
}

void SoundView::setOutPoint() {
    if (!hasSound() || d->readOnly) return;
    cancelGesture();
    const double at = static_cast<double>(d->playhead);
    if (d->inPoint) {
        const qint64 from = *d->inPoint;
        d->inPoint.reset();
        d->select({});
        d->gesture.startDrawing(QPointF(static_cast<double>(from), 0.0), true, d->field());
        d->gesture.drawTo(QPointF(at, 0.0), true, d->field());
        return d->finishDrawing();
    }
    const auto regions = d->regionsOf(d->state.editableSelection());
    if (regions.size() == 1 && at > regions.front().second.left) return d->moveEdge(RegionEdge::End, at);
    Q_EMIT rejected(tr("Set the start first: I begins a region at the playhead, O ends it."));
}

bool SoundView::Private::escape() {
    if (keyboardDraw || zoomArmed || q->isGestureRunning()) {
        q->cancelGesture();
        return true;
    }
    if (!inPoint) return Inside::escape();
    inPoint.reset();
    repaintOverlay();
    return true;
}

void SoundView::startKeyboardDraw() {
    if (!hasSound() || !d->canDraw()) return;
    cancelGesture();
    setFocus(Qt::OtherFocusReason);
    const QRectF panes = d->layout.spectrogram.isEmpty() ? d->layout.waveform : d->layout.spectrogram;
    const bool useMouse = d->cursor && panes.contains(*d->cursor);
    d->keyboardCursor = useMouse ? *d->cursor : panes.center();
    d->pressPane = d->layout.spectrogram.isEmpty() ? SoundPane::Waveform : SoundPane::Spectrogram;
    d->keyboardDraw = true;
    d->moveKeyboardCursor({});
}

void SoundView::Private::moveKeyboardCursor(QPointF delta) {
    const QRectF pane = map().paneRect(pressPane);
    keyboardCursor += delta;
    // At the side the picture moves instead.
    const double x = std::clamp(keyboardCursor.x(), pane.left(), pane.right());
    if (x != keyboardCursor.x()) {
        time.panBy(x - keyboardCursor.x());
        viewMoved(false);
    }
    keyboardCursor = {x, std::clamp(keyboardCursor.y(), pane.top(), pane.bottom())};
    const QPointF sound = q->toSound(keyboardCursor);
    if (drawing()) drawTo(sound, {});
    repaintOverlay();
    Q_EMIT q->cursorMoved(sound.x(), sound.y());
}

std::vector<qint64> SoundView::Private::cycleOrder() const {
    std::vector<const CanvasBox*> regions;
    for (const CanvasBox& box : state.boxes()) {
        if (!box.hidden && shows(box)) regions.push_back(&box);
    }
    std::stable_sort(regions.begin(), regions.end(),
                     [](const CanvasBox* a, const CanvasBox* b) { return a->box.left < b->box.left; });
    std::vector<qint64> ids;
    for (const CanvasBox* box : regions)
        ids.push_back(box->id);
    return ids;
}

void SoundView::Private::reached(qint64 id) {
    Q_EMIT q->regionReached(id);
}

}  // namespace querent::widgets
