// BALD and DeepFool: by hand, against slow references, and on pools made for them.
#include "tests/engine/select/pools.h"

#include <QTest>

#include <limits>

using namespace querent;
using namespace querent::select;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

double slowEntropy(const std::vector<double>& p, bool multiLabel) {
    double sum = 0.0;
    for (const double value : p) {
        if (value > 0.0) sum -= value * std::log(value);
        if (multiLabel && value < 1.0) sum -= (1.0 - value) * std::log(1.0 - value);
    }
    return sum;
}

/** The mutual information as a mean of divergences from the mean, which is another form of the same. */
double slowDisagreement(const ItemPrediction& item, bool multiLabel) {
    const std::size_t classes = item.probabilities.size();
    std::vector<double> mean(classes, 0.0);
    for (const auto& sample : item.samples) {
        for (std::size_t c = 0; c < classes; ++c)
            mean[c] += static_cast<double>(sample[c]) / static_cast<double>(item.samples.size());
    }
    double sum = 0.0;
    for (const auto& sample : item.samples) {
        for (std::size_t c = 0; c < classes; ++c) {
            const auto p = static_cast<double>(sample[c]);
            if (p > 0.0) sum += p * std::log(p / mean[c]);
            if (multiLabel && p < 1.0) sum += (1.0 - p) * std::log((1.0 - p) / (1.0 - mean[c]));
        }
    }
    return sum / static_cast<double>(item.samples.size());
}

Result<Selection> attempt(const char* strategy, const SelectionInput& input, std::size_t count = 3) {
    return makeStrategy(strategy).value()->select(input, count, 1, Job());
}

}  // namespace

