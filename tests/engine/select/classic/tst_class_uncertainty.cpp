// Entropy, margin and least confidence of classes: by hand, and what they pick.
#include "engine/select/classic/class_uncertainty.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::select;
using namespace querent::select::classic;

namespace {

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-6;
}

Pool classesOf(const std::vector<std::vector<float>>& answers) {
    Pool pool;
    for (const auto& probabilities : answers) {
        const auto id = static_cast<std::int64_t>(pool.items.size() + 1);
        pool.items.emplace_back(id);
        ItemPrediction prediction;
        prediction.item = id;
        prediction.probabilities = probabilities;
        pool.predictions.push_back(std::move(prediction));
    }
    pool.classes = static_cast<int>(answers.front().size());
    return pool;
}

std::int64_t firstPick(const char* strategy, const SelectionInput& input) {
    const auto made = makeStrategy(strategy);
    const auto selection = (*made)->select(input, 1, 1, Job());
    return selection ? input.pool[selection->picks.at(0).index].value : -1;
}

}  // namespace

class TestClassUncertainty : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void oneClassByHand() {
        const std::vector<float> p = {0.5F, 0.25F, 0.25F};
        QVERIFY(near(classEntropy(p, false), 1.5 * std::log(2.0)));
        QVERIFY(near(classMargin(p, false), 0.75));
        QVERIFY(near(classLeastConfidence(p, false), 0.5));
        const std::vector<float> sure = {0.0F, 1.0F, 0.0F};
        QVERIFY(near(classEntropy(sure, false), 0.0));
        QVERIFY(near(classMargin(sure, false), 0.0));
        QVERIFY(near(classLeastConfidence(sure, false), 0.0));
        const std::vector<float> open(4, 0.25F);
        QVERIFY(near(classEntropy(open, false), std::log(4.0)));
        QVERIFY(near(classMargin(open, false), 1.0));
    }

    void severalClassesByHand() {
        const std::vector<float> p = {0.5F, 0.9F};
        const double h9 = -0.9 * std::log(0.9) - 0.1 * std::log(0.1);
        QVERIFY(near(classEntropy(p, true), std::log(2.0) + h9));
        QVERIFY(near(classMargin(p, true), 1.0));
        QVERIFY(near(classLeastConfidence(p, true), 1.0 - 0.5 * 0.9));
        QVERIFY(near(classEntropy(std::vector<float>{1.0F, 1.0F}, true), 0.0));
    }

    // The three rank differently: that is why there are three.
    void eachPicksItsOwn() {
        const Pool pool = classesOf({{0.48F, 0.47F, 0.03F, 0.02F},    // the closest call
                                     {0.46F, 0.18F, 0.18F, 0.18F},    // most undecided over all
                                     {0.45F, 0.35F, 0.19F, 0.01F}});  // the least likely best class
        QCOMPARE(firstPick("margin", pool.input()), 1);
        QCOMPARE(firstPick("entropy", pool.input()), 2);
        QCOMPARE(firstPick("least-confidence", pool.input()), 3);
    }

    void strategiesForBoxesRefuseClasses() {
        const Pool pool = classesOf({{0.5F, 0.5F}});
        for (const char* name : {"entropy-mean", "entropy-max"}) {
            const auto selection = (*makeStrategy(name))->select(pool.input(), 1, 1, Job());
            QVERIFY(!selection.ok());
            QCOMPARE(selection.error().code, ErrorCode::InvalidArgument);
        }
    }

    void oddProbabilitiesAreSetAsideOrRefused() {
        Pool pool = classesOf({{0.5F, 0.5F}, {NAN, 1.0F}});
        const auto selection = (*makeStrategy("entropy"))->select(pool.input(), 2, 1, Job());
        QVERIFY(selection.ok());
        QCOMPARE(selection->picks.size(), std::size_t{1});
        QCOMPARE(selection->leftOut.size(), std::size_t{1});
        pool.predictions[1].probabilities = {1.0F};
        QVERIFY(!(*makeStrategy("entropy"))->select(pool.input(), 2, 1, Job()).ok());
    }
};

QTEST_GUILESS_MAIN(TestClassUncertainty)
#include "tst_class_uncertainty.moc"
