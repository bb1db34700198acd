// The doubt that evidence leaves, and the doubt about boxes.
#include "engine/select/policy/evidence.h"
#include "tests/engine/select/numbers.h"

#include <QTest>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;

namespace {

std::vector<float> randomEvidence(std::size_t classes, Rng& rng) {
    std::vector<float> alpha(classes);
    for (float& value : alpha)
        value = static_cast<float>(1.0 + 10.0 * rng.uniform());
    return alpha;
}

/** The definition: the mean of alpha_c (A - alpha_c) / (A^2 (A + 1)). */
double slowVariance(const std::vector<double>& alpha) {
    double total = 0.0;
    for (const double a : alpha)
        total += a;
    double sum = 0.0;
    for (const double a : alpha)
        sum += a * (total - a) / (total * total * (total + 1.0));
    return sum / static_cast<double>(alpha.size());
}

Detection boxOf(std::vector<float> classes) {
    Detection box{{0, 0, 10, 10}, 0, 0.0, std::move(classes)};
    for (const float p : box.classes)
        box.score = std::max(box.score, static_cast<double>(p));
    return box;
}

double meanOf(float probability) {
    const std::vector<Detection> boxes = {boxOf({probability})};
    return pictureUncertainty(boxes).mean;
}

}  // namespace

class TestEvidence : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // Invariant 3.
    void varianceAgreesWithTheDefinition() {
        Rng rng(2);
        for (const std::size_t classes : {2U, 3U, 10U, 101U}) {
            const std::vector<float> some = randomEvidence(classes, rng);
            const std::vector<double> alpha(some.begin(), some.end());
            QVERIFY(near(predictiveVariance(alpha), slowVariance(alpha), 1e-15));
            QVERIFY(predictiveVariance(alpha) < varianceBound(classes));
            const std::vector<double> nothing(classes, 1.0);
            QVERIFY(near(predictiveVariance(nothing), varianceBound(classes), 1e-15));
            QVERIFY(near(scaledUncertainty(nothing), 1.0));
        }
        QVERIFY(near(varianceBound(10), 9.0 / 1100.0));
    }

    void certaintyKeepsItsDigits() {
        const double u = predictiveVariance(std::vector<double>{1e12, 1.0});
        QVERIFY(near(u / 1e-24, 1.0, 1e-6));  // 2 p (1 - p) / (2 (A + 1)), p = 1e-12
        QCOMPARE(predictiveVariance(std::vector<double>{5.0}), 0.0);
        QCOMPARE(scaledUncertainty(std::vector<double>{5.0}), 0.0);
        QCOMPARE(varianceBound(0), 0.0);
        QCOMPARE(varianceBound(1), 0.0);
    }

    void severalClassesAreAskedOneByOne() {
        QVERIFY(near(multiLabelUncertainty(std::vector<double>{1.0, 1.0, 1.0}), 1.0));
        const double sure = multiLabelUncertainty(std::vector<double>{50.0});
        QVERIFY(near(sure, scaledUncertainty(std::vector<double>{50.0, 1.0})));
        QVERIFY(near(multiLabelUncertainty(std::vector<double>{50.0, 1.0}), 0.5 * (sure + 1.0)));
        QCOMPARE(multiLabelUncertainty({}), 0.0);
    }

    void boxesByHand() {
        const double alpha = 1.0 + std::log(2.0);
        QVERIFY(near(meanOf(0.5F), scaledUncertainty(std::vector<double>{alpha, alpha}), 1e-6));
        // Yes and no are alike, and certainty on either side is less doubtful.
        QVERIFY(near(meanOf(0.2F), meanOf(0.8F), 1e-6));
        QVERIFY(meanOf(0.5F) > meanOf(0.8F) && meanOf(0.8F) > meanOf(0.99F) && meanOf(0.99F) > meanOf(1.0F));
        QVERIFY(meanOf(1.0F) > 0.0);
    }

    void picturesAddUpTheirBoxes() {
        const std::vector<Detection> two = {boxOf({0.5F, 0.1F}), boxOf({0.1F, 0.8F})};
        const double a = meanOf(0.5F);
        const double b = meanOf(0.8F);
        const double p = static_cast<double>(0.8F);
        QVERIFY(near(pictureUncertainty(two).total, 0.5 * a + p * b));
        QVERIFY(near(pictureUncertainty(two).mean, (0.5 * a + p * b) / (0.5 + p)));
        std::vector<Detection> more = two;
        more.push_back(boxOf({0.01F, 0.02F}));
        QCOMPARE(pictureUncertainty(more).total, pictureUncertainty(two).total);
    }

    void anEmptyPictureHoldsALittleDoubt() {
        const PictureUncertainty empty = pictureUncertainty({});
        const std::vector<Detection> background = {boxOf({0.01F})};
        const std::vector<Detection> doubtful = {boxOf({0.5F})};
        QCOMPARE(pictureUncertainty(background).total, empty.total);
        QVERIFY(empty.total > 0.0 && empty.total < pictureUncertainty(doubtful).total);
    }
};

QTEST_GUILESS_MAIN(TestEvidence)
#include "tst_evidence.moc"
