// Entropy, margin and least confidence: by hand, against a slow reference, and at work.

#include "engine/select/boxes/box_uncertainty.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace querent;
using namespace querent::select;
using namespace querent::select::boxes;

namespace {

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-9;
}

double h(double p) {
    return p > 0 && p < 1 ? -(p * std::log(p) + (1 - p) * std::log(1 - p)) : 0;
}

Detection box(double score, std::vector<float> classes = {}) {
    return {{0, 0, 10, 10}, 0, score, std::move(classes)};
}

Pool picturesOf(const std::vector<std::vector<Detection>>& pictures, int classes = 2) {
    Pool pool;
    pool.classes = classes;
    for (const auto& boxes : pictures) {
        const auto id = static_cast<std::int64_t>(pool.items.size() + 1);
        pool.items.emplace_back(id);
        pool.predictions.push_back({id, boxes, {}});
    }
    return pool;
}

// The measures of one box once more, from the sentences that define them.
std::vector<double> descending(const Detection& one) {
    std::vector<double> p(one.classes.begin(), one.classes.end());
    if (p.empty()) p = {one.score};
    std::sort(p.begin(), p.end(), std::greater<>());
    p.push_back(0);
    return p;
}
double slowEntropy(const Detection& one) {
    const std::vector<double> p = descending(one);
    double sum = h(p[0]);
    for (std::size_t c = 1; c < p.size(); ++c)
        sum += p[c] >= 0.05 ? h(p[c]) : 0;
    return sum;
}
double slowMargin(const Detection& one) {
    const std::vector<double> p = descending(one);
    return 1 - std::abs(p[0] - std::max(p[1], 1 - p[0]));
}
double slowLeast(const Detection& one) {
    const double p = descending(one)[0];
    return 2 * std::min(p, 1 - p);
}

double aggregated(const ItemPrediction& picture, double (*measure)(const Detection&), const QString& how) {
    std::vector<double> values;
    for (const Detection& one : picture.boxes) {
        if (one.score >= 0.05) values.push_back(measure(one));
    }
    if (values.empty()) values.push_back(measure(box(0.05)));
    double sum = 0;
    for (const double value : values)
        sum += value;
    if (how == "sum") return sum;
    return how == "mean" ? sum / static_cast<double>(values.size()) : *std::max_element(values.begin(), values.end());
}

}  // namespace

