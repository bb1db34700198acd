// Real events on the viewport, and what the canvas makes of them.

#include "widgets/canvas/box_canvas.h"
#include "widgets/common/theme.h"

#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <ctime>
#include <random>

using namespace querent;
using namespace querent::widgets;

namespace {

using Moves = QVector<QPair<qint64, Box>>;

QImage picture(int width, int height) {
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x)
            line[x] = qRgb(x % 256, y % 256, (x ^ y) % 256);
    }
    return image;
}

CanvasBox boxOf(qint64 id, Box box, bool ghost = false) {
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

}  // namespace

class TestBoxCanvas : public QObject {
    Q_OBJECT

    std::unique_ptr<BoxCanvas> canvas;
    std::unique_ptr<QSignalSpy> drawn, edited, selection, corrected, activated, rejections;

    QPoint at(double x, double y) const { return canvas->toViewport({x, y}).toPoint(); }

    void move(QPoint to, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
        QMouseEvent event(QEvent::MouseMove, to, canvas->viewport()->mapToGlobal(to), Qt::NoButton,
                          button == Qt::NoButton ? Qt::MouseButtons() : Qt::MouseButtons(button), keys);
        QCoreApplication::sendEvent(canvas->viewport(), &event);
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(canvas->viewport(), button, keys, from);
        move((from * 2 + to) / 3, button, keys);
        move((from + to * 2) / 3, button, keys);
        move(to, button, keys);
        QTest::mouseRelease(canvas->viewport(), button, keys, to);
    }

    void click(QPoint p, Qt::KeyboardModifiers keys = {}) {
        move(p, Qt::NoButton, keys);
        QTest::mouseClick(canvas->viewport(), Qt::LeftButton, keys, p);
    }