class TestClassScores : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void disagreementByHand() {
        Pool pool = randomClassPool(3, 0, 1, 4, 2);
        pool.predictions[0].samples = {{1.0F, 0.0F}, {0.0F, 1.0F}};  // each sure, of the opposite
        pool.predictions[1].samples = {{0.5F, 0.5F}, {0.5F, 0.5F}};  // all equally unsure
        pool.predictions[2].samples = {{0.75F, 0.25F}, {0.25F, 0.75F}};
        const Selection selection = run("bald", pool.input(), 3);
        QCOMPARE(itemsOf(selection, pool), (std::vector<std::int64_t>{1001, 1003, 1002}));
        QVERIFY(std::abs(selection.picks[0].score - std::log(2.0)) < 1e-9);
        QVERIFY(std::abs(selection.picks[1].score - (std::log(2.0) - slowEntropy({0.75, 0.25}, false))) < 1e-9);
        QCOMPARE(selection.picks[2].score, 0.0);
        QCOMPARE(selection.picks[2].reasons[1].name, std::string("entropy"));
        QVERIFY(std::abs(selection.picks[2].reasons[1].value - std::log(2.0)) < 1e-9);
    }

    void baldAgreesWithTheReference_data() {
        QTest::addColumn<bool>("multiLabel");
        QTest::newRow("one class") << false;
        QTest::newRow("several classes") << true;
    }
    void baldAgreesWithTheReference() {
        QFETCH(bool, multiLabel);
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const Pool pool = randomClassPool(120, 0, seed, 4, 7);
            SelectionInput input = pool.input();
            input.multiLabel = multiLabel;
            std::vector<double> expected;
            for (const ItemPrediction& item : pool.predictions)
                expected.push_back(slowDisagreement(item, multiLabel));
            const Selection selection = run("bald", input, 30, seed);
            for (const Pick& pick : selection.picks)
                QVERIFY(std::abs(pick.score - expected[pick.index]) < 1e-5);
            std::sort(expected.begin(), expected.end(), std::greater<>());
            for (std::size_t i = 0; i < 30; ++i)
                QVERIFY(std::abs(selection.picks[i].score - expected[i]) < 1e-5);
        }
    }

    void deepFoolTakesTheNearestToABorder() {
        const Pool pool = randomClassPool(200, 0, 3);
        std::vector<double> distances;
        for (const ItemPrediction& item : pool.predictions)
            distances.push_back(item.toBorder);
        std::sort(distances.begin(), distances.end());
        const Selection selection = run("deepfool", pool.input(), 25);
        for (std::size_t i = 0; i < 25; ++i) {
            const Pick& pick = selection.picks[i];
            QCOMPARE(pick.reasons[1].value, distances[i]);
            QCOMPARE(pick.score, 1.0 / (1.0 + distances[i]));
            QCOMPARE(pick.reasons[0].value, pick.score);
        }
    }

    // Half of what is doubtful cannot be learnt: there all networks are equally unsure.
    void baldBeatsRandomAndEntropyWhereNoiseIsDoubtful() {
        const std::size_t size = 300;
        const auto learnable = [](std::size_t item) { return item % 10 == 0; };
        const auto hopeless = [](std::size_t item) { return item % 10 == 1; };
        double bald = 0, random = 0, entropy = 0;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            Pool pool = randomClassPool(size, 0, seed, 4, 2);
            Rng rng(seed, "noise");
            for (std::size_t i = 0; i < size; ++i) {
                ItemPrediction& item = pool.predictions[i];
                float mean = 0.0F;
                for (auto& sample : item.samples) {
                    const double sure = rng.chance(0.5) ? 0.9 : 0.1;
                    const double noisy = rng.uniform(0.47, 0.53);
                    const double p = learnable(i) ? sure : hopeless(i) ? noisy : rng.uniform(0.9, 0.99);
                    sample = {static_cast<float>(p), static_cast<float>(1.0 - p)};
                    mean += sample[0] / 10.0F;
                }
                item.probabilities = {mean, 1.0F - mean};
            }
            const auto found = [&](const char* strategy) {
                const Selection selection = run(strategy, pool.input(), 20, seed);
                return static_cast<double>(std::count_if(selection.picks.begin(), selection.picks.end(),
                                                         [&](const Pick& pick) { return learnable(pick.index); }));
            };
            bald += found("bald") / 10;
            random += found("random") / 10;
            entropy += found("entropy") / 10;
        }
        QVERIFY2(bald > 19.0 && random < 4.0 && entropy < 12.0,
                 qPrintable(QString("%1 %2 %3").arg(bald).arg(random).arg(entropy)));
    }

    // One number decides the class; the learner knows between which two answers the border lies.
    void deepFoolBeatsRandomOnALine() {
        const double border = 0.6180339;
        const auto remainingError = [border](const char* strategy, std::uint64_t seed) {
            Rng rng(seed, "line");
            Pool pool = randomClassPool(200, 0, seed, 1, 2);
            double low = 0.0, high = 1.0;
            for (float& x : pool.features.values)
                x = static_cast<float>(rng.uniform());
            for (std::uint64_t round = 0; round < 6; ++round) {
                for (std::size_t i = 0; i < 200; ++i)
                    pool.predictions[i].toBorder =
                        std::abs(static_cast<double>(pool.features.at(i, 0)) - 0.5 * (low + high));
                const std::size_t asked =
                    run(strategy, pool.input(), 1, deriveSeed(seed, "round") + round).picks[0].index;
                const auto x = static_cast<double>(pool.features.at(asked, 0));
                (x < border ? low : high) = x < border ? std::max(low, x) : std::min(high, x);
            }
            return high - low;
        };
        double chosen = 0, random = 0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            chosen += remainingError("deepfool", seed);
            random += remainingError("random", seed);
        }
        QVERIFY2(chosen < 0.2 * random, qPrintable(QString("%1 %2").arg(chosen).arg(random)));
    }

    void whatWasNotAskedIsNamed() {
        Pool pool = randomClassPool(4, 0, 1);
        pool.predictions[2].samples.clear();
        QCOMPARE(attempt("bald", pool.input()).error().sentence,
                 std::string("Item 1003 was not predicted with features dropped at random."));
        pool = randomClassPool(4, 0, 1);
        pool.predictions[1].samples[3].pop_back();
        QCOMPARE(attempt("bald", pool.input()).error().code, ErrorCode::InvalidArgument);
        pool.predictions[3].toBorder = -1.0;
        QCOMPARE(attempt("deepfool", pool.input()).error().sentence,
                 std::string("It is not known how far item 1004 is from another answer."));
    }

    void numbersThatAreNoneAreSetAside() {
        Pool pool = randomClassPool(6, 0, 1);
        pool.predictions[1].samples[9][0] = static_cast<float>(kNan);
        pool.predictions[2].toBorder = kNan;
        pool.predictions[4].probabilities[0] = static_cast<float>(kNan);
        for (const auto& [name, first] : {std::pair{"bald", 1U}, std::pair{"deepfool", 2U}}) {
            const Selection selection = run(name, pool.input(), 6);
            QCOMPARE(selection.picks.size(), 4U);
            QCOMPARE(selection.leftOut.size(), 2U);
            QCOMPARE(selection.leftOut[0].item, pool.predictions[first].item);
            QCOMPARE(selection.leftOut[1].sentence,
                     std::string("Item 1005 was predicted with a score that is not a number."));
        }
    }

    void oneClassIsOrderedByChance() {
        Pool pool = randomClassPool(10, 0, 1, 4, 1);
        for (ItemPrediction& item : pool.predictions)
            item.toBorder = -1.0;  // there is no other answer
        for (const char* name : {"bald", "deepfool"}) {
            const Selection one = run(name, pool.input(), 10, 1);
            const Selection two = run(name, pool.input(), 10, 2);
            QCOMPARE(one.picks.size(), 10U);
            for (const Pick& pick : one.picks)
                QCOMPARE(pick.score, 0.0);
            QVERIFY(itemsOf(one, pool) != itemsOf(two, pool));
        }
    }
};

QTEST_GUILESS_MAIN(TestClassScores)
#include "tst_class_scores.moc"
