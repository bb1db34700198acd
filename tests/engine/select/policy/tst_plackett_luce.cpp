// Batches drawn without replacement: all of them enumerated, gradients by differences, logits of any size.
#include "engine/select/policy/plackett_luce.h"
#include "tests/engine/select/numbers.h"

#include <QTest>

#include <map>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;

namespace {

using Batch = std::vector<std::size_t>;

void extend(Batch& batch, std::size_t candidates, std::size_t count, std::vector<Batch>& all) {
    if (batch.size() == count) {
        all.push_back(batch);
        return;
    }
    for (std::size_t i = 0; i < candidates; ++i) {
        if (std::find(batch.begin(), batch.end(), i) != batch.end()) continue;
        batch.push_back(i);
        extend(batch, candidates, count, all);
        batch.pop_back();
    }
}

/** Every ordered batch of `count` out of `candidates`. */
std::vector<Batch> allBatches(std::size_t candidates, std::size_t count) {
    std::vector<Batch> all;
    Batch batch;
    extend(batch, candidates, count, all);
    return all;
}

/** The product of the definition, with plain exponentials. */
double slowProbability(const std::vector<double>& logits, const Batch& batch) {
    double product = 1.0;
    double left = 0.0;
    for (const double logit : logits)
        left += std::exp(logit);
    for (const std::size_t i : batch) {
        product *= std::exp(logits[i]) / left;
        left -= std::exp(logits[i]);
    }
    return product;
}

}  // namespace

class TestPlackettLuce : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // Invariant 4, first half.
    void allBatchesAddUpToOne_data() {
        QTest::addColumn<std::size_t>("candidates");
        QTest::addColumn<std::size_t>("count");
        for (std::size_t k = 1; k <= 6; ++k) {
            for (std::size_t b = 1; b <= k; ++b)
                QTest::addRow("%zu of %zu", b, k) << k << b;
        }
    }
    void allBatchesAddUpToOne() {
        QFETCH(std::size_t, candidates);
        QFETCH(std::size_t, count);
        Rng rng(candidates * 10 + count);
        const std::vector<double> logits = normals(candidates, 2.0, rng);
        const PlackettLuce batches(logits);
        double sum = 0.0;
        double entropy = 0.0;
        double mean = 0.0;
        for (const Batch& batch : allBatches(candidates, count)) {
            const double logPi = batches.logProbability(batch);
            QVERIFY(near(std::exp(logPi), slowProbability(logits, batch)));
            sum += std::exp(logPi);
            entropy -= std::exp(logPi) * logPi;
            mean += std::exp(logPi) * batches.drawEntropy(batch).value;
        }
        QVERIFY(near(sum, 1.0));
        QVERIFY(near(mean, entropy));  // the chain rule of entropy
    }

    // Invariant 4, second half: each count within five deviations of what is expected.
    void drawsFollowTheProbabilities() {
        const PlackettLuce batches({0.5, -1.0, 1.5, 0.0});
        constexpr int kDraws = 40'000;
        Rng rng(11);
        std::map<Batch, int> counts;
        for (int i = 0; i < kDraws; ++i)
            ++counts[batches.sample(2, rng)];
        for (const Batch& batch : allBatches(4, 2)) {
            const double p = std::exp(batches.logProbability(batch));
            QVERIFY(std::abs(counts[batch] - kDraws * p) < 5.0 * std::sqrt(kDraws * p * (1.0 - p)));
        }
    }

    void gradientsAgreeWithDifferences_data() {
        QTest::addColumn<std::size_t>("count");
        for (const std::size_t count : {1U, 2U, 5U, 8U})
            QTest::addRow("%zu of 8", count) << count;
    }
    void gradientsAgreeWithDifferences() {
        QFETCH(std::size_t, count);
        Rng rng(21);
        std::vector<double> logits = normals(8, 1.5, rng);
        const Batch batch = PlackettLuce(logits).sample(count, rng);
        const WithGradient logPi = PlackettLuce(logits).logProbabilityGradient(batch);
        QVERIFY(near(logPi.value, PlackettLuce(logits).logProbability(batch)));
        const auto value = [&] { return PlackettLuce(logits).logProbability(batch); };
        QVERIFY(gradientError(value, logits, logPi.gradient) < 1e-8);
        const WithGradient entropy = PlackettLuce(logits).drawEntropy(batch);
        const auto doubt = [&] { return PlackettLuce(logits).drawEntropy(batch).value; };
        QVERIFY(gradientError(doubt, logits, entropy.gradient) < 1e-8);
    }

    void logitsOfAnySizeAreSafe() {
        const PlackettLuce batches({1e4, -1e4, 0.0, 9999.0, 1e4});
        const Batch rare = {1, 2, 0};
        const WithGradient logPi = batches.logProbabilityGradient(rare);
        QVERIFY(near(logPi.value,
                     -2e4 - std::log(2.0 + std::exp(-1.0)) - 1e4 - std::log(2.0 + std::exp(-1.0)) -
                         std::log(2.0 + std::exp(-1.0)),
                     1e-6));
        const WithGradient entropy = batches.drawEntropy(rare);
        for (std::size_t i = 0; i < 5; ++i)
            QVERIFY(std::isfinite(logPi.gradient[i]) && std::isfinite(entropy.gradient[i]));
        QVERIFY(near(batches.logProbability(Batch{0, 4, 3, 2, 1}),
                     -std::log(2.0 + std::exp(-1.0)) - std::log(1.0 + std::exp(-1.0)), 1e-9));
    }

    void onlyDifferencesMatter() {
        const Batch batch = {2, 0};
        QVERIFY(near(PlackettLuce({0.1, 0.2, 0.3}).logProbability(batch),
                     PlackettLuce({700.1, 700.2, 700.3}).logProbability(batch)));
    }

    void edges() {
        Rng rng(31);
        const PlackettLuce three({0.0, 2.0, 1.0});
        QCOMPARE(three.sample(9, rng).size(), std::size_t{3});
        QCOMPARE(three.best(2), (Batch{1, 2}));
        QCOMPARE(PlackettLuce({1.0, 1.0, 1.0}).best(3), (Batch{0, 1, 2}));
        QVERIFY(three.sample(0, rng).empty());
        QCOMPARE(three.logProbability({}), 0.0);
        QCOMPARE(three.logProbabilityGradient({}).gradient, (std::vector<double>{0.0, 0.0, 0.0}));
        QCOMPARE(PlackettLuce({5.0}).logProbability(Batch{0}), 0.0);
        // Uniform: 1 / (3 * 2).
        QVERIFY(near(PlackettLuce({4.0, 4.0, 4.0}).logProbability(Batch{0, 1}), -std::log(6.0)));
    }
};

QTEST_GUILESS_MAIN(TestPlackettLuce)
#include "tst_plackett_luce.moc"
