#include "widgets/canvas/box_geometry.h"
#include "widgets/canvas/hit_test.h"
#include "widgets/canvas/view_transform.h"

#include <QTest>

using namespace querent;
using namespace querent::widgets::canvas;

namespace {

constexpr Size kPicture{640, 480};

CanvasBox boxOf(qint64 id, Box box, bool ghost = false) {
    CanvasBox out;
    out.id = id;
    out.box = box;
    out.ghost = ghost;
    return out;
}

qint64 idAt(const std::vector<CanvasBox>& boxes, QPointF at, const QSet<qint64>& selected = {}, bool handles = true) {
    const auto hit = hitTest(boxes, orderByArea(boxes), selected, {at, 8.0, handles});
    return hit ? boxes[hit->index].id : 0;
}

}  // namespace

class TestBoxGeometry : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void drawNormalisesEveryDirection_data() {
        QTest::addColumn<QPointF>("from");
        QTest::addColumn<QPointF>("to");
        QTest::newRow("right down") << QPointF(100, 50) << QPointF(180, 90);
        QTest::newRow("left up") << QPointF(180, 90) << QPointF(100, 50);
        QTest::newRow("left down") << QPointF(180, 50) << QPointF(100, 90);
        QTest::newRow("right up") << QPointF(100, 90) << QPointF(180, 50);
    }
    void drawNormalisesEveryDirection() {
        QFETCH(QPointF, from);
        QFETCH(QPointF, to);
        QVERIFY((drawnBox(from, to, kPicture, {}) == Box{100, 50, 180, 90}));
    }

    void drawClampsUnlessTold() {
        QVERIFY((drawnBox({600, 400}, {700, 500}, kPicture, {}) == Box{600, 400, 640, 480}));
        DrawRule open;
        open.clamp = false;
        QVERIFY((drawnBox({600, 400}, {700, 500}, kPicture, open) == Box{600, 400, 700, 500}));
    }

    void shiftDrawsSquaresInsideThePicture() {
        DrawRule rule;
        rule.square = true;
        const Box box = drawnBox({600, 100}, {500, 130}, kPicture, rule);
        QCOMPARE(box.width(), 100.0);
        QCOMPARE(box.height(), 100.0);
        const Box atEdge = drawnBox({600, 100}, {900, 110}, kPicture, rule);
        QCOMPARE(atEdge.width(), atEdge.height());
        QCOMPARE(atEdge.right, 640.0);
    }

    void altDrawsFromTheCentre() {
        DrawRule rule;
        rule.fromCentre = true;
        QVERIFY((drawnBox({100, 100}, {130, 120}, kPicture, rule) == Box{70, 80, 130, 120}));
    }

    void resizeTurnsOver() {
        const Box box{100, 100, 200, 200};
        QVERIFY((resizedBox(box, BoxPart::Right, {-150, 40}, kPicture, {}) == Box{50, 100, 100, 200}));
        QVERIFY((resizedBox(box, BoxPart::TopLeft, {10, 20}, kPicture, {}) == Box{110, 120, 200, 200}));
        QVERIFY((resizedBox(box, BoxPart::BottomRight, {1000, 1000}, kPicture, {}) == Box{100, 100, 640, 480}));
    }

    void shiftResizeKeepsTheRatio() {
        DrawRule rule;
        rule.square = true;
        const Box box = resizedBox({100, 100, 200, 150}, BoxPart::BottomRight, {40, 0}, kPicture, rule);
        QCOMPARE(box.height() / box.width(), 0.5);
    }

    void aGroupStopsTogetherAtTheEdge() {
        const auto moved = movedBoxes({{10, 10, 50, 50}, {100, 100, 150, 150}}, {-30, -5}, kPicture, true);
        QVERIFY((moved[0] == Box{0, 5, 40, 45}));
        QVERIFY((moved[1] == Box{90, 95, 140, 145}));
    }

    void aBoxOutsideIsNotDraggedFurther() {
        const auto moved = movedBoxes({{-20, 10, 50, 50}}, {-5, 0}, kPicture, true);
        QCOMPARE(moved[0].left, -20.0);
        QCOMPARE(movedBoxes({{-20, 10, 50, 50}}, {5, 0}, kPicture, true)[0].left, -15.0);
    }

    void nudgeMovesOneCornerAndStops() {
        const std::vector<Box> one{{10, 10, 14, 14}};
        QVERIFY((nudgedBoxes(one, BoxPart::BottomRight, {1, 0}, kPicture, true)[0] == Box{10, 10, 15, 14}));
        QVERIFY((nudgedBoxes(one, BoxPart::BottomRight, {-10, 0}, kPicture, true)[0] == Box{10, 10, 12, 14}));
        QVERIFY((nudgedBoxes(one, BoxPart::TopLeft, {0, 10}, kPicture, true)[0] == Box{10, 12, 14, 14}));
        QVERIFY((nudgedBoxes(one, BoxPart::Body, {0, 10}, kPicture, true)[0] == Box{10, 20, 14, 24}));
    }

    void degenerateIsBelowTwoPixels() {
        QVERIFY(isDegenerate({0, 0, 1.9, 10}));
        QVERIFY(isDegenerate({0, 0, 10, 0}));
        QVERIFY(!isDegenerate({0, 0, 2, 2}));
    }

    void smallestBoxWins() {
        const std::vector<CanvasBox> boxes{boxOf(1, {0, 0, 400, 400}), boxOf(2, {100, 100, 200, 200}),
                                           boxOf(3, {90, 90, 300, 300})};
        QCOMPARE(idAt(boxes, {150, 150}), 2);
        QCOMPARE(idAt(boxes, {250, 250}), 3);
        QCOMPARE(idAt(boxes, {350, 350}), 1);
        QCOMPARE(idAt(boxes, {500, 300}), 0);
    }

    void laterOfEqualBoxesWins() {
        const std::vector<CanvasBox> boxes{boxOf(1, {0, 0, 50, 50}), boxOf(2, {0, 0, 50, 50})};
        QCOMPARE(idAt(boxes, {25, 25}), 2);
    }

    void selectedWins() {
        const std::vector<CanvasBox> boxes{boxOf(1, {0, 0, 400, 400}), boxOf(2, {100, 100, 200, 200})};
        QCOMPARE(idAt(boxes, {150, 150}, {1}), 1);
    }

    void verticesBeforeEdgesBeforeBody() {
        const Box box{100, 100, 300, 200};
        QVERIFY(partAt(box, {{104, 105}, 8.0}) == BoxPart::TopLeft);
        QVERIFY(partAt(box, {{107.9, 107.9}, 8.0}) == BoxPart::TopLeft);
        QVERIFY(partAt(box, {{150, 106}, 8.0}) == BoxPart::Top);
        QVERIFY(partAt(box, {{295, 150}, 8.0}) == BoxPart::Right);
        QVERIFY(partAt(box, {{200, 150}, 8.0}) == BoxPart::Body);
        QVERIFY(partAt(box, {{307, 207}, 8.0}) == BoxPart::BottomRight);
        QVERIFY(!partAt(box, {{309, 150}, 8.0}));
        QVERIFY(!partAt(box, {{95, 150}, 8.0, false}));
    }

    void aSmallBoxKeepsABody() {
        QVERIFY(partAt({100, 100, 109, 109}, {{104.5, 104.5}, 8.0}) == BoxPart::Body);
        QVERIFY(partAt({100, 100, 109, 109}, {{115, 115}, 8.0}) == BoxPart::BottomRight);
    }

    void hiddenNeverLockedBodyOnlyGhostsLast() {
        std::vector<CanvasBox> boxes{boxOf(1, {0, 0, 100, 100}), boxOf(2, {20, 20, 60, 60}, true)};
        QCOMPARE(idAt(boxes, {40, 40}), 1);
        boxes[0].hidden = true;
        QCOMPARE(idAt(boxes, {40, 40}), 2);
        boxes[0].hidden = false;
        boxes[0].locked = true;
        const auto hit = hitTest(boxes, orderByArea(boxes), {1}, {{1, 1}, 8.0});
        QVERIFY(hit && hit->part == BoxPart::Body);
    }

    void cyclingGoesAround() {
        const std::vector<qint64> ids{5, 7, 9};
        QCOMPARE(cycled(ids, 5, 1), 7);
        QCOMPARE(cycled(ids, 9, 1), 5);
        QCOMPARE(cycled(ids, 5, -1), 9);
        QCOMPARE(cycled(ids, 0, 1), 5);
        QCOMPARE(cycled(ids, 0, -1), 9);
        QCOMPARE(cycled({}, 5, 1), 0);
    }

    void zoomKeepsThePointUnderTheCursor() {
        ViewTransform view;
        view.setPicture({4000, 3000});
        view.setViewport({800, 600});
        view.zoomTo(1.0, {400, 300});
        const QPointF anchor(317, 211);
        const QPointF before = view.toPicture(anchor);
        view.zoomTo(2.7, anchor);
        QVERIFY(QLineF(view.toPicture(anchor), before).length() < 1e-9);
        QVERIFY(QLineF(view.toScreen(view.toPicture(anchor)), anchor).length() < 1e-9);
    }

    void fitShowsAllAndCentres() {
        ViewTransform view;
        view.setPicture({1000, 500});
        view.setViewport({524, 600});
        view.fit();
        QCOMPARE(view.scale(), 0.5);
        QVERIFY((view.visible() == Box{0, 0, 1000, 500}));
        QVERIFY(QLineF(view.centre(), {500, 250}).length() < 1e-9);
    }

    void panStopsAtTheOverscroll() {
        ViewTransform view;
        view.setPicture({1000, 1000});
        view.setViewport({400, 400});
        view.zoomTo(1.0, {});
        view.panBy({1e6, -1e6});
        QCOMPARE(view.origin().x(), ViewTransform::kOverscroll);
        QCOMPARE(view.origin().y(), 400.0 - 1000.0 - ViewTransform::kOverscroll);
        view.ensureVisible({500, 500, 510, 510});
        QVERIFY(QRectF(0, 0, 400, 400).contains(view.toScreen(Box{500, 500, 510, 510})));
    }
};

QTEST_GUILESS_MAIN(TestBoxGeometry)
#include "tst_box_geometry.moc"
