// The say of each modality: sums, floors and what the weights must not depend on.
#include "engine/select/policy/modality_weights.h"
#include "tests/engine/select/numbers.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;

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
};

QTEST_GUILESS_MAIN(TestModalityWeights)
#include "tst_modality_weights.moc"
