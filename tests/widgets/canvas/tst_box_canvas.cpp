// Drawing, selecting and editing: real events on the viewport, and what the canvas makes of them.

#include "tests/widgets/canvas/canvas_fixture.h"

using namespace querent;
using namespace querent::widgets::canvas;
using namespace querent::widgets::common;
using namespace querent::widgets::test;

class TestBoxCanvas : public QObject, private CanvasDesk {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }
    void init() { openCanvas(); }

    void dragOnNothingDraws() {
        drag(at(100, 100), at(180, 150));
        QCOMPARE(drawn->count(), 1);
        QVERIFY((drawnBoxAt(0) == Box{100, 100, 180, 150}));
        drag(at(300, 300), at(250, 220));
        QCOMPARE(drawn->count(), 2);
        QVERIFY((drawnBoxAt(1) == Box{250, 220, 300, 300}));
        QVERIFY(!canvas->isGestureRunning());
    }

    void clickClickDraws() {
        click(at(100, 100));
        QVERIFY(canvas->isGestureRunning());
        move(at(150, 140), Qt::NoButton);
        move(at(200, 180), Qt::NoButton);
        QCOMPARE(drawn->count(), 0);
        click(at(220, 190));
        QCOMPARE(drawn->count(), 1);
        QVERIFY((drawnBoxAt(0) == Box{100, 100, 220, 190}));
    }

    void aBoxBetweenItsCornersWaitsWhileThePictureIsPulled() {
        canvas->setZoom(2.0);
        click(at(300, 200));
        const QPointF origin = canvas->toViewport({0, 0});
        drag({400, 300}, {340, 280}, Qt::MiddleButton);
        QCOMPARE(canvas->toViewport({0, 0}), origin + QPointF(-60, -20));
        QVERIFY(canvas->isGestureRunning());
        click(at(350, 250));
        QCOMPARE(drawn->count(), 1);
        QVERIFY((drawnBoxAt(0) == Box{300, 200, 350, 250}));
    }

    void anotherButtonDoesNotDisturbADrag() {
        canvas->setBoxes({boxOf(1, {100, 100, 200, 200})});
        const QPointF origin = canvas->toViewport({0, 0});
        QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at(150, 150));
        move(at(170, 160), Qt::LeftButton);
        QTest::mousePress(canvas->viewport(), Qt::MiddleButton, {}, at(170, 160));
        move(at(180, 170), Qt::LeftButton);
        QTest::mouseRelease(canvas->viewport(), Qt::MiddleButton, {}, at(180, 170));
        QCOMPARE(edited->count(), 0);
        QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at(190, 180));
        QCOMPARE(edited->count(), 1);
        QVERIFY((movesAt(0).front().second == Box{140, 130, 240, 230}));
        QCOMPARE(canvas->toViewport({0, 0}), origin);
    }

    void aPressThatIsTakenOverDrawsNothing() {
        QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at(100, 100));
        drag(at(200, 200), at(220, 210), Qt::MiddleButton);
        QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at(220, 210));
        move(at(300, 300), Qt::NoButton);
        QVERIFY(!canvas->isGestureRunning());
        QCOMPARE(drawn->count(), 0);
    }

    void modifiersAndClamp() {
        drag(at(100, 100), at(160, 120), Qt::LeftButton, Qt::ShiftModifier);
        QCOMPARE(drawnBoxAt(0).width(), drawnBoxAt(0).height());
        drag(at(300, 300), at(320, 310), Qt::LeftButton, Qt::AltModifier);
        QVERIFY((drawnBoxAt(1) == Box{280, 290, 320, 310}));
        drag(at(600, 440), at(660, 500));
        QVERIFY((drawnBoxAt(2) == Box{600, 440, 640, 480}));
    }

    void escapeCancelsThenDeselects() {
        click(at(100, 100));
        QTest::keyClick(canvas.get(), Qt::Key_Escape);
        QVERIFY(!canvas->isGestureRunning());
        canvas->setBoxes({boxOf(1, {50, 50, 150, 150})});
        canvas->setSelection({1});
        QTest::keyClick(canvas.get(), Qt::Key_Escape);
        QVERIFY(canvas->selection().isEmpty());
        canvas->setMode(CanvasMode::Draw);
        QTest::keyClick(canvas.get(), Qt::Key_Escape);
        QVERIFY(canvas->mode() == CanvasMode::Modeless);
        QCOMPARE(drawn->count(), 0);
    }

    void tooSmallIsRejectedWithASentence() {
        canvas->setZoom(8.0);
        drag(at(300, 240), at(301, 260));
        QCOMPARE(drawn->count(), 0);
        QCOMPARE(rejections->count(), 1);
        QVERIFY(rejections->at(0).at(0).toString().endsWith('.'));
    }

    void dragOnABoxMovesIt() {
        canvas->setBoxes({boxOf(1, {100, 100, 200, 200})});
        drag(at(150, 150), at(190, 130));
        QCOMPARE(edited->count(), 1);
        QCOMPARE(edited->at(0).at(1).toString(), QStringLiteral("Move"));
        QCOMPARE(movesAt(0).front().first, 1);
        QVERIFY((movesAt(0).front().second == Box{140, 80, 240, 180}));
        QCOMPARE(canvas->selection(), QVector<qint64>{1});
        QCOMPARE(drawn->count(), 0);
    }

    void handlesResize() {
        canvas->setBoxes({boxOf(1, {100, 100, 200, 200})});
        canvas->setSelection({1});
        drag(at(206, 206), at(226, 246));
        QCOMPARE(edited->at(0).at(1).toString(), QStringLiteral("Resize"));
        QVERIFY((movesAt(0).front().second == Box{100, 100, 220, 240}));
    }

    void severalMoveTogether() {
        canvas->setBoxes({boxOf(1, {100, 100, 150, 150}), boxOf(2, {200, 200, 260, 260})});
        click(at(125, 125));
        click(at(230, 230), Qt::ControlModifier);
        QCOMPARE(canvas->selection().size(), 2);
        QCOMPARE(selection->count(), 2);
        drag(at(230, 230), at(240, 235));
        QCOMPARE(edited->count(), 1);
        QCOMPARE(movesAt(0).size(), 2);
    }

    void rubberBandInSelectMode() {
        canvas->setBoxes(
            {boxOf(1, {100, 100, 150, 150}), boxOf(2, {200, 200, 260, 260}), boxOf(3, {400, 400, 450, 450})});
        canvas->setMode(CanvasMode::Select);
        drag(at(80, 80), at(300, 300));
        QCOMPARE(canvas->selection(), (QVector<qint64>{1, 2}));
        QCOMPARE(drawn->count(), 0);
        drag(at(380, 380), at(470, 470), Qt::LeftButton, Qt::ControlModifier);
        QCOMPARE(canvas->selection().size(), 3);
    }

    void drawModeDrawsOverBoxes() {
        canvas->setBoxes({boxOf(1, {100, 100, 300, 300})});
        canvas->setMode(CanvasMode::Draw);
        drag(at(150, 150), at(200, 200));
        QCOMPARE(drawn->count(), 1);
        QVERIFY(canvas->mode() == CanvasMode::Draw);
    }

    void aClickAsksForTheSmallest() {
        canvas->setBoxes({boxOf(1, {100, 100, 300, 300}), boxOf(2, {150, 150, 200, 200})});
        canvas->setSelection({1});
        click(at(175, 175));
        QCOMPARE(canvas->selection(), QVector<qint64>{2});
    }

    void arrowsNudgeOnceForEachRun() {
        canvas->setBoxes({boxOf(1, {100, 100, 150, 150})});
        canvas->setSelection({1});
        canvas->setFocus();
        for (int i = 0; i < 3; ++i) {
            QKeyEvent press(QEvent::KeyPress, Qt::Key_Right, {}, QString(), i > 0);
            QCoreApplication::sendEvent(canvas.get(), &press);
        }
        QCOMPARE(edited->count(), 0);
        QTest::keyRelease(canvas.get(), Qt::Key_Right);
        QCOMPARE(edited->count(), 1);
        QVERIFY((movesAt(0).front().second == Box{103, 100, 153, 150}));
        QTest::keyClick(canvas.get(), Qt::Key_Down, Qt::ShiftModifier);
        QVERIFY((movesAt(1).front().second == Box{103, 110, 153, 160}));
        QTest::keyClick(canvas.get(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(edited->at(2).at(1).toString(), QStringLiteral("Resize"));
        QVERIFY((movesAt(2).front().second == Box{103, 110, 154, 160}));
        QTest::keyClick(canvas.get(), Qt::Key_Up, Qt::AltModifier | Qt::ShiftModifier);
        QVERIFY((movesAt(3).front().second == Box{103, 100, 154, 160}));
    }

    void aNudgeEndsByItself() {
        canvas->setBoxes({boxOf(1, {100, 100, 150, 150})});
        canvas->setSelection({1});
        QTest::keyPress(canvas.get(), Qt::Key_Left);
        QTRY_COMPARE_WITH_TIMEOUT(edited->count(), 1, 3000);
        QTest::keyRelease(canvas.get(), Qt::Key_Left);
        QCOMPARE(edited->count(), 1);
    }

    void anIdThatGoesEndsTheGesture() {
        canvas->setBoxes({boxOf(1, {100, 100, 150, 150})});
        QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at(125, 125));
        move(at(140, 140), Qt::LeftButton);
        QVERIFY(canvas->isGestureRunning());
        canvas->setBoxes({});
        QVERIFY(!canvas->isGestureRunning());
        QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at(150, 150));
        QCOMPARE(edited->count(), 0);
    }

    void tabCyclesUnderTheCursorElseThroughAll() {
        canvas->setBoxes(
            {boxOf(1, {100, 100, 300, 300}), boxOf(2, {150, 150, 200, 200}), boxOf(3, {400, 400, 450, 450})});
        canvas->setFocus();
        move(at(175, 175), Qt::NoButton);
        QTest::keyClick(canvas.get(), Qt::Key_Tab);
        QCOMPARE(canvas->selection(), QVector<qint64>{2});
        QTest::keyClick(canvas.get(), Qt::Key_Tab);
        QCOMPARE(canvas->selection(), QVector<qint64>{1});
        QTest::keyClick(canvas.get(), Qt::Key_Tab);
        QCOMPARE(canvas->selection(), QVector<qint64>{2});
        move(at(600, 50), Qt::NoButton);
        QTest::keyClick(canvas.get(), Qt::Key_Tab);
        QCOMPARE(canvas->selection(), QVector<qint64>{3});
        QTest::keyClick(canvas.get(), Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(canvas->selection(), QVector<qint64>{2});
    }

    void keyboardAloneDraws() {
        canvas->startKeyboardDraw();
        QTest::keyClick(canvas.get(), Qt::Key_Return);
        QVERIFY(canvas->isGestureRunning());
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(canvas.get(), Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(canvas.get(), Qt::Key_Down, Qt::ControlModifier);
        QTest::keyClick(canvas.get(), Qt::Key_Return);
        QCOMPARE(drawn->count(), 1);
        QCOMPARE(drawnBoxAt(0).width(), 30.0);
        QCOMPARE(drawnBoxAt(0).height(), 50.0);
    }

    void ghostsAreSelectedThenCorrectedOrAccepted() {
        canvas->setBoxes({boxOf(9, {100, 100, 200, 200}, true)});
        drag(at(130, 130), at(180, 180));
        QCOMPARE(drawn->count(), 1);  // an unselected ghost is no obstacle
        click(at(150, 150));
        QCOMPARE(canvas->selection(), QVector<qint64>{9});
        drag(at(150, 150), at(160, 150));
        QCOMPARE(corrected->count(), 1);
        QCOMPARE(corrected->at(0).at(0).toLongLong(), 9);
        QCOMPARE(edited->count(), 0);
        QTest::mouseDClick(canvas->viewport(), Qt::LeftButton, {}, at(150, 150));
        QCOMPARE(activated->count(), 1);
    }

    void lockedAndReadOnlyBoxesStay() {
        CanvasBox locked = boxOf(1, {100, 100, 200, 200});
        locked.locked = true;
        canvas->setBoxes({locked, boxOf(2, {300, 300, 350, 350})});
        drag(at(150, 150), at(180, 180));
        QCOMPARE(edited->count(), 0);
        canvas->setReadOnly(true);
        drag(at(325, 325), at(345, 345));
        drag(at(400, 100), at(450, 150));
        QCOMPARE(edited->count(), 0);
        QCOMPARE(drawn->count(), 1);  // the drag over the locked box, before read-only
        QTest::keyClick(canvas.get(), Qt::Key_Left);
        QCOMPARE(edited->count(), 0);
    }
};

QTEST_MAIN(TestBoxCanvas)
#include "tst_box_canvas.moc"
