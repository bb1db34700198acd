#include "widgets/audio/sound_gestures.h"

#include "widgets/audio/sound_view.h"

#include <algorithm>

namespace querent::widgets::audio {

namespace {
constexpr double kLeastZoomBox = 6.0;  // logical pixels
}

RulerGesture::RulerGesture(SoundView& view, const SoundPlane& sound)
    : canvas::Gesture(view, Qt::PointingHandCursor, Qt::PointingHandCursor), m_view(view), m_sound(sound) {}

void RulerGesture::follow(const canvas::GesturePoint& to) {
    m_loop.first = m_sound.wholeFrameAt(std::min(from().viewport.x(), to.viewport.x()));
    m_loop.last = m_sound.wholeFrameAt(std::max(from().viewport.x(), to.viewport.x()));
    repaint();
}

void RulerGesture::finish(Qt::KeyboardModifiers) {
    end();
    m_view.setLoop(m_loop.first, m_loop.last);
    Q_EMIT m_view.loopDrawn(m_loop.first, m_loop.last);
}

void RulerGesture::tap(Qt::KeyboardModifiers) {
    Q_EMIT m_view.seekRequested(m_sound.wholeFrameAt(from().viewport.x()));
}

ZoomBoxGesture::ZoomBoxGesture(SoundView& view, const SoundPlane& sound)
    : canvas::Gesture(view, Qt::CrossCursor, Qt::CrossCursor), m_view(view), m_sound(sound) {}

void ZoomBoxGesture::follow(const canvas::GesturePoint& to) {
    const QRectF panes = m_sound.layout.panes();
    m_box = QRectF(from().viewport, to.viewport).normalized() & panes;
    if (m_sound.pane == SoundPane::Spectrogram) return;
    m_box.setTop(panes.top());
    m_box.setBottom(panes.bottom());
}

void ZoomBoxGesture::finish(Qt::KeyboardModifiers) {
    end();
    if (m_box.width() < kLeastZoomBox) return;
    SoundRange wanted = m_view.range();
    wanted.fit = false;
    wanted.firstFrame = m_sound.toPoint(m_box.topLeft()).x();
    wanted.lastFrame = m_sound.toPoint(m_box.bottomRight()).x();
    const QRectF pitch = m_box & m_sound.layout.spectrogram;
    if (m_sound.pane == SoundPane::Spectrogram && pitch.height() >= kLeastZoomBox) {
        wanted.wholeBand = false;
        wanted.lowHz = m_sound.toPoint(pitch.bottomLeft()).y();
        wanted.highHz = m_sound.toPoint(pitch.topLeft()).y();
    }
    m_view.setRange(wanted);
}

}  // namespace querent::widgets::audio
