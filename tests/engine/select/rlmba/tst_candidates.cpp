// The unified score and the candidate set that it makes.
#include "engine/core/rng.h"
#include "engine/select/rlmba/candidates.h"
#include "tests/engine/select/numbers.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace querent;
using namespace querent::select;
using namespace querent::select::rlmba;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

class TestCandidates : public QObject {
    Q_OBJECT

 private Q_SLOTS:
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

QTEST_GUILESS_MAIN(TestCandidates)
#include "tst_candidates.moc"
