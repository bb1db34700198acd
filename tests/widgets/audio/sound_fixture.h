#pragma once

#include "tests/widgets/audio/sweep_provider.h"
#include "widgets/audio/sound_view.h"
#include "widgets/common/theme.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <memory>
#include <random>

namespace querent::widgets::test {

using Moves = QVector<QPair<qint64, Box>>;

inline CanvasBox regionOf(qint64 id, Box box, bool ghost = false) {
    CanvasBox out;
    out.id = id;
    out.box = box;
    out.label = ClassId(id % 5 + 1);
    out.colour = classColour(static_cast<int>(id));
    out.name = QStringLiteral("class %1").arg(id % 5);
    out.ghost = ghost;
    out.score = ghost ? 0.87 : 0.0;
    return out;
}

/** A view of 900 x 500 on ten seconds at 8 kHz, real events on its viewport, and ears on its signals. */
struct SoundDesk {
    std::unique_ptr<SweepProvider> sound;
    std::unique_ptr<SoundView> view;
    std::unique_ptr<QSignalSpy> drawn, edited, selection, corrected, activated, rejections, seeks;

    /** Where a frame is on the waveform. */
    QPoint onWave(double frame) const {
        return {qRound(view->toViewport({frame, 0}).x()), qRound(view->waveformRect().center().y())};
    }
    /** Where a frame and a frequency are on the spectrogram. */
    QPoint at(double frame, double hz) const { return view->toViewport({frame, hz}).toPoint(); }

    void move(QPoint to, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
        QMouseEvent event(QEvent::MouseMove, to, view->viewport()->mapToGlobal(to), Qt::NoButton,
                          button == Qt::NoButton ? Qt::MouseButtons() : Qt::MouseButtons(button), keys);
        QCoreApplication::sendEvent(view->viewport(), &event);
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(view->viewport(), button, keys, from);
        move((from * 2 + to) / 3, button, keys);
        move((from + to * 2) / 3, button, keys);
        move(to, button, keys);
        QTest::mouseRelease(view->viewport(), button, keys, to);
    }

    void click(QPoint p, Qt::KeyboardModifiers keys = {}) {
        move(p, Qt::NoButton, keys);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, keys, p);
    }

    void wheel(QPoint at, QPoint angle, Qt::KeyboardModifiers keys) {
        QWheelEvent event(at, view->viewport()->mapToGlobal(at), {}, angle, Qt::NoButton, keys, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(view->viewport(), &event);
    }

    Box drawnBoxAt(int index) const { return drawn->at(index).at(0).value<Box>(); }
    Moves movesAt(int index) const { return edited->at(index).at(0).value<Moves>(); }

    void openView(SoundShape shape = {8000, 1, 80000}) {
        view.reset();
        sound = std::make_unique<SweepProvider>(shape);
        view = std::make_unique<SoundView>();
        view->resize(900, 500);
        view->setProvider(sound.get());
        view->setActiveClass(QStringLiteral("Wren"), Qt::red, ClassId(1));
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        drawn = std::make_unique<QSignalSpy>(view.get(), &SoundView::boxDrawn);
        edited = std::make_unique<QSignalSpy>(view.get(), &SoundView::boxesEdited);
        selection = std::make_unique<QSignalSpy>(view.get(), &SoundView::selectionChanged);
        corrected = std::make_unique<QSignalSpy>(view.get(), &SoundView::ghostCorrected);
        activated = std::make_unique<QSignalSpy>(view.get(), &SoundView::ghostActivated);
        rejections = std::make_unique<QSignalSpy>(view.get(), &SoundView::rejected);
        seeks = std::make_unique<QSignalSpy>(view.get(), &SoundView::seekRequested);
    }
};

}  // namespace querent::widgets::test
