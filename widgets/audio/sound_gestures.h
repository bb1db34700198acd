#pragma once

#include "widgets/audio/sound_plane.h"
#include "widgets/canvas/gesture.h"

namespace querent::widgets::audio {

class SoundView;

/** A drag on the ruler says what is played again and again; a click there seeks. */
class RulerGesture : public canvas::Gesture {
 public:
    struct Loop {
        qint64 first = 0, last = 0;  // frames; none when equal
    };

    RulerGesture(SoundView& view, const SoundPlane& sound);

    /** What it would be, while it acts. */
    const Loop& loop() const { return m_loop; }

 private:
    void follow(const canvas::GesturePoint& to) override;
    void finish(Qt::KeyboardModifiers keys) override;
    void tap(Qt::KeyboardModifiers keys) override;

    SoundView& m_view;
    const SoundPlane& m_sound;
    Loop m_loop;
};

/** The next drag, once it is armed, says what to look at; on the waveform, only when. */
class ZoomBoxGesture : public canvas::Gesture {
 public:
    ZoomBoxGesture(SoundView& view, const SoundPlane& sound);

    using canvas::Gesture::arm;
    /** Viewport pixels, while it acts. */
    const QRectF& box() const { return m_box; }

 private:
    void follow(const canvas::GesturePoint& to) override;
    void finish(Qt::KeyboardModifiers keys) override;
    void tap(Qt::KeyboardModifiers) override {}

    SoundView& m_view;
    const SoundPlane& m_sound;
    QRectF m_box;
};

}  // namespace querent::widgets::audio
