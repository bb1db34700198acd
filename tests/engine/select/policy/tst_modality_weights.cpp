// The say of each modality: sums, floors and what the weights must not depend on; the score built on them.
#include "engine/select/policy/modality_weights.h"
#include "engine/select/rlmba/unified_score.h"
#include "tests/engine/select/numbers.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;
using namespace querent::select::rlmba;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double sumOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

class TestModalityWeights : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void byHand() {
        const auto weights = modalityWeights(std::vector<double>{0.7, 0.6}, {0.1, 0.0});
        QVERIFY(near((*weights)[0] / (*weights)[1], std::exp(1.0)));
        const auto floored = modalityWeights(std::vector<double>{0.7, 0.6}, {0.1, 0.05});
        QVERIFY(near((*floored)[0], 0.9 * (*weights)[0] + 0.05));
    }

    void sumAndFloorHoldExactly_data() {
        QTest::addColumn<int>("modalities");
        for (const int count : {1, 2, 3, 4, 20, 50})
            QTest::addRow("%d", count) << count;
    }
    void sumAndFloorHoldExactly() {
        QFETCH(int, modalities);
        Rng rng(1);
        for (int trial = 0; trial < 50; ++trial) {
            std::vector<double> top1(static_cast<std::size_t>(modalities));
            for (double& value : top1)
                value = rng.uniform();
            const auto weights = modalityWeights(top1);
            QVERIFY(near(sumOf(*weights), 1.0, 1e-12));
            const double floor = std::min(0.05, 1.0 / modalities);
            QVERIFY(std::all_of(weights->begin(), weights->end(), [&](double w) { return w >= floor - 1e-15; }));
        }
    }

    // A softmax is blind to what all arguments share: invariant 1.
    void jointAccuracyCannotMatter() {
        const std::vector<double> top1 = {0.8, 0.55, 0.31};
        const auto plain = modalityWeights(top1);
        for (const double joint : {0.0, 0.4, 0.99}) {
            const std::vector<double> gaps = modalityGaps(top1, joint);
            QVERIFY(near(gaps[1], 0.55 - joint));
            const auto weights = modalityWeights(gaps);
            for (std::size_t m = 0; m < 3; ++m)
                QVERIFY(near((*weights)[m], (*plain)[m], 1e-12));
        }
    }

    void nonsenseIsRefused() {
        QVERIFY(!modalityWeights({}).ok());
        QVERIFY(!modalityWeights(std::vector<double>{0.5, kNan}).ok());
        QVERIFY(!modalityWeights(std::vector<double>{0.5}, {0.0, 0.05}).ok());
        QVERIFY(!modalityWeights(std::vector<double>{0.5}, {0.1, 1.5}).ok());
        QCOMPARE(modalityWeights({}).error().code, ErrorCode::InvalidArgument);
    }

    void evenness() {
        QVERIFY(near(weightEvenness(std::vector<double>{1.0}), 1.0));
        QVERIFY(near(weightEvenness(std::vector<double>{0.25, 0.25, 0.25, 0.25}), 1.0));
        QVERIFY(near(weightEvenness(std::vector<double>{1.0, 0.0}), 0.0));
    }

    void missingModalitiesGiveTheirShareAway() {
        const std::vector<double> shares = presentWeights(std::vector<double>{0.5, 0.3, 0.2}, {true, false, true});
        QVERIFY(near(shares[0], 0.5 / 0.7) && shares[1] == 0.0 && near(shares[2], 0.2 / 0.7));
        QVERIFY(near(presentWeights(std::vector<double>{1.0, 0.0}, {false, true})[1], 1.0));
        QVERIFY(near(sumOf(presentWeights(std::vector<double>{0.5, 0.5}, {false, false})), 0.0));
    }

    void minMaxByHand() {
        const std::vector<double> values = minMaxNormalised(std::vector<double>{2.0, kNan, 6.0, 3.0});
        QVERIFY(values[0] == 0.0 && std::isnan(values[1]) && values[2] == 1.0 && near(values[3], 0.25));
        QCOMPARE(minMaxNormalised(std::vector<double>{4.0, 4.0}), (std::vector<double>{0.0, 0.0}));
    }

    void scoresByHand() {
        const auto scores = unifiedScores({{0.0, 1.0, 2.0}, {3.0, kNan, 1.0}}, std::vector<double>{0.75, 0.25},
                                          std::vector<double>{0.0, 10.0, 5.0});
        QVERIFY(near((*scores)[0], 0.25));
        QVERIFY(near((*scores)[1], 0.5 + 1.0));  // the first modality alone
        QVERIFY(near((*scores)[2], 0.75 + 0.5));
    }

    // Invariant 5: 0 <= q <= 1 + beta.
    void scoresStayInRange() {
        Rng rng(3);
        for (int trial = 0; trial < 30; ++trial) {
            const double beta = rng.uniform(0.0, 3.0);
            const std::vector<std::vector<double>> uncertainties = {normals(40, 9.0, rng), normals(40, 0.01, rng)};
            const auto scores =
                unifiedScores(uncertainties, std::vector<double>{0.6, 0.4}, normals(40, 5.0, rng), beta);
            for (const double score : *scores)
                QVERIFY(score >= 0.0 && score <= 1.0 + beta + 1e-12);
        }
    }

    void scoresRefuseWhatDoesNotFit() {
        const std::vector<double> one = {1.0};
        QVERIFY(!unifiedScores({{1.0, 2.0}}, one, one).ok());
        QVERIFY(!unifiedScores({{1.0}, {1.0}}, one, one).ok());
        QVERIFY(!unifiedScores({{1.0}}, one, std::vector<double>{kNan}).ok());
    }

    void candidatesAreTheBest() {
        const std::vector<double> scores = {0.1, 0.9, 0.5, 0.9, 0.2};
        const std::vector<double> ties = {0.0, 0.8, 0.0, 0.3, 0.0};
        QCOMPARE(candidateSet(scores, ties, 1, 2), (std::vector<std::size_t>{3, 1}));
        QCOMPARE(candidateSet(scores, ties, 1).size(), std::size_t{5});
        QCOMPARE(candidateSet(scores, ties, 30).size(), std::size_t{5});
        QVERIFY(candidateSet({}, {}, 3).empty());
    }
};

QTEST_GUILESS_MAIN(TestModalityWeights)
#include "tst_modality_weights.moc"
