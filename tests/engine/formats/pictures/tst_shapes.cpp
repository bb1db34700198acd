#include "engine/formats/pictures/shapes.h"

#include <QtTest>

#include <cmath>

using namespace querent;
using namespace querent::formats::pictures;

namespace {

bool isNear(const Box& a, const Box& b) {
    return std::abs(a.left - b.left) < 1e-9 && std::abs(a.top - b.top) < 1e-9 && std::abs(a.right - b.right) < 1e-9 &&
           std::abs(a.bottom - b.bottom) < 1e-9;
}

}  // namespace

class TestShapes : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void points() {
        QVERIFY(!boxAround({}));
        QVERIFY(*boxAround({{3, 9}, {1, 4}, {2, 20}}) == (Box{1, 4, 3, 20}));
        QVERIFY(boxAround({{3, 9}})->empty());
    }

    void turned() {
        const Box box{10, 20, 30, 24};
        QVERIFY(isNear(boxAroundTurned(box, 180), box));
        QVERIFY(isNear(boxAroundTurned(box, -90), {18, 12, 22, 32}));
        const double half = (20 + 4) * std::sqrt(0.125);
        QVERIFY(isNear(boxAroundTurned(box, 45), {20 - half, 22 - half, 20 + half, 22 + half}));
    }

    void ellipse() {
        QVERIFY(isNear(boxAroundEllipse({5, 6}, 3, 1, 0), {2, 5, 8, 7}));
        QVERIFY(isNear(boxAroundEllipse({5, 6}, 3, 1, 90), {4, 3, 6, 9}));
        const double half = std::sqrt((9.0 + 1.0) / 2.0);
        QVERIFY(isNear(boxAroundEllipse({0, 0}, 3, 1, 30 + 15), {-half, -half, half, half}));
    }
};

QTEST_GUILESS_MAIN(TestShapes)
#include "tst_shapes.moc"
