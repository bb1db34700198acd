// How mouse and keys become gestures on a sound.

#include "widgets/audio/sound_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace querent::widgets::audio {

namespace {

constexpr double kNudgeSeconds = 0.010;
constexpr double kNudgeHz = 50.0;
constexpr double kWheelZoom = 1.0015;  // for each eighth of a degree: 1.2 for one notch

}  // namespace

// --- mouse

canvas::Gesture* SoundView::gestureAt(canvas::GesturePoint& at, Qt::MouseButton button) {
    const SoundLayout::Place place = m_sound.layout.at(at.viewport);
    if (button != Qt::LeftButton) return canvas::BoxSurface::gestureAt(at, button);
    if (place == SoundLayout::Place::Splitter) return &m_splitter;
    if (place == SoundLayout::Place::TimeRuler) return &m_ruler;
    if (place == SoundLayout::Place::FrequencyRuler) return &m_frequencies;
    if (place == SoundLayout::Place::None) return nullptr;
    if (m_zoomBox.state() == canvas::Gesture::State::Idle) return canvas::BoxSurface::gestureAt(at, button);
    at.grip.reset();
    return &m_zoomBox;
}

void SoundView::clickOnNothing(const canvas::GesturePoint& at) {
    if (m_settings.mode == canvas::CanvasMode::Draw && canDraw()) return m_draw.placeFirst(at);
    select({});
    seekTo(at.point.x());
}

void SoundView::panBy(QPointF from, QPointF delta) {
    m_sound.time.panBy(delta.x());
    if (m_sound.layout.spectrogram.contains(from)) m_sound.frequencies.panBy(delta.y());
    viewMoved(false);
}

void SoundView::seekTo(double frame) {
    const auto whole = static_cast<qint64>(std::llround(frame));
    Q_EMIT seekRequested(std::clamp<qint64>(whole, 0, m_sound.shape.frames));
}

void SoundView::mousePressEvent(QMouseEvent* event) {
    const bool armed = m_zoomBox.state() != canvas::Gesture::State::Idle;
    if (event->button() == Qt::RightButton && armed) cancelGesture();
    const auto pane = m_sound.paneAt(event->position());
    if (event->button() == Qt::LeftButton && pane && !m_draw.isActing()) m_sound.pane = *pane;
    canvas::BoxSurface::mousePressEvent(event);
}

void SoundView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (hasSound()) {
        const QPointF sound = toSound(at);
        const bool pitch = m_sound.layout.spectrogram.contains(at);
        Q_EMIT cursorMoved(std::clamp(sound.x(), 0.0, static_cast<double>(m_sound.shape.frames)),
                           pitch ? sound.y() : std::numeric_limits<double>::quiet_NaN());
    }
    canvas::BoxSurface::mouseMoveEvent(event);
    const QRectF panes = m_sound.layout.panes();
    const bool outside = at.x() < panes.left() || at.x() > panes.right();
    if (!holdsBoxes() || !outside) return m_edgeTimer.stop();
    if (!m_edgeTimer.isActive()) m_edgeTimer.start();
}

/** A gesture held beside the picture pulls it along, faster from further away. */
void SoundView::scrollAtEdge() {
    if (!holdsBoxes() || !m_cursor) return m_edgeTimer.stop();
    const QRectF panes = m_sound.layout.panes();
    const double beyond = m_cursor->x() < panes.left() ? m_cursor->x() - panes.left() : m_cursor->x() - panes.right();
    m_sound.time.panBy(-std::clamp(0.5 * beyond, -60.0, 60.0));
    followCursor();
    viewMoved(false);
}

void SoundView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!hasSound()) return event->accept();
    const SoundLayout::Place place = m_sound.layout.at(event->position());
    if (event->button() == Qt::LeftButton && place == SoundLayout::Place::FrequencyRuler) {
        SoundRange whole = range();
        whole.wholeBand = true;
        return setRange(whole);
    }
    if (event->button() == Qt::LeftButton && place == SoundLayout::Place::TimeRuler) {
        Q_EMIT loopDrawn(0, 0);
        return;
    }
    canvas::BoxSurface::mouseDoubleClickEvent(event);
}

