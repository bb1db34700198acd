// What is seen of a sound, and what the keyboard does.

#include "tests/widgets/audio/sound_fixture.h"

#include <QAction>
#include <QScrollBar>

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::common;
using namespace querent::widgets::test;

class TestSoundViewKeys : public QObject, private SoundDesk {
    Q_OBJECT

    void key(int code, Qt::KeyboardModifiers keys = {}) {
        QTest::keyClick(view.get(), static_cast<Qt::Key>(code), keys);
    }
    double width() const { return view->range().lastFrame - view->range().firstFrame; }

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }
    void init() { openView(); }

    void arrowsSeek() {
        view->setPlayhead(40000);
        key(Qt::Key_Right);
        key(Qt::Key_Left, Qt::ShiftModifier);
        key(Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(seeks->at(0).at(0).toLongLong(), 48000);
        QCOMPARE(seeks->at(1).at(0).toLongLong(), 0);
        QCOMPARE(seeks->at(2).at(0).toLongLong(), 40800);
        view->setPlayhead(79999);
        key(Qt::Key_Right);
        QCOMPARE(seeks->at(3).at(0).toLongLong(), 80000);
    }

    void spacePlays() {
        QSignalSpy space(view.get(), &SoundView::spaceTapped);
        QSignalSpy play(view.get(), &SoundView::playRequested);
        key(Qt::Key_Space);
        QCOMPARE(space.count(), 1);
        key(Qt::Key_Space, Qt::ShiftModifier);
        QCOMPARE(play.count(), 0);
        QCOMPARE(rejections->count(), 1);
        view->setBoxes({regionOf(1, {20000, 0, 30000, 4000}), regionOf(2, {50000, 0, 60000, 4000})});
        view->setSelection({1, 2});
        key(Qt::Key_Space, Qt::ShiftModifier);
        QCOMPARE(play.at(0).at(0).toLongLong(), 20000);
        QCOMPARE(play.at(0).at(1).toLongLong(), 60000);
        QCOMPARE(space.count(), 1);
    }

    void altArrowsNudgeOnceForEachRun() {
        view->setBoxes({regionOf(1, {20000, 1000, 30000, 2000})});
        view->setSelection({1});
        for (int i = 0; i < 3; ++i) {
            QKeyEvent press(QEvent::KeyPress, Qt::Key_Right, Qt::AltModifier, QString(), i > 0);
            QCoreApplication::sendEvent(view.get(), &press);
        }
        QCOMPARE(edited->count(), 0);
        QTest::keyRelease(view.get(), Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(edited->count(), 1);
        QCOMPARE(edited->at(0).at(1).toString(), QStringLiteral("Resize"));
        QVERIFY((movesAt(0).front().second == Box{20240, 1000, 30000, 2000}));  // 10 ms are 80 frames
        key(Qt::Key_Left, Qt::AltModifier | Qt::ShiftModifier);
        QVERIFY((movesAt(1).front().second == Box{20239, 1000, 30000, 2000}));
        key(Qt::Key_Right, Qt::AltModifier | Qt::ControlModifier);
        QVERIFY((movesAt(2).front().second == Box{20239, 1000, 30080, 2000}));
        key(Qt::Key_Left, Qt::AltModifier | Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY((movesAt(3).front().second == Box{20239, 1000, 30079, 2000}));
        key(Qt::Key_Up, Qt::AltModifier);
        QVERIFY((movesAt(4).front().second == Box{20239, 1050, 30079, 2000}));
        key(Qt::Key_Down, Qt::AltModifier | Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY((movesAt(5).front().second == Box{20239, 1050, 30079, 1999}));
        QCOMPARE(seeks->count(), 0);
    }

    void inAndOutPointsMarkWhatPlays() {
        view->setPlayhead(10000);
        key(Qt::Key_O);
        QCOMPARE(rejections->count(), 1);
        key(Qt::Key_I);
        view->setPlayhead(18000);
        key(Qt::Key_O);
        QCOMPARE(drawn->count(), 1);
        QVERIFY((drawnBoxAt(0) == Box{10000, 0, 18000, 4000}));
        // The page selects what was drawn; later on I begins the next one, and before its end I moves its start.
        view->setBoxes({regionOf(1, drawnBoxAt(0))});
        view->setSelection({1});
        view->setPlayhead(30000);
        key(Qt::Key_I);
        view->setPlayhead(31000);
        key(Qt::Key_O);
        QCOMPARE(drawn->count(), 2);
        QVERIFY((drawnBoxAt(1) == Box{30000, 0, 31000, 4000}));
        view->setSelection({1});
        view->setPlayhead(12345);
        key(Qt::Key_I);
        QVERIFY((movesAt(0).front().second == Box{12345, 0, 18000, 4000}));
        view->setPlayhead(20001);
        key(Qt::Key_O);
        QVERIFY((movesAt(1).front().second == Box{12345, 0, 20001, 4000}));
        QCOMPARE(drawn->count(), 2);
    }

    void tabGoesThroughTime() {
        QSignalSpy reached(view.get(), &SoundView::cycledTo);
        view->setBoxes({regionOf(1, {50000, 0, 60000, 4000}), regionOf(2, {10000, 500, 20000, 900}),
                        regionOf(3, {30000, 0, 35000, 4000}, true)});
        QVector<qint64> order;
        for (int i = 0; i < 4; ++i) {
            key(Qt::Key_Tab);
            order << view->selection().front();
        }
        QCOMPARE(order, (QVector<qint64>{2, 3, 1, 2}));
        key(Qt::Key_Backtab);
        QCOMPARE(view->selection(), QVector<qint64>{1});
        QCOMPARE(reached.count(), 5);
        view->setRange({false, 60000, 70000, true, 0, 0});
        key(Qt::Key_Tab);
        QVERIFY(view->range().firstFrame <= 10000);  // what is selected is seen
    }

    void keyboardDrawingNeedsNoMouse() {
        view->startKeyboardDraw();
        key(Qt::Key_Return);
        QVERIFY(view->isGestureRunning());
        for (int i = 0; i < 3; ++i)
            key(Qt::Key_Right, Qt::ShiftModifier);
        key(Qt::Key_Up, Qt::ControlModifier);
        key(Qt::Key_Return);
        QCOMPARE(drawn->count(), 1);
        QVERIFY(std::abs(drawnBoxAt(0).width() - 30 * view->timeAxis().framesPerPixel()) <= 2);
        const double hz = 50 * 4000 / view->spectrogramRect().height();
        QVERIFY(std::abs(drawnBoxAt(0).height() - hz) <= 2);
        QCOMPARE(seeks->count(), 0);
    }

    void peekHidesWhileHeld() {
        QTest::keyPress(view.get(), Qt::Key_H);
        QVERIFY(view->isPeeking());
        QTest::keyRelease(view.get(), Qt::Key_H);
        QVERIFY(!view->isPeeking());
    }

    void peekAnswersByItsPlaceUnderAnotherAlphabet() {
        constexpr quint32 kScanCodeOfH = 43;
        const auto strike = [this](QEvent::Type type) {
            QKeyEvent event(type, 0x0420, Qt::NoModifier, kScanCodeOfH, 0, 0, QString(QChar(0x0440)));
            QCoreApplication::sendEvent(view.get(), &event);
        };
        strike(QEvent::KeyPress);
        QVERIFY(view->isPeeking());
        strike(QEvent::KeyRelease);
        QVERIFY(!view->isPeeking());
    }

    void speedAndLoopKeysAreSignals() {
        QSignalSpy speed(view.get(), &SoundView::speedStepRequested);
        QSignalSpy loop(view.get(), &SoundView::loopToggled);
        key(Qt::Key_PageUp, Qt::ControlModifier);
        key(Qt::Key_PageDown, Qt::ControlModifier);
        key(Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(speed.count(), 3);
        QCOMPARE(speed.at(0).at(0).toInt(), 1);
        QCOMPARE(speed.at(1).at(0).toInt(), -1);
        QCOMPARE(speed.at(2).at(0).toInt(), 0);
        key(Qt::Key_L);
        QCOMPARE(loop.count(), 1);
    }

    void theWindowMayTakeTheFreeKeys() {
        QWidget window;
        view->setParent(&window);
        QAction lock;
        lock.setShortcut(Qt::Key_L);
        QAction right;
        right.setShortcut(Qt::Key_Right);
        window.addActions({&lock, &right});
        window.resize(900, 500);
        window.show();
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.activateWindow();
        view->setFocus();
        QSignalSpy locked(&lock, &QAction::triggered), moved(&right, &QAction::triggered);
        QSignalSpy loop(view.get(), &SoundView::loopToggled);
        key(Qt::Key_L);
        key(Qt::Key_Right);
        QCOMPARE(locked.count(), 1);
        QCOMPARE(loop.count(), 0);
        QCOMPARE(moved.count(), 0);  // seeking is what this view has arrows for
        QCOMPARE(seeks->count(), 1);
        view->setParent(nullptr);
    }

    void theWheelZoomsAndScrolls() {
        const QPoint at(500, 300);
        const double before = view->toSound(at).x();
        wheel(at, {0, 240}, Qt::ControlModifier);
        QVERIFY(width() < 60000);
        QVERIFY(std::abs(view->toSound(at).x() - before) <= view->timeAxis().framesPerPixel());
        const double first = view->range().firstFrame;
        wheel(at, {0, -120}, Qt::ShiftModifier);
        QVERIFY(view->range().firstFrame > first);
        const double scrolled = view->range().firstFrame;
        wheel(at, {0, -120}, {});  // all frequencies are seen: the wheel has nothing else to do
        QVERIFY(view->range().firstFrame > scrolled);
        const double hz = view->toSound(at).y();
        wheel(at, {0, 240}, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!view->range().wholeBand);
        QVERIFY(std::abs(view->toSound(at).y() - hz) < 1.0);
        const SoundRange zoomed = view->range();
        wheel(at, {0, -120}, {});
        QVERIFY(view->range().lowHz < zoomed.lowHz);
        QCOMPARE(view->range().firstFrame, zoomed.firstFrame);
    }

    void zoomBoxAndTheWayBack() {
        key(Qt::Key_Z);
        drag(at(20000, 1000), at(40000, 3000));
        QCOMPARE(drawn->count(), 0);
        QVERIFY(std::abs(view->range().firstFrame - 20000) < 300 && std::abs(view->range().lastFrame - 40000) < 300);
        QVERIFY(std::abs(view->range().lowHz - 1000) < 50 && std::abs(view->range().highHz - 3000) < 50);
        key(Qt::Key_F);
        QVERIFY(view->range().fit && !view->range().wholeBand);
        key(Qt::Key_Home);
        QVERIFY(view->range().wholeBand);
        key(Qt::Key_B);
        key(Qt::Key_B);
        QVERIFY(std::abs(view->range().firstFrame - 20000) < 300);
        key(Qt::Key_B);
        QVERIFY(view->range().fit && view->range().wholeBand);
        key(Qt::Key_B);  // nothing more to go back to
        QVERIFY(view->range().fit);
    }

    void middleDragPans() {
        view->setRange({false, 20000, 40000, true, 0, 0});
        const double before = view->toSound({300, 100}).x();
        drag({300, 100}, {360, 110}, Qt::MiddleButton);
        QVERIFY(std::abs(view->toSound({360, 100}).x() - before) <= view->timeAxis().framesPerPixel());
        QCOMPARE(drawn->count(), 0);
    }

    void theScrollBarFollowsAndLeads() {
        view->setRange({false, 20000, 40000, true, 0, 0});
        QScrollBar* bar = view->horizontalScrollBar();
        QVERIFY(bar->maximum() > 0);
        bar->setValue(0);
        QCOMPARE(view->range().firstFrame, 0.0);
        bar->setValue(bar->maximum());
        QVERIFY(std::abs(view->range().lastFrame - 80000) < 50);
        openView({48000, 1, 48000LL * 3600 * 24});
        view->setRange({false, 5e8, 5e8 + 500, true, 0, 0});
        const double first = view->range().firstFrame;
        QVERIFY(std::abs(first - 5e8) < 2);  // that the bar cannot say it so exactly does not move the view
        QVERIFY(bar != nullptr);
    }

    void theSplitterMovesAndPanesHide() {
        const QRectF before = view->waveformRect();
        const QPoint grip(300, qRound(before.bottom()) + 2);
        drag(grip, grip + QPoint(0, 60));
        QVERIFY(std::abs(view->waveformRect().height() - before.height() - 58) <= 4);
        view->setWaveformVisible(false);
        QVERIFY(view->waveformRect().isEmpty());
        view->setSpectrogramVisible(false);
        QVERIFY(view->isWaveformVisible() && view->spectrogramRect().isEmpty());
        drag(onWave(20000), onWave(30000));
        QCOMPARE(drawn->count(), 1);
    }

    void aGestureHeldOutsidePullsTheSoundAlong() {
        view->setRange({false, 20000, 40000, true, 0, 0});
        const QPoint outside(view->viewport()->width() + 60, 100);
        QTest::mousePress(view->viewport(), Qt::LeftButton, {}, onWave(30000));
        move(onWave(35000), Qt::LeftButton);
        move(outside, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(view->range().lastFrame > 45000, 5000);
        QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, outside);
        QCOMPARE(drawn->count(), 1);
        QVERIFY(drawnBoxAt(0).right > 42000 && std::abs(drawnBoxAt(0).left - 30000) < 50);
    }

    void thePageTurnsWithThePlayhead() {
        view->setRange({false, 20000, 40000, true, 0, 0});
        view->setPlayhead(39000);
        QVERIFY(std::abs(view->range().firstFrame - 20000) < 50);
        view->setPlayhead(41000);
        QVERIFY(view->range().firstFrame > 35000 && view->range().firstFrame < 41000);
        view->setFollowPlayhead(false);
        view->setPlayhead(1000);
        QVERIFY(view->range().firstFrame > 35000);
    }

    void theViewCanBeKept() {
        view->setKeepView(true);
        view->setRange({false, 20000, 40000, false, 1000, 2000});
        const SoundRange before = view->range();
        SweepProvider same({8000, 1, 80000}), other({8000, 1, 40000});
        view->setProvider(&same);
        QCOMPARE(view->range().firstFrame, before.firstFrame);
        QCOMPARE(view->range().lowHz, before.lowHz);
        view->setProvider(&other);
        QVERIFY(view->range().fit && view->range().wholeBand);
        view->setProvider(sound.get());
    }
};

QTEST_MAIN(TestSoundViewKeys)
#include "tst_sound_view_keys.moc"