class TestUncertainty : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void measuresByHand() {
        QVERIFY(near(boxEntropy(box(0.5)), std::log(2.0)));
        QVERIFY(near(boxEntropy(box(0.9, {0.5F, 0.5F})), 2 * std::log(2.0)));
        QVERIFY(near(boxEntropy(box(0.9, {0.5F, 0.01F})), std::log(2.0)));
        QVERIFY(near(boxEntropy(box(0.5, {0.01F, 0.02F})), h(static_cast<double>(0.02F))));
        QCOMPARE(boxEntropy(box(1.0, {1.0F, 0.0F})), 0.0);
        QVERIFY(near(boxMargin(box(0.5)), 1.0));
        QVERIFY(near(boxMargin(box(0.9, {0.75F, 0.75F})), 1.0));
        QVERIFY(near(boxMargin(box(0.9, {0.875F, 0.5F})), 0.625));
        QVERIFY(near(boxMargin(box(0.9, {0.5F, 0.875F})), 0.625));
        QVERIFY(near(boxMargin(box(0.9, {0.125F, 0.1F})), 0.25));
        QCOMPARE(boxMargin(box(1.0, {1.0F, 0.0F})), 0.0);
        QVERIFY(near(boxLeastConfidence(box(0.9, {0.75F, 0.1F})), 0.5));
        QVERIFY(near(boxLeastConfidence(box(0.25)), 0.5));
        QCOMPARE(boxLeastConfidence(box(1.0)), 0.0);
    }

    void agreesWithTheReference_data() {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("how");
        QTest::newRow("entropy") << "entropy"
                                 << "sum";
        QTest::newRow("entropy-mean") << "entropy-mean"
                                      << "mean";
        QTest::newRow("entropy-max") << "entropy-max"
                                     << "max";
        QTest::newRow("margin") << "margin"
                                << "sum";
        QTest::newRow("least-confidence") << "least-confidence"
                                          << "max";
    }

    void agreesWithTheReference() {
        QFETCH(QString, strategy);
        QFETCH(QString, how);
        double (*measure)(const Detection&) = strategy == "margin"             ? slowMargin
                                              : strategy == "least-confidence" ? slowLeast
                                                                               : slowEntropy;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const Pool pool = randomPool(120, 0, seed);
            const Selection selection = run(strategy.toStdString(), pool.input(), 50, seed);
            QCOMPARE(selection.picks.size(), 50U);
            std::vector<double> scores;
            for (const ItemPrediction& picture : pool.predictions)
                scores.push_back(aggregated(picture, measure, how));
            for (const Pick& pick : selection.picks) {
                QVERIFY(near(pick.score, scores[pick.index]));
                QCOMPARE(pick.reasons[0].value, pick.score);
            }
            std::sort(scores.begin(), scores.end(), std::greater<>());
            for (std::size_t i = 0; i < 50; ++i)
                QVERIFY(near(selection.picks[i].score, scores[i]));
        }
    }

    void reasonsAreNamed() {
        const Pool pool = picturesOf({{box(0.5), box(0.75), box(0.01)}});
        const Pick pick = run("entropy", pool.input(), 1).picks[0];
        QCOMPARE(pick.reasons.size(), 3U);
        QCOMPARE(pick.reasons[0].name, std::string("entropy"));
        QVERIFY(near(pick.reasons[0].value, h(0.5) + h(0.75)));
        QVERIFY((pick.reasons[1] == Reason{"boxes", 2.0}));
        QVERIFY((pick.reasons[2] == Reason{"top score", 0.75}));
        QVERIFY(!pick.control);
    }

    void nothingSeenIsLowButNotLowest() {
        for (const char* name : {"entropy", "entropy-mean", "entropy-max", "margin", "least-confidence"}) {
            const Pool pool = picturesOf({{box(0.99)}, {}, {box(0.04), box(0.03)}, {box(0.3)}, {box(0.999)}});
            const Selection selection = run(name, pool.input(), 5);
            QCOMPARE(selection.picks[0].index, 3U);
            QCOMPARE(selection.picks[3].index, 0U);
            QCOMPARE(selection.picks[4].index, 4U);
            QCOMPARE(selection.picks[1].score, selection.picks[2].score);
        }
    }

    void sumMeanAndMaxDiffer() {
        const Pool pool = picturesOf({{box(0.9), box(0.9), box(0.9), box(0.9)}, {box(0.6), box(0.99)}, {box(0.7)}});
        QCOMPARE(itemsOf(run("entropy", pool.input(), 1), pool), (std::vector<std::int64_t>{1}));
        QCOMPARE(itemsOf(run("entropy-mean", pool.input(), 1), pool), (std::vector<std::int64_t>{3}));
        QCOMPARE(itemsOf(run("entropy-max", pool.input(), 1), pool), (std::vector<std::int64_t>{2}));
    }

    void numbersThatAreNoneAreSetAside() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Pool pool =
            picturesOf({{box(nan)}, {box(0.5)}, {box(0.5, {0.5F, std::numeric_limits<float>::infinity()})}});
        const Selection selection = run("entropy", pool.input(), 3);
        QCOMPARE(itemsOf(selection, pool), (std::vector<std::int64_t>{2}));
        QCOMPARE(selection.leftOut.size(), 2U);
        QCOMPARE(selection.leftOut[1].item, std::int64_t{3});
        QCOMPARE(selection.leftOut[0].sentence, std::string("Item 1 was predicted with a score that is not a number."));
    }

    // One number decides the class; the learner knows between which two answers the border lies.
    void beatsRandomWhereDoubtMatters() {
        const double border = 0.6180339;
        const auto remainingError = [border](const char* strategy, std::uint64_t seed) {
            Rng rng(seed, "line");
            std::vector<double> points(200);
            for (double& x : points)
                x = rng.uniform();
            double low = 0.0, high = 1.0;
            for (int round = 0; round < 6; ++round) {
                const double middle = 0.5 * (low + high);
                Pool pool;
                pool.classes = 1;
                for (std::size_t i = 0; i < points.size(); ++i) {
                    const double p = 1.0 / (1.0 + std::exp(-20.0 * (points[i] - middle)));
                    pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
                    pool.predictions.push_back({0, {box(std::max(p, 0.05), {static_cast<float>(p)})}, {}});
                }
                const double x =
                    points[run(strategy, pool.input(), 1, deriveSeed(seed, "round") + round).picks[0].index];
                (x < border ? low : high) = x < border ? std::max(low, x) : std::min(high, x);
            }
            return high - low;
        };
        for (const char* name : {"entropy", "margin", "least-confidence", "entropy-mean", "entropy-max"}) {
            double chosen = 0, random = 0;
            for (std::uint64_t seed = 0; seed < 20; ++seed) {
                chosen += remainingError(name, seed);
                random += remainingError("random", seed);
            }
            QVERIFY2(chosen < 0.2 * random, qPrintable(QString("%1: %2 %3").arg(name).arg(chosen).arg(random)));
        }
    }
};

QTEST_GUILESS_MAIN(TestUncertainty)
#include "tst_uncertainty.moc"
