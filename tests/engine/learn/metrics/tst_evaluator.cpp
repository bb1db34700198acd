// The evaluators against hand-computed cases and against slow references.

#include "engine/learn/metrics/evaluator.h"
#include "tests/engine/learn/metrics/scenes.h"
#include "tests/support/coco_reference.h"
#include "tests/support/voc_reference.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <limits>

using namespace querent;
using namespace querent::learn::metrics;

namespace {

const Box kTen{0, 0, 10, 10};

TrueBox trueBox(const Box& box, int label = 0) {
    return {box, label, false, false};
}
Detection found(const Box& box, double score, int label = 0) {
    return {box, label, score, {}};
}

/** One picture, number 1. */
Scene picture(std::vector<TrueBox> truth, std::vector<Detection> boxes, int classes = 1) {
    return {{{1, {400, 400}, std::move(truth)}}, {{1, std::move(boxes), {}}}, classes};
}

CocoSummary coco(const Scene& scene) {
    return evaluateCoco(scene.truth, scene.predictions, scene.classes).value();
}
double voc(const Scene& scene, VocForm form) {
    return evaluateVoc(scene.truth, scene.predictions, scene.classes, form).value().map;
}

/** Two true boxes; a hit at .9, a miss at .8, a hit at .7: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1. */
Scene threeDetections() {
    const Box other{100, 100, 110, 110};
    return picture({trueBox(kTen), trueBox(other)},
                   {found(kTen, 0.9), found({200, 200, 210, 210}, 0.8), found(other, 0.7)});
}

void compare(const Scene& scene) {
    const CocoSummary fast = coco(scene);
    const test::CocoReference slow = test::cocoReference(scene.truth, scene.predictions, scene.classes);
    for (std::size_t i = 0; i < slow.stats.size(); ++i) {
        QVERIFY2(near(fast.values()[i], slow.stats[i]),
                 qPrintable(QString("stat %1: %2 %3").arg(i).arg(fast.values()[i]).arg(slow.stats[i])));
    }
    for (std::size_t k = 0; k < slow.classAp.size(); ++k) {
        QVERIFY(near(fast.classAp[k], slow.classAp[k]));
        QVERIFY(near(fast.classAp50[k], slow.classAp50[k]));
    }
    QVERIFY(near(map50(scene.truth, scene.predictions, scene.classes).value(), slow.stats[1]));
}

void compareVoc(const Scene& scene, VocForm form, double iou) {
    const VocSummary fast = evaluateVoc(scene.truth, scene.predictions, scene.classes, form, iou).value();
    double sum = 0;
    int count = 0;
    for (int k = 0; k < scene.classes; ++k) {
        const double slow = test::vocReference(scene.truth, scene.predictions, k, form == VocForm::ElevenPoint, iou);
        const double value = fast.classAp[static_cast<std::size_t>(k)];
        QVERIFY2(near(value, slow), qPrintable(QString("class %1: %2 %3").arg(k).arg(value).arg(slow)));
        if (slow >= 0) sum += slow, ++count;
    }
    QVERIFY(near(fast.map, count > 0 ? sum / count : -1));
}

}  // namespace