    Box drawnBoxAt(int index) const { return drawn->at(index).at(0).value<Box>(); }
    Moves movesAt(int index) const { return edited->at(index).at(0).value<Moves>(); }

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }

    // One picture pixel is one logical pixel, so that the numbers below can be read.
    void init() {
        canvas = std::make_unique<BoxCanvas>();
        canvas->resize(800, 600);
        canvas->setPicture(picture(640, 480), {640, 480});
        canvas->setActiveClass(QStringLiteral("RBC"), Qt::red, ClassId(1));
        canvas->show();
        QVERIFY(QTest::qWaitForWindowExposed(canvas.get()));
        canvas->setZoom(1.0);
        drawn = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::boxDrawn);
        edited = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::boxesEdited);
        selection = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::selectionChanged);
        corrected = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::ghostCorrected);
        activated = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::ghostActivated);
        rejections = std::make_unique<QSignalSpy>(canvas.get(), &BoxCanvas::rejected);
    }

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

    void middleAndSpaceDragPan() {
        canvas->setZoom(4.0);
        const QPointF before = canvas->toPicture({100, 100});
        drag({300, 300}, {340, 320}, Qt::MiddleButton);
        QVERIFY(QLineF(canvas->toPicture({140, 120}), before).length() < 0.01);
        QSignalSpy tapped(canvas.get(), &BoxCanvas::spaceTapped);
        QTest::keyPress(canvas.get(), Qt::Key_Space);
        drag({300, 300}, {260, 280});
        QTest::keyRelease(canvas.get(), Qt::Key_Space);
        QVERIFY(QLineF(canvas->toPicture({100, 100}), before).length() < 0.01);
        QCOMPARE(tapped.count(), 0);
        QTest::keyClick(canvas.get(), Qt::Key_Space);
        QCOMPARE(tapped.count(), 1);
        QCOMPARE(drawn->count(), 0);
    }

    void wheelScrollsAndZooms() {
        canvas->setZoom(4.0);
        const auto wheel = [&](QPoint angle, Qt::KeyboardModifiers keys) {
            QWheelEvent event(QPointF(200, 200), canvas->viewport()->mapToGlobal(QPointF(200, 200)), {}, angle,
                              Qt::NoButton, keys, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(canvas->viewport(), &event);
        };
        const int vertical = canvas->verticalScrollBar()->value();
        const int horizontal = canvas->horizontalScrollBar()->value();
        wheel({0, -120}, {});
        QVERIFY(canvas->verticalScrollBar()->value() > vertical);
        QCOMPARE(canvas->horizontalScrollBar()->value(), horizontal);
        wheel({0, -120}, Qt::ShiftModifier);
        QVERIFY(canvas->horizontalScrollBar()->value() > horizontal);
        const QPointF fixed = canvas->toPicture({200, 200});
        wheel({0, 120}, Qt::ControlModifier);
        QVERIFY(canvas->zoom() > 4.0);
        QVERIFY(QLineF(canvas->toPicture({200, 200}), fixed).length() < 0.01);
    }

    void peekHidesWhileHeld() {
        canvas->setBoxes({boxOf(1, {100, 100, 200, 200})});
        QTest::keyPress(canvas.get(), Qt::Key_H);
        QVERIFY(canvas->isPeeking());
        QTest::keyRelease(canvas.get(), Qt::Key_H);
        QVERIFY(!canvas->isPeeking());
    }

    void theViewCanBeKept() {
        canvas->setKeepView(true);
        canvas->setZoom(3.0);
        const CanvasView view = canvas->view();
        canvas->setPicture(picture(640, 480), {640, 480});
        QCOMPARE(canvas->zoom(), 3.0);
        QVERIFY(QLineF(canvas->view().centre, view.centre).length() < 0.01);
        canvas->setPicture(picture(320, 200), {320, 200});
        QVERIFY(canvas->view().fit);
    }

    void aReducedDecodeKeepsOriginalPixels() {
        canvas->setPicture(picture(400, 300), {4000, 3000});
        canvas->zoomToFit();
        drag(at(1000, 1000), at(2000, 1500));
        QVERIFY(std::abs(drawnBoxAt(0).left - 1000) < 5 && std::abs(drawnBoxAt(0).right - 2000) < 5);
    }

    void noPictureTakesNoGesture() {
        canvas->clearPicture(QStringLiteral("This file is missing."));
        drag({200, 200}, {300, 300});
        QCOMPARE(drawn->count(), 0);
        QCOMPARE(canvas->accessibleDescription(), QStringLiteral("This file is missing."));
    }

    void twoThousandBoxesPanAndZoom() {
        std::mt19937 random(7);
        std::uniform_real_distribution<double> x(0, 3800), y(0, 2800), side(10, 180);
        std::vector<CanvasBox> boxes;
        for (int i = 1; i <= 2000; ++i) {
            const double left = x(random), top = y(random);
            boxes.push_back(boxOf(i, {left, top, left + side(random), top + side(random)}, i % 10 == 0));
        }
        canvas->resize(1280, 800);
        canvas->setPicture(picture(4000, 3000), {4000, 3000});
        canvas->setBoxes(boxes);
        canvas->zoomToFit();
        QTest::qWait(200);
        const auto frame = [&](auto&& change) {
            // Processor time, so that a busy machine measures the same.
            const std::clock_t start = std::clock();
            change();
            canvas->viewport()->repaint();
            return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        };
        const auto median = [](std::vector<double> v) {
            std::sort(v.begin(), v.end());
            return v[v.size() / 2];
        };
        std::vector<double> zooms, pans, hovers;
        for (int i = 0; i < 15; ++i)
            zooms.push_back(frame([&] { canvas->setZoom(canvas->zoom() * 1.06); }));
        canvas->setZoom(0.5);
        QTest::qWait(200);
        for (int i = 0; i < 30; ++i) {
            pans.push_back(frame([&] { canvas->horizontalScrollBar()->setValue(i * 9); }));
        }
        for (int i = 0; i < 30; ++i)
            hovers.push_back(frame([&] { move({300 + i * 7, 300}, Qt::NoButton); }));
        qInfo("2,000 boxes on 1280 x 800: zoom %.2f ms, pan %.2f ms, hover %.2f ms a frame (median)", median(zooms),
              median(pans), median(hovers));
        // The bar is 8 ms with optimisation; sanitizers and debug builds get room.
        QVERIFY(median(pans) < 60.0);
        QVERIFY(median(zooms) < 60.0);
        QVERIFY(median(hovers) < 60.0);
    }
};

QTEST_MAIN(TestBoxCanvas)
#include "tst_box_canvas.moc"