void SoundView::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!hasSound()) return;
    const QPointF at = event->position();
    const QPoint angle = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        // Shift turns the wheel sideways on some systems.
        const double factor = std::pow(kWheelZoom, angle.y() != 0 ? angle.y() : angle.x());
        if (!(event->modifiers() & Qt::ShiftModifier)) return zoomBy(factor, at);
        remember(true);
        m_sound.frequencies.zoomBy(factor, at.y());
        return viewMoved(true);
    }
    QPointF delta = event->pixelDelta().isNull() ? QPointF(angle) * 0.5 : QPointF(event->pixelDelta());
    const bool sideways = (event->modifiers() & Qt::ShiftModifier) || m_sound.frequencies.isFitted();
    if (sideways && delta.x() == 0.0) delta = {delta.y(), 0.0};
    m_sound.time.panBy(delta.x());
    if (!m_sound.frequencies.isFitted()) m_sound.frequencies.panBy(delta.y());
    viewMoved(false);
}

// --- keys

bool SoundView::wantsKey(const QKeyEvent& event) const {
    if (!hasSound()) return false;
    const Qt::KeyboardModifiers keys = canvas::modifiersOf(event);
    if (const auto direction = canvas::directionOf(event.key())) {
        if (m_draw.isByKeys() || direction->y() == 0.0) return true;
        return keys.testFlag(Qt::AltModifier) && m_settings.mayChange() && !m_state.editableSelection().isEmpty();
    }
    if (event.key() == Qt::Key_Escape && (m_zoomBox.state() != canvas::Gesture::State::Idle || m_inPoint)) return true;
    if (event.key() == Qt::Key_Space && keys == Qt::ShiftModifier) return true;
    return canvas::BoxSurface::wantsKey(event);
}

void SoundView::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (hasSound() && (arrowKey(*event) || spaceKey(*event) || viewKey(*event))) return;
    if (!hasSound() && event->key() != Qt::Key_Escape) return event->ignore();
    canvas::BoxSurface::keyPressEvent(event);
}

bool SoundView::arrowKey(const QKeyEvent& event) {
    const auto direction = canvas::directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers keys = canvas::modifiersOf(event);
    const bool shift = keys.testFlag(Qt::ShiftModifier);
    const bool control = keys.testFlag(Qt::ControlModifier);
    if (m_draw.isByKeys()) {
        moveKeyboardCursor(*direction * (control ? 50.0 : shift ? 10.0 : 1.0));
        return true;
    }
    if (keys.testFlag(Qt::AltModifier)) {
        if (direction->y() != 0.0) {
            const double hz = shift ? 1.0 : kNudgeHz;
            return !m_sound.timeOnly &&
                   nudge(control ? canvas::BoxPart::Top : canvas::BoxPart::Bottom, {0.0, -direction->y() * hz});
        }
        const double frames = shift ? 1.0 : std::max(1.0, std::round(kNudgeSeconds * m_sound.shape.rate));
        return nudge(control ? canvas::BoxPart::Right : canvas::BoxPart::Left, {direction->x() * frames, 0.0});
    }
    if (direction->y() != 0.0) return false;
    const double seconds = control ? 0.1 : shift ? 5.0 : 1.0;
    seekTo(static_cast<double>(m_playhead) + direction->x() * std::round(seconds * m_sound.shape.rate));
    return true;
}

bool SoundView::spaceKey(const QKeyEvent& event) {
    if (event.key() != Qt::Key_Space) return false;
    const Qt::KeyboardModifiers keys = canvas::modifiersOf(event);
    if (keys != Qt::NoModifier && keys != Qt::ShiftModifier) return false;
    if (event.isAutoRepeat()) return true;
    if (keys == Qt::NoModifier) {
        Q_EMIT spaceTapped();
        return true;
    }
    const auto regions = regionsOf(m_state.selectedIds());
    if (regions.isEmpty()) {
        Q_EMIT rejected(tr("Select a region first: then Shift+Space plays it."));
        return true;
    }
    const auto [first, last] = spanOf(regions);
    Q_EMIT playRequested(std::llround(first), std::llround(last));
    return true;
}

/** Keys that a window may put to another use. */
bool SoundView::viewKey(const QKeyEvent& event) {
    const Qt::KeyboardModifiers keys = canvas::modifiersOf(event);
    if (keys == Qt::ControlModifier) {
        const bool home = event.key() == Qt::Key_Home;
        if (!home && event.key() != Qt::Key_PageUp && event.key() != Qt::Key_PageDown) return false;
        Q_EMIT speedStepRequested(home ? 0 : event.key() == Qt::Key_PageUp ? 1 : -1);
        return true;
    }
    if (keys != Qt::NoModifier) return false;
    switch (event.key()) {
        case Qt::Key_F:
            zoomToFit();
            return true;
        case Qt::Key_Z:
            startZoomBox();
            return true;
        case Qt::Key_B:
            back();
            return true;
        case Qt::Key_Home:
            resetView();
            return true;
        case Qt::Key_I:
            setInPoint();
            return true;
        case Qt::Key_O:
            setOutPoint();
            return true;
        case Qt::Key_L:
            Q_EMIT loopToggled();
            return true;
        default:
            return false;
    }
}

