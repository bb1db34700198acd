#include "widgets/audio/sound_view_p.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace querent::widgets {

namespace {

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

bool isEnter(const QKeyEvent& event) {
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event) {
    return event.modifiers() & ~Qt::KeypadModifier;
}

constexpr double kNudgeSeconds = 0.010;
constexpr double kNudgeHz = 50.0;

}  // namespace

/** Keys that must reach the view even where the window has a shortcut on them. */
bool SoundView::Private::wantsKey(const QKeyEvent& event) const {
    if (!q->hasSound()) return false;
    const Qt::KeyboardModifiers keys = modifiersOf(event);
    if (const auto direction = directionOf(event.key())) {
        if (keyboardDraw || direction->y() == 0.0) return true;
        return keys.testFlag(Qt::AltModifier) && !readOnly && !state.editableSelection().isEmpty();
    }
    if (isEnter(event)) return keyboardDraw || drawing();
    if (event.key() == Qt::Key_Escape) {
        return keyboardDraw || zoomArmed || inPoint || q->isGestureRunning() || mode == CanvasMode::Draw ||
               !state.selected().isEmpty();
    }
    if (event.key() == Qt::Key_Space) return keys == Qt::NoModifier || keys == Qt::ShiftModifier;
    if (peekKey != 0 && event.key() == peekKey) return keys == Qt::NoModifier;
    return event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab;
}

bool SoundView::event(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::ShortcutOverride && d->wantsKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (type == QEvent::KeyPress) {
        // QWidget would take Tab for moving the focus.
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain && hasSound() && (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab)) {
            const bool back = key->key() == Qt::Key_Backtab || (key->modifiers() & Qt::ShiftModifier);
            cycleSelection(back ? -1 : 1);
            key->accept();
            return true;
        }
    }
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange) {
        d->painter.clearCache();
        d->relayout();
        d->repaintAll();
    }
    return QAbstractScrollArea::event(event);
}

void SoundView::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (event->key() == Qt::Key_Escape && d->escape()) return;
    if (hasSound()) {
        if (isEnter(*event) && (d->keyboardDraw || d->drawing())) return d->placeKeyboardCorner();
        if (d->arrowKey(*event) || d->spaceKey(*event) || d->viewKey(*event)) return;
        if (d->peekKey != 0 && event->key() == d->peekKey && modifiersOf(*event) == Qt::NoModifier) {
            if (!event->isAutoRepeat() && !d->peeking) {
                d->peeking = true;
                d->repaintAll();
            }
            return;
        }
    }
    event->ignore();
}

void SoundView::keyReleaseEvent(QKeyEvent* event) {
    event->accept();
    if (event->isAutoRepeat()) return;
    if (directionOf(event->key()) && d->nudging) return d->finishNudge();
    if (event->key() == d->peekKey && d->peeking) {
        d->peeking = false;
        return d->repaintAll();
    }
    event->ignore();
}

void SoundView::focusOutEvent(QFocusEvent* event) {
    d->finishNudge();
    d->peeking = false;
    d->repaintAll();
    QAbstractScrollArea::focusOutEvent(event);
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

// A run of presses is one gesture: it ends with the key, or a moment after the last press.
void SoundView::Private::nudge(RegionEdge edge, double delta) {
    if (nudging && edge != nudgeEdge) finishNudge();
    if (!nudging) {
        gesture.startEditing(regionsOf(state.editableSelection()), BoxPart::Left, {});
        if (!editing()) return;
        nudging = true;
        nudgeEdge = edge;
    }
    gesture.nudgeBy(edge, delta, field());
    nudgeTimer.start();
    repaintOverlay();
}

void SoundView::Private::finishNudge() {
    nudgeTimer.stop();
    if (!nudging) return;
    nudging = false;
    if (editing()) finishEditing(QStringLiteral("Resize"));
}

/** One edge of the one selected region goes to a frame. */
void SoundView::Private::moveEdge(RegionEdge edge, double frame) {
    const auto regions = regionsOf(state.editableSelection());
    gesture.startEditing(regions, BoxPart::Left, {});
    const querent::Box& box = regions.front().second;
    gesture.nudgeBy(edge, frame - (edge == RegionEdge::Start ? box.left : box.right), field());
    finishEditing(QStringLiteral("Resize"));
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
    if (inPoint) {
        inPoint.reset();
        repaintOverlay();
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
    if (drawing()) gesture.drawTo(sound, timeOnly(pressPane, {}), field());
    repaintOverlay();
    Q_EMIT q->cursorMoved(sound.x(), sound.y());
}

void SoundView::Private::placeKeyboardCorner() {
    if (drawing()) return finishDrawing();
    select({});
    const QPointF sound = q->toSound(keyboardCursor);
    gesture.startDrawing(sound, timeOnly(pressPane, {}), field());
    repaintOverlay();
}

void SoundView::cycleSelection(int step) {
    std::vector<const CanvasBox*> regions;
    for (const CanvasBox& box : d->state.boxes()) {
        if (!box.hidden && (box.ghost ? d->showsGhosts() : d->showsLabels())) regions.push_back(&box);
    }
    std::stable_sort(regions.begin(), regions.end(),
                     [](const CanvasBox* a, const CanvasBox* b) { return a->box.left < b->box.left; });
    std::vector<qint64> ids;
    for (const CanvasBox* box : regions)
        ids.push_back(box->id);
    const QVector<qint64> now = d->state.selectedIds();
    const qint64 next = cycled(ids, now.size() == 1 ? now.front() : 0, step);
    if (next == 0) return;
    d->select({next});
    ensureVisible(next);
    Q_EMIT regionReached(next);
}

}  // namespace querent::widgets
