#pragma once

#include "tests/widgets/audio/sweep_provider.h"
#include "tests/widgets/canvas/surface_fixture.h"
#include "widgets/audio/sound_view.h"

#include <QWheelEvent>

#include <memory>
#include <random>

namespace querent::widgets::test {

inline canvas::CanvasBox regionOf(qint64 id, Box box, bool ghost = false) {
    return boxOf(id, box, ghost);
}

/** A view of 900 x 500 on ten seconds at 8 kHz. */
struct SoundDesk : SurfaceDesk {
    std::unique_ptr<SweepProvider> sound;
    std::unique_ptr<audio::SoundView> view;
    std::unique_ptr<QSignalSpy> seeks;

    /** Where a frame is on the waveform. */
    QPoint onWave(double frame) const {
        return {qRound(view->toViewport({frame, 0}).x()), qRound(view->waveformRect().center().y())};
    }
    /** Where a frame and a frequency are on the spectrogram. */
    QPoint at(double frame, double hz) const { return view->toViewport({frame, hz}).toPoint(); }

    void wheel(QPoint at, QPoint angle, Qt::KeyboardModifiers keys) {
        QWheelEvent event(at, view->viewport()->mapToGlobal(at), {}, angle, Qt::NoButton, keys, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(view->viewport(), &event);
    }

    void openView(SoundShape shape = {8000, 1, 80000}) {
        view.reset();
        sound = std::make_unique<SweepProvider>(shape);
        view = std::make_unique<audio::SoundView>();
        view->resize(900, 500);
        view->setProvider(sound.get());
        view->setActiveClass(QStringLiteral("Wren"), Qt::red);
        open(*view);
        seeks = std::make_unique<QSignalSpy>(view.get(), &audio::SoundView::seekRequested);
    }
};

}  // namespace querent::widgets::test