/** One edge of the one selected region goes to the playhead. */
void SoundView::moveEdge(canvas::BoxPart edge, double by) {
    nudge(edge, {by, 0.0});
    settleGesture();
}

// While a sound plays, the region drawn last stays selected: behind its end, a new one begins.
void SoundView::setInPoint() {
    if (!hasSound() || m_settings.readOnly) return;
    cancelGesture();
    const auto regions = regionsOf(m_state.editableSelection());
    const double at = static_cast<double>(m_playhead);
    if (regions.size() == 1 && at < regions.front().right)
        return moveEdge(canvas::BoxPart::Left, at - regions.front().left);
    if (!canDraw()) return;
    m_inPoint = m_playhead;
    repaintOverlay();
}

void SoundView::setOutPoint() {
    if (!hasSound() || m_settings.readOnly) return;
    cancelGesture();
    const double at = static_cast<double>(m_playhead);
    if (m_inPoint) {
        const double from = static_cast<double>(*std::exchange(m_inPoint, std::nullopt));
        select({});
        return m_draw.report(timeRegion(from, at, m_sound.field()));
    }
    const auto regions = regionsOf(m_state.editableSelection());
    if (regions.size() == 1 && at > regions.front().left)
        return moveEdge(canvas::BoxPart::Right, at - regions.front().right);
    Q_EMIT rejected(tr("Set the start first: I begins a region at the playhead, O ends it."));
}

bool SoundView::escape() {
    if (m_zoomBox.state() != canvas::Gesture::State::Idle) {
        cancelGesture();
        return true;
    }
    if (!m_inPoint || m_draw.isByKeys() || isGestureRunning()) return canvas::BoxSurface::escape();
    m_inPoint.reset();
    repaintOverlay();
    return true;
}

void SoundView::startZoomBox() {
    if (!hasSound()) return;
    cancelGesture();
    m_zoomBox.arm();
    refreshCursor(Qt::NoModifier);
}

void SoundView::startKeyboardDraw() {
    if (!hasSound() || !canDraw()) return;
    cancelGesture();
    setFocus(Qt::OtherFocusReason);
    const QRectF panes = m_sound.layout.spectrogram.isEmpty() ? m_sound.layout.waveform : m_sound.layout.spectrogram;
    const bool useMouse = m_cursor && panes.contains(*m_cursor);
    m_keyboardCursor = useMouse ? *m_cursor : panes.center();
    m_sound.pane = m_sound.layout.spectrogram.isEmpty() ? SoundPane::Waveform : SoundPane::Spectrogram;
    moveKeyboardCursor({});
}

void SoundView::moveKeyboardCursor(QPointF delta) {
    const QRectF pane = m_sound.paneRect(m_sound.pane);
    m_keyboardCursor += delta;
    // At the side the picture moves instead.
    const double x = std::clamp(m_keyboardCursor.x(), pane.left(), pane.right());
    if (x != m_keyboardCursor.x()) {
        m_sound.time.panBy(x - m_keyboardCursor.x());
        viewMoved(false);
    }
    m_keyboardCursor = {x, std::clamp(m_keyboardCursor.y(), pane.top(), pane.bottom())};
    const QPointF sound = toSound(m_keyboardCursor);
    m_draw.aim({sound, m_keyboardCursor, {}});
    repaintOverlay();
    Q_EMIT cursorMoved(sound.x(), sound.y());
}

std::vector<qint64> SoundView::cycleOrder() const {
    std::vector<const canvas::CanvasBox*> regions;
    for (const canvas::CanvasBox& box : boxes()) {
        if (!box.hidden && m_settings.shows(box)) regions.push_back(&box);
    }
    std::stable_sort(regions.begin(), regions.end(),
                     [](const canvas::CanvasBox* a, const canvas::CanvasBox* b) { return a->box.left < b->box.left; });
    std::vector<qint64> ids;
    for (const canvas::CanvasBox* box : regions)
        ids.push_back(box->id);
    return ids;
}

}  // namespace querent::widgets::audio