class TestEvaluator : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void perfectBoxIsOne() {
        const Scene scene = picture({trueBox(kTen)}, {found(kTen, 0.3)});
        const CocoSummary summary = coco(scene);
        for (const double value : {summary.ap, summary.ap50, summary.ap75, summary.apSmall, summary.ar1, summary.ar10,
                                   summary.ar100, summary.arSmall, summary.classAp[0], summary.classAp50[0]}) {
            QVERIFY(near(value, 1.0));
        }
        QCOMPARE(summary.apMedium, -1.0);
        QCOMPARE(summary.arLarge, -1.0);
        QCOMPARE(summary.classTruth[0], 1);
        QVERIFY(near(voc(scene, VocForm::ElevenPoint), 1.0));
        QVERIFY(near(voc(scene, VocForm::AllPoints), 1.0));
    }

    void threeDetectionsByHand() {
        const Scene scene = threeDetections();
        // Recall 0 to .50 are 51 of the 101 points, 0 to .5 are 6 of the 11.
        QVERIFY(near(coco(scene).ap, (51.0 + 50.0 * 2.0 / 3.0) / 101.0));
        QVERIFY(near(coco(scene).ar1, 0.5));
        QVERIFY(near(coco(scene).ar10, 1.0));
        QVERIFY(near(voc(scene, VocForm::ElevenPoint), (6.0 + 5.0 * 2.0 / 3.0) / 11.0));
        QVERIFY(near(voc(scene, VocForm::AllPoints), 0.5 + 0.5 * 2.0 / 3.0));
    }

    void overlapDecidesTheThresholds() {
        // 8 of 10 pixels a row: overlap .8, a hit at .50 to .80, which are 7 of the 10 thresholds.
        const Scene scene = picture({trueBox(kTen)}, {found({0, 0, 8, 10}, 0.5)});
        QVERIFY(near(coco(scene).ap, 0.7));
        QVERIFY(near(coco(scene).ar100, 0.7));
        QVERIFY(near(coco(scene).ap75, 1.0));
    }

    void halfIsAHitForCocoAndNotForVoc() {
        const Scene scene = picture({trueBox(kTen)}, {found({0, 0, 5, 10}, 0.5)});
        QVERIFY(near(coco(scene).ap50, 1.0));
        QCOMPARE(voc(scene, VocForm::AllPoints), 0.0);
    }

    void aBoxIsFoundOnce() {
        const Scene scene = picture({trueBox(kTen), trueBox({50, 50, 60, 60})},
                                    {found(kTen, 0.9), found(kTen, 0.8), found({50, 50, 60, 60}, 0.7)});
        QVERIFY(near(coco(scene).ap50, (51.0 + 50.0 * 2.0 / 3.0) / 101.0));
        QVERIFY(near(voc(scene, VocForm::AllPoints), 0.5 + 0.5 * 2.0 / 3.0));
    }

    void crowdsForgive() {
        const TrueBox crowd{{100, 100, 200, 200}, 0, false, true};
        const Scene scene = picture({trueBox(kTen), crowd}, {found({110, 110, 120, 120}, 0.9),
                                                             found({150, 150, 160, 160}, 0.8), found(kTen, 0.7)});
        QVERIFY(near(coco(scene).ap, 1.0));
        QCOMPARE(coco(scene).classTruth[0], 1);
    }

    void difficultBoxesDoNotCountForVoc() {
        Scene scene = picture({trueBox(kTen), {{50, 50, 60, 60}, 0, true, false}}, {found({50, 50, 60, 60}, 0.9)});
        QCOMPARE(voc(scene, VocForm::AllPoints), 0.0);
        scene.predictions[0].boxes.push_back(found(kTen, 0.1));
        QVERIFY(near(voc(scene, VocForm::AllPoints), 1.0));
        QVERIFY(near(coco(scene).ap50, 1.0));
        QCOMPARE(coco(scene).classTruth[0], 2);
    }

    void ofEqualOverlapsVocTakesTheFirst() {
        const TrueBox difficult{kTen, 0, true, false};
        QCOMPARE(voc(picture({difficult, trueBox(kTen)}, {found(kTen, 0.9)}), VocForm::AllPoints), 0.0);
        QVERIFY(near(voc(picture({trueBox(kTen), difficult}, {found(kTen, 0.9)}), VocForm::AllPoints), 1.0));
    }

    void onlyAHundredDetectionsCount() {
        std::vector<Detection> many;
        for (int i = 0; i < 100; ++i)
            many.push_back(found({200.0 + i, 200, 210.0 + i, 210}, 0.9));
        many.push_back(found(kTen, 0.5));
        QCOMPARE(coco(picture({trueBox(kTen)}, many)).ap, 0.0);
        many.erase(many.begin());
        QVERIFY(near(coco(picture({trueBox(kTen)}, many)).ap, 1.0 / 100.0));
    }

    void equalScoresKeepTheirOrder() {
        const Box wrong{200, 200, 210, 210};
        QVERIFY(near(coco(picture({trueBox(kTen)}, {found(kTen, 0.5), found(wrong, 0.5)})).ap50, 1.0));
        QVERIFY(near(coco(picture({trueBox(kTen)}, {found(wrong, 0.5), found(kTen, 0.5)})).ap50, 0.5));
        // Between images the smaller id comes first, whatever the order of the lists.
        Scene scene{
            {{2, {}, {trueBox(kTen)}}, {1, {}, {}}}, {{2, {found(kTen, 0.5)}, {}}, {1, {found(wrong, 0.5)}, {}}}, 1};
        QVERIFY(near(coco(scene).ap50, 0.5));
        std::swap(scene.truth[0], scene.truth[1]);
        QVERIFY(near(coco(scene).ap50, 0.5));
    }

    void nothingToFindIsNotDefined() {
        const CocoSummary none = evaluateCoco({}, {}, 2).value();
        for (const double value : none.values())
            QCOMPARE(value, -1.0);
        QCOMPARE(none.classAp, (std::vector<double>{-1.0, -1.0}));
        const Scene scene = picture({}, {found(kTen, 0.9)}, 2);
        QCOMPARE(coco(scene).ap, -1.0);
        QCOMPARE(map50(scene.truth, scene.predictions, 2).value(), -1.0);
        QCOMPARE(voc(scene, VocForm::AllPoints), -1.0);
    }

    void nothingFoundIsZero() {
        const Scene scene = picture({trueBox(kTen, 1)}, {}, 2);
        QCOMPARE(coco(scene).ap, 0.0);
        QCOMPARE(coco(scene).ar100, 0.0);
        QCOMPARE(coco(scene).classAp, (std::vector<double>{-1.0, 0.0}));
        QCOMPARE(evaluateCoco(scene.truth, {}, 2).value().ap, 0.0);
        QCOMPARE(voc(scene, VocForm::ElevenPoint), 0.0);
    }

    void faultsAreRefused_data() {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("sentence");
        const QStringList sentences = {"An evaluation needs at least one class.",
                                       "Image 1 occurs twice among the true images.",
                                       "Image 1 occurs twice among the predictions.",
                                       "Image 9 was predicted, but its truth is not known.",
                                       "Image 0 was predicted, but its truth is not known.",
                                       "A detection in image 1 has a class that does not exist.",
                                       "A true box of image 1 has a class that does not exist.",
                                       "A detection in image 1 has a score that is not a number.",
                                       "A detection in image 1 has a corner that is not a finite number.",
                                       "A true box of image 1 has a corner that is not a finite number."};
        for (int i = 0; i < sentences.size(); ++i)
            QTest::newRow(qPrintable(sentences[i])) << i << sentences[i];
    }

    void faultsAreRefused() {
        QFETCH(int, fault);
        QFETCH(QString, sentence);
        Scene scene = picture({trueBox(kTen)}, {found(kTen, 0.5)});
        if (fault == 0) scene.classes = 0;
        if (fault == 1) scene.truth.push_back(scene.truth[0]);
        if (fault == 2) scene.predictions.push_back(scene.predictions[0]);
        if (fault == 3) scene.predictions.push_back({9, {}, {}});
        if (fault == 4) scene.predictions.push_back({0, {}, {}});
        if (fault == 5) scene.predictions[0].boxes[0].label = 1;
        if (fault == 6) scene.truth[0].boxes[0].label = -1;
        if (fault == 7) scene.predictions[0].boxes[0].score = std::numeric_limits<double>::quiet_NaN();
        if (fault == 8) scene.predictions[0].boxes[0].box.left = std::numeric_limits<double>::infinity();
        if (fault == 9) scene.truth[0].boxes[0].box.top = std::numeric_limits<double>::quiet_NaN();
        const auto answer = evaluateCoco(scene.truth, scene.predictions, scene.classes);
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(QString::fromStdString(answer.error().sentence), sentence);
        QVERIFY(!map50(scene.truth, scene.predictions, scene.classes).ok());
        QVERIFY(!evaluateVoc(scene.truth, scene.predictions, scene.classes, VocForm::AllPoints).ok());
        QVERIFY(!bootstrap(scene.truth, scene.predictions, scene.classes, 10, 1).ok());
    }

    void vocRefusesSenselessOverlaps() {
        for (const double iou : {0.0, 1.0, -0.5, std::numeric_limits<double>::quiet_NaN()}) {
            QVERIFY(!evaluateVoc({}, {}, 1, VocForm::AllPoints, iou).ok());
        }
    }

    void agreesWithTheReference_data() {
        QTest::addColumn<int>("images");
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("truth");
        QTest::addColumn<int>("others");
        QTest::addColumn<int>("scoreSteps");
        QTest::addColumn<double>("crowd");
        QTest::addColumn<int>("seeds");
        QTest::newRow("plain") << 6 << 3 << 8 << 12 << 0 << 0.0 << 40;
        QTest::newRow("equal scores") << 6 << 3 << 8 << 12 << 4 << 0.1 << 40;
        QTest::newRow("all scores equal") << 4 << 2 << 6 << 10 << 1 << 0.1 << 30;
        QTest::newRow("many crowds") << 5 << 2 << 8 << 12 << 10 << 0.5 << 40;
        QTest::newRow("only crowds") << 3 << 1 << 5 << 5 << 0 << 1.0 << 10;
        QTest::newRow("one image") << 1 << 1 << 3 << 4 << 0 << 0.1 << 40;
        QTest::newRow("over 100 detections") << 2 << 1 << 40 << 300 << 50 << 0.05 << 8;
        QTest::newRow("many classes") << 8 << 12 << 10 << 10 << 0 << 0.1 << 15;
    }

    void agreesWithTheReference() {
        QFETCH(int, images);
        QFETCH(int, classes);
        QFETCH(int, truth);
        QFETCH(int, others);
        QFETCH(int, scoreSteps);
        QFETCH(double, crowd);
        QFETCH(int, seeds);
        for (int seed = 0; seed < seeds; ++seed) {
            const Scene scene = randomScene({images, classes, truth, others, scoreSteps, crowd, 0.2, 0.1},
                                            static_cast<std::uint64_t>(seed));
            compare(scene);
            for (const double iou : {0.5, 0.3}) {
                compareVoc(scene, VocForm::ElevenPoint, iou);
                compareVoc(scene, VocForm::AllPoints, iou);
            }
            if (QTest::currentTestFailed()) QFAIL(qPrintable(QString("seed %1").arg(seed)));
        }
    }

    void timeIsShown() {
        const Scene scene = randomScene({100, 10, 12, 60, 0, 0.05, 0.1, 0.0}, 1);
        QElapsedTimer timer;
        timer.start();
        const CocoSummary fast = coco(scene);
        const double fastMs = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
        timer.restart();
        const test::CocoReference slow = test::cocoReference(scene.truth, scene.predictions, scene.classes);
        const double slowMs = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
        timer.restart();
        const double value = map50(scene.truth, scene.predictions, scene.classes).value();
        qInfo("100 images, 10 classes: evaluateCoco %.1f ms, map50 %.1f ms, slow reference %.0f ms", fastMs,
              static_cast<double>(timer.nsecsElapsed()) * 1e-6, slowMs);
        QVERIFY(near(fast.ap, slow.stats[0]));
        QVERIFY(near(value, slow.stats[1]));
    }
};

QTEST_GUILESS_MAIN(TestEvaluator)
#include "tst_evaluator.moc"
