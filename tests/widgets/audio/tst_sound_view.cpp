// Regions of a sound: real events on the viewport, and what the view makes of them.

#include "tests/widgets/audio/sound_fixture.h"

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::canvas;
using namespace querent::widgets::common;
using namespace querent::widgets::test;

class TestSoundView : public QObject, private SoundDesk {
    Q_OBJECT

    /** A pixel is so many frames or Hz: as near as a mouse can be. */
    double frameReach() const { return view->timeAxis().framesPerPixel(); }
    double hzReach() const { return 4000.0 / view->spectrogramRect().height() + 1.0; }

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }
    void init() { openView(); }

    void aDragOnTheWaveformIsTimeOnly() {
        drag(onWave(20000), onWave(30000));
        QCOMPARE(drawn->count(), 1);
        const Box box = drawnBoxAt(0);
        QVERIFY(std::abs(box.left - 20000) <= frameReach() && std::abs(box.right - 30000) <= frameReach());
        QCOMPARE(box.top, 0.0);
        QCOMPARE(box.bottom, 4000.0);
        drag(onWave(60000), onWave(50000));
        QVERIFY(drawnBoxAt(1).left < drawnBoxAt(1).right);
        QVERIFY(!view->isGestureRunning());
    }

    void aDragOnTheSpectrogramIsABox() {
        drag(at(20000, 1000), at(30000, 2500));
        const Box box = drawnBoxAt(0);
        QVERIFY(std::abs(box.left - 20000) <= frameReach() && std::abs(box.right - 30000) <= frameReach());
        QVERIFY(std::abs(box.top - 1000) <= hzReach() && std::abs(box.bottom - 2500) <= hzReach());
        for (const double edge : {box.left, box.right, box.top, box.bottom})
            QCOMPARE(edge, std::round(edge));
        drag(at(20000, 1000), at(30000, 2500), Qt::LeftButton, Qt::ShiftModifier);
        QCOMPARE(drawnBoxAt(1).top, 0.0);
        QCOMPARE(drawnBoxAt(1).bottom, 4000.0);
    }

    void aDragOutOfThePictureStopsAtItsEdge() {
        view->setRange({});
        drag(at(70000, 3000), QPoint(view->viewport()->width() + 40, view->viewport()->height() + 40));
        QCOMPARE(drawnBoxAt(0).right, 80000.0);
        QCOMPARE(drawnBoxAt(0).top, 0.0);
    }

    void boxesCanBeTurnedOff() {
        view->setDrawing(SoundDrawing::Times);
        drag(at(20000, 1000), at(30000, 2500));
        QCOMPARE(drawnBoxAt(0).top, 0.0);
        QCOMPARE(drawnBoxAt(0).bottom, 4000.0);
        view->setBoxes({regionOf(1, {40000, 0, 50000, 4000})});
        view->setSelection({1});
        drag(at(45000, 3990), at(45000, 2000));  // where the upper edge would be
        QCOMPARE(edited->count(), 0);
        view->setDrawing(SoundDrawing::Nothing);
        drag(at(10000, 1000), at(15000, 2500));
        QTest::keyClick(view.get(), Qt::Key_I);
        QTest::keyClick(view.get(), Qt::Key_O);
        QCOMPARE(drawn->count(), 1);
    }

    void aClickOnNothingSeeksAndDeselects() {
        view->setBoxes({regionOf(1, {40000, 500, 50000, 2000})});
        view->setSelection({1});
        click(at(20000, 3000));
        QVERIFY(view->selection().isEmpty());
        QCOMPARE(seeks->count(), 1);
        QVERIFY(std::abs(seeks->at(0).at(0).toDouble() - 20000) <= frameReach());
        QCOMPARE(drawn->count(), 0);
    }

    void theRulerSeeksAndLoops() {
        QSignalSpy loops(view.get(), &SoundView::loopDrawn);
        const int y = qRound(view->timeRulerRect().center().y());
        click({onWave(40000).x(), y});
        QVERIFY(std::abs(seeks->at(0).at(0).toDouble() - 40000) <= frameReach());
        drag({onWave(50000).x(), y}, {onWave(30000).x(), y});
        QCOMPARE(loops.count(), 1);
        QVERIFY(std::abs(loops.at(0).at(0).toDouble() - 30000) <= frameReach());
        QVERIFY(std::abs(loops.at(0).at(1).toDouble() - 50000) <= frameReach());
        QCOMPARE(drawn->count(), 0);
    }

    void aRulerDragThatIsCancelledLeavesTheLoop() {
        QSignalSpy loops(view.get(), &SoundView::loopDrawn);
        const int y = qRound(view->timeRulerRect().center().y());
        QTest::mousePress(view->viewport(), Qt::LeftButton, {}, {onWave(30000).x(), y});
        move({onWave(50000).x(), y}, Qt::LeftButton);
        view->cancelGesture();
        QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, {onWave(60000).x(), y});
        QCOMPARE(loops.count(), 0);
        QCOMPARE(seeks->count(), 0);
        QVERIFY(!view->hasLoop());
    }

    void clickClickDrawsInDrawMode() {
        view->setMode(CanvasMode::Draw);
        click(at(20000, 1000));
        QVERIFY(view->isGestureRunning());
        move(at(25000, 1500), Qt::NoButton);
        move(at(28000, 1800), Qt::NoButton);
        click(at(30000, 2000));
        QCOMPARE(drawn->count(), 1);
        QVERIFY(std::abs(drawnBoxAt(0).right - 30000) <= frameReach());
    }

    void tooShortIsRejectedWithASentence() {
        view->setRange({false, 1000, 1060, true, 0, 0});
        view->setMode(CanvasMode::Draw);
        click(onWave(1010));
        click(onWave(1011));
        QCOMPARE(drawn->count(), 0);
        QCOMPARE(rejections->count(), 1);
        QVERIFY(rejections->at(0).at(0).toString().endsWith('.'));
    }

    void escapeCancelsThenDeselects() {
        view->setBoxes({regionOf(1, {40000, 500, 50000, 2000})});
        view->setSelection({1});
        view->startZoomBox();
        QTest::keyClick(view.get(), Qt::Key_Escape);
        QCOMPARE(view->selection().size(), 1);
        QTest::keyClick(view.get(), Qt::Key_Escape);
        QVERIFY(view->selection().isEmpty());
        drag(at(20000, 1000), at(30000, 2500));  // the zoom box is not armed any more
        QCOMPARE(drawn->count(), 1);
    }

    void dragOnARegionMovesIt() {
        view->setBoxes({regionOf(1, {20000, 1000, 30000, 2000})});
        drag(at(25000, 1500), at(35000, 2500));
        QCOMPARE(edited->count(), 1);
        QCOMPARE(edited->at(0).at(1).toString(), QStringLiteral("Move"));
        const Box box = movesAt(0).front().second;
        QCOMPARE(box.width(), 10000.0);
        QVERIFY(std::abs(box.left - 30000) <= 2 * frameReach() && std::abs(box.top - 2000) <= 2 * hzReach());
        QCOMPARE(view->selection(), QVector<qint64>{1});
        drag(at(box.centreX(), box.centreY()), at(box.centreX() + 5000, 500), Qt::LeftButton, Qt::ShiftModifier);
        QCOMPARE(movesAt(1).front().second.top, box.top);  // Shift: time only
        QVERIFY(movesAt(1).front().second.left > box.left);
    }

    void aWholeBandStaysWholeWhenMoved() {
        view->setBoxes({regionOf(1, {20000, 0, 30000, 4000})});
        drag(at(25000, 2000), at(35000, 1200));
        QCOMPARE(movesAt(0).front().second.top, 0.0);
        QCOMPARE(movesAt(0).front().second.bottom, 4000.0);
    }

    void eightHandlesResizeOnTheSpectrogram_data() {
        QTest::addColumn<QPointF>("from");
        QTest::addColumn<QPointF>("to");
        QTest::addColumn<QVector<double>>("expected");
        const QVector<double> whole{20000, 1000, 40000, 2000};
        QTest::newRow("left") << QPointF(20000, 1500) << QPointF(15000, 1500)
                              << QVector<double>{15000, 1000, 40000, 2000};
        QTest::newRow("right") << QPointF(40000, 1500) << QPointF(45000, 1500)
                               << QVector<double>{20000, 1000, 45000, 2000};
        QTest::newRow("high") << QPointF(30000, 2000) << QPointF(30000, 3000)
                              << QVector<double>{20000, 1000, 40000, 3000};
        QTest::newRow("low") << QPointF(30000, 1000) << QPointF(30000, 500) << QVector<double>{20000, 500, 40000, 2000};
        QTest::newRow("left high") << QPointF(20000, 2000) << QPointF(15000, 3000)
                                   << QVector<double>{15000, 1000, 40000, 3000};
        QTest::newRow("right high") << QPointF(40000, 2000) << QPointF(45000, 3000)
                                    << QVector<double>{20000, 1000, 45000, 3000};
        QTest::newRow("right low") << QPointF(40000, 1000) << QPointF(45000, 500)
                                   << QVector<double>{20000, 500, 45000, 2000};
        QTest::newRow("left low") << QPointF(20000, 1000) << QPointF(15000, 500)
                                  << QVector<double>{15000, 500, 40000, 2000};
        QTest::newRow("turned over") << QPointF(20000, 1500) << QPointF(50000, 1500)
                                     << QVector<double>{40000, 1000, 50000, 2000};
    }
    void eightHandlesResizeOnTheSpectrogram() {
        QFETCH(QPointF, from);
        QFETCH(QPointF, to);
        QFETCH(QVector<double>, expected);
        view->setBoxes({regionOf(1, {20000, 1000, 40000, 2000})});
        view->setSelection({1});
        drag(at(from.x(), from.y()), at(to.x(), to.y()));
        QCOMPARE(edited->count(), 1);
        QCOMPARE(edited->at(0).at(1).toString(), QStringLiteral("Resize"));
        const Box box = movesAt(0).front().second;
        QVERIFY(std::abs(box.left - expected[0]) <= 2 * frameReach());
        QVERIFY(std::abs(box.top - expected[1]) <= 2 * hzReach());
        QVERIFY(std::abs(box.right - expected[2]) <= 2 * frameReach());
        QVERIFY(std::abs(box.bottom - expected[3]) <= 2 * hzReach());
        // Edges that were not taken hold of stay to the last bit.
        if (from.x() == 30000) QVERIFY(box.left == 20000 && box.right == 40000);
        if (from.y() == 1500) QVERIFY(box.top == 1000 && box.bottom == 2000);
    }

    void twoEdgesResizeOnTheWaveform() {
        view->setBoxes({regionOf(1, {20000, 1000, 40000, 2000})});
        view->setSelection({1});
        drag(onWave(40000), onWave(50000) + QPoint(0, 30));
        const Box box = movesAt(0).front().second;
        QVERIFY(std::abs(box.right - 50000) <= 2 * frameReach());
        QCOMPARE(box.left, 20000.0);
        QCOMPARE(box.top, 1000.0);
        QCOMPARE(box.bottom, 2000.0);
    }

    void severalMoveTogether() {
        view->setBoxes({regionOf(1, {20000, 1000, 25000, 2000}), regionOf(2, {30000, 1000, 35000, 2000})});
        click(at(22000, 1500));
        click(at(32000, 1500), Qt::ControlModifier);
        QCOMPARE(view->selection().size(), 2);
        QCOMPARE(selection->count(), 2);
        drag(at(32000, 1500), at(36000, 1500));
        QCOMPARE(edited->count(), 1);
        QCOMPARE(movesAt(0).size(), 2);
        QCOMPARE(movesAt(0)[0].second.left - 20000, movesAt(0)[1].second.left - 30000);
    }

    void rubberBandInSelectMode() {
        view->setBoxes({regionOf(1, {20000, 1000, 25000, 2000}), regionOf(2, {30000, 0, 35000, 4000}),
                        regionOf(3, {30000, 3000, 35000, 3500})});
        view->setMode(CanvasMode::Select);
        drag(at(18000, 800), at(38000, 2500));
        QCOMPARE(view->selection(), (QVector<qint64>{1, 2}));
        QCOMPARE(drawn->count(), 0);
    }

    void aClickAsksForTheSmallest() {
        view->setBoxes({regionOf(1, {10000, 100, 60000, 3900}), regionOf(2, {30000, 1000, 35000, 2000})});
        view->setSelection({1});
        click(at(32000, 1500));
        QCOMPARE(view->selection(), QVector<qint64>{2});
        view->setSelection({});
        click(onWave(32000));
        QCOMPARE(view->selection(), QVector<qint64>{2});  // on the waveform, the shortest
    }

    void ghostsAreSelectedThenCorrectedOrAccepted() {
        view->setBoxes({regionOf(9, {20000, 1000, 40000, 2000}, true)});
        drag(at(25000, 1500), at(35000, 1200));
        QCOMPARE(drawn->count(), 1);  // an unselected ghost is no obstacle
        click(at(30000, 1500));
        QCOMPARE(view->selection(), QVector<qint64>{9});
        drag(at(30000, 1500), at(32000, 1500));
        QCOMPARE(corrected->count(), 1);
        QCOMPARE(corrected->at(0).at(0).toLongLong(), 9);
        QCOMPARE(edited->count(), 0);
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, at(30000, 1500));
        QCOMPARE(activated->count(), 1);
    }

    void lockedAndReadOnlyRegionsStay() {
        CanvasBox locked = regionOf(1, {20000, 1000, 30000, 2000});
        locked.locked = true;
        view->setBoxes({locked, regionOf(2, {40000, 1000, 50000, 2000})});
        view->setReadOnly(true);
        drag(at(25000, 1500), at(28000, 1500));
        drag(at(45000, 1500), at(48000, 1500));
        view->setSelection({2});
        QTest::keyClick(view.get(), Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(edited->count(), 0);
        QCOMPARE(drawn->count(), 0);
    }

    void aReadOnlyViewIsPulledByTheLeftButtonUntilItIsLetGo() {
        view->setReadOnly(true);
        view->setRange({false, 30000, 40000});
        drag(at(35000, 1500), at(33000, 1500));
        const double pulled = view->range().firstFrame;
        QVERIFY(pulled > 31000);
        move(at(36000, 1500), Qt::NoButton);
        QCOMPARE(view->range().firstFrame, pulled);
    }

    void aLostRegionEndsTheGesture() {
        view->setBoxes({regionOf(1, {20000, 1000, 30000, 2000})});
        QTest::mousePress(view->viewport(), Qt::LeftButton, {}, at(25000, 1500));
        move(at(27000, 1500), Qt::LeftButton);
        QVERIFY(view->isGestureRunning());
        view->setBoxes({});
        QVERIFY(!view->isGestureRunning());
        QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, at(29000, 1500));
        QCOMPARE(edited->count(), 0);
    }

    void noSoundTakesNoGesture() {
        view->clearSound(QStringLiteral("This file is missing."));
        drag({200, 200}, {300, 300});
        QTest::keyClick(view.get(), Qt::Key_Right);
        QCOMPARE(drawn->count(), 0);
        QCOMPARE(seeks->count(), 0);
        QCOMPARE(view->accessibleDescription(), QStringLiteral("This file is missing."));
        sound.reset();
        view->viewport()->repaint();
    }

    void theProviderMayGoFirst() {
        sound.reset();
        QVERIFY(!view->hasSound());
        view->viewport()->repaint();
    }

    void aScreenReaderHearsTheSelection() {
        view->setBoxes({regionOf(1, {20000, 1000, 30000, 2000}), regionOf(2, {40000, 0, 50000, 4000})});
        view->setSelection({1});
        const QString text = view->accessibleDescription();
        QVERIFY2(text.contains("2.500 s") && text.contains("3.750 s") && text.contains("1.00 kHz"), qPrintable(text));
        view->setSelection({2});
        QVERIFY(!view->accessibleDescription().contains("Hz"));
    }

    // Boundaries drawn, shown and written as seconds are the same sample, however near or far one looks.
    void edgesAreExactAtEveryZoom() {
        openView({44100, 1, 44100 * 60});
        std::mt19937 random(11);
        const auto below = [&](double n) { return std::uniform_real_distribution<double>(0.0, n)(random); };
        const double frames = 44100.0 * 60;
        for (int i = 0; i < 60; ++i) {
            const double span = std::exp(std::log(40.0) + below(std::log(frames / 40.0)));
            const double first = below(frames - span);
            view->setRange({false, first, first + span, true, 0, 0});
            const QRectF pane = view->waveformRect();
            const QPoint a(qRound(pane.left() + 0.2 * pane.width() + below(100)), qRound(pane.center().y()));
            const QPoint b(qRound(pane.left() + 0.7 * pane.width() + below(100)), qRound(pane.center().y()));
            view->setBoxes({});
            drag(a, b);
            QCOMPARE(drawn->count(), i + 1);
            const Box box = drawnBoxAt(i);
            QCOMPARE(box.left, std::round(view->toSound(a).x()));
            QCOMPARE(box.right, std::round(view->toSound(b).x()));
            QCOMPARE(std::llround(box.left / 44100.0 * 44100.0), static_cast<long long>(box.left));
            // The playhead put on an edge is drawn on it, and a click where an edge is drawn seeks to it.
            view->setPlayhead(static_cast<qint64>(box.left));
            QCOMPARE(view->playhead(), static_cast<qint64>(box.left));
            const double x = view->toViewport({box.left, 0}).x();
            QCOMPARE(view->timeAxis().wholeFrameAt(x - pane.left()), static_cast<std::int64_t>(box.left));
            QVERIFY(std::abs(x - a.x()) <= 0.5 / view->timeAxis().framesPerPixel() + 0.5);
        }
    }
};

QTEST_MAIN(TestSoundView)
#include "tst_sound_view.moc"
