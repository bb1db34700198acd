// What a policy sees of the pool and of the round.
#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/policy/evidence.h"
#include "engine/select/policy/item_terms.h"
#include "engine/select/rlmba/candidate_features.h"
#include "tests/engine/select/numbers.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <numeric>

using namespace querent;
using namespace querent::select;
using namespace querent::select::boxes;
using namespace querent::select::policy;
using namespace querent::select::rlmba;

namespace {

/** A pool with `modalities` heads; every fifth item lacks the last modality when there are several. */
struct ModalPool {
    std::vector<ItemPrediction> predictions;
    Matrix features;
    Matrix labelled;
    std::vector<std::int64_t> answers = {9, 0, 3, 1};
    std::vector<double> weights;

    ModalPool(std::size_t size, std::size_t modalities, std::uint64_t seed)
        : weights(modalities, 1.0 / static_cast<double>(modalities)) {
        Rng rng(seed, "modal pool");
        for (std::size_t i = 0; i < size; ++i) {
            ItemPrediction prediction;
            prediction.item = static_cast<std::int64_t>(101 + i);
            for (std::size_t m = 0; m < modalities; ++m) {
                const bool missing = m > 0 && m + 1 == modalities && i % 5 == 0;
                prediction.evidence.push_back(missing ? std::vector<float>() : randomAlpha(rng));
            }
            prediction.probabilities = randomAlpha(rng);
            const float sum = std::accumulate(prediction.probabilities.begin(), prediction.probabilities.end(), 0.0F);
            for (float& p : prediction.probabilities)
                p /= sum;
            predictions.push_back(std::move(prediction));
        }
        features = randomMatrix(size, 12, rng);
        labelled = randomMatrix(6, 12, rng);
    }

    static std::vector<float> randomAlpha(Rng& rng) {
        std::vector<float> alpha(4);
        for (float& value : alpha)
            value = static_cast<float>(1.0 + 9.0 * rng.uniform() * rng.uniform());
        return alpha;
    }
    CandidateInput input() const {
        return {TaskKind::Classify, predictions, &features, &labelled, answers, weights, false};
    }
};

CandidateFeatures featuresOf(const CandidateInput& input) {
    return candidateFeatures(input, 1, Job()).value();
}

/** Items by a column, smallest first. */
std::vector<std::size_t> byColumn(const Matrix& values, std::size_t column) {
    std::vector<std::size_t> rows(values.rows);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return values.at(a, column) < values.at(b, column); });
    return rows;
}

std::size_t columnOf(std::string_view name) {
    return static_cast<std::size_t>(std::find(kCandidateFeatures.begin(), kCandidateFeatures.end(), name) -
                                    kCandidateFeatures.begin());
}

Detection boxOf(std::vector<float> classes) {
    const auto best = std::max_element(classes.begin(), classes.end());
    return {{0, 0, 9, 9}, static_cast<int>(best - classes.begin()), static_cast<double>(*best), classes};
}

}  // namespace

class TestCandidateFeatures : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void ranksByHand() {
        QCOMPARE(rankNormalised(std::vector<double>{5.0, -1.0, 7.0}), (std::vector<double>{0.5, 0.0, 1.0}));
        QCOMPARE(rankNormalised(std::vector<double>{2.0, 2.0, 1.0, 9.0, 9.0}),
                 (std::vector<double>{0.375, 0.375, 0.0, 0.875, 0.875}));
        QCOMPARE(rankNormalised(std::vector<double>{4.0}), (std::vector<double>{0.5}));
        const double far = std::numeric_limits<double>::infinity();
        QCOMPARE(rankNormalised(std::vector<double>{far, far}), (std::vector<double>{0.5, 0.5}));
        QVERIFY(rankNormalised({}).empty());
    }

    void anyNumberOfModalities_data() {
        QTest::addColumn<std::size_t>("modalities");
        for (const std::size_t m : {1U, 2U, 3U, 5U})
            QTest::addRow("%zu", m) << m;
    }
    void anyNumberOfModalities() {
        QFETCH(std::size_t, modalities);
        const ModalPool pool(40, modalities, 2);
        const CandidateFeatures found = featuresOf(pool.input());
        QCOMPARE(found.rows.size(), std::size_t{40});
        QVERIFY(found.leftOut.empty());
        QCOMPARE(found.values.cols, kCandidateFeatures.size());
        QCOMPARE(found.uncertainties.size(), modalities);
        for (const float value : found.values.values)
            QVERIFY(value >= 0.0F && value <= 1.0F);
        for (std::size_t i = 0; i < 40; ++i) {
            const std::vector<float>& alpha = pool.predictions[i].evidence[0];
            const double u = scaledUncertainty(std::vector<double>(alpha.begin(), alpha.end()));
            QVERIFY(near(found.uncertainties[0][i], u));
            QCOMPARE(std::isnan(found.uncertainties.back()[i]), modalities > 1 && i % 5 == 0);
        }
    }

    void theOrderOfThePoolDoesNotMatter() {
        const ModalPool pool(1100, 2, 3);  // more than the sample of the pool
        std::vector<std::size_t> order(1100);
        std::iota(order.begin(), order.end(), std::size_t{0});
        Rng rng(4);
        rng.shuffle(order);
        ModalPool other = pool;
        for (std::size_t i = 0; i < order.size(); ++i) {
            other.predictions[i] = pool.predictions[order[i]];
            std::copy_n(pool.features.row(order[i]).begin(), 12, other.features.row(i).begin());
        }
        const CandidateFeatures a = featuresOf(pool.input());
        const CandidateFeatures b = featuresOf(other.input());
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto rowA = a.values.row(order[i]);
            const auto rowB = b.values.row(i);
            QVERIFY(std::equal(rowA.begin(), rowA.end(), rowB.begin()));
        }
    }

    void distancesAgreeWithASlowReference() {
        const ModalPool pool(30, 1, 5);
        const std::vector<std::size_t> sample = {0, 4, 9, 13, 21, 22, 28};
        const auto found = neighbourDistances(pool.features, sample, 3, Job());
        for (std::size_t i = 0; i < 30; ++i) {
            std::vector<double> all;
            for (const std::size_t other : sample) {
                double square = 0.0;
                for (std::size_t d = 0; d < 12; ++d)
                    square += std::pow(
                        static_cast<double>(pool.features.at(i, d)) - static_cast<double>(pool.features.at(other, d)),
                        2.0);
                if (other != i) all.push_back(std::sqrt(square));
            }
            std::sort(all.begin(), all.end());
            QVERIFY(near((*found)[i], (all[0] + all[1] + all[2]) / 3.0, 1e-5));
        }
        const Matrix one(1, 3);
        QCOMPARE(*neighbourDistances(one, std::vector<std::size_t>{0}, 8, Job()), std::vector<double>{0.0});
    }

    void theFarAndTheNearItem() {
        ModalPool pool(50, 1, 6);
        std::fill(pool.features.row(7).begin(), pool.features.row(7).end(), 50.0F);
        std::copy_n(pool.labelled.row(2).begin(), 12, pool.features.row(8).begin());
        const Matrix values = featuresOf(pool.input()).values;
        QCOMPARE(byColumn(values, columnOf("distance to labelled")).back(), std::size_t{7});
        QCOMPARE(byColumn(values, columnOf("distance to labelled")).front(), std::size_t{8});
        QCOMPARE(byColumn(values, columnOf("distance to pool")).back(), std::size_t{7});
    }

    void doubtAndRarityByHand() {
        ModalPool pool(3, 2, 7);
        pool.predictions[0].probabilities = {0.97F, 0.01F, 0.01F, 0.01F};  // sure of the most frequent class
        pool.predictions[1].probabilities = {0.01F, 0.97F, 0.01F, 0.01F};  // sure of the one without answers
        pool.predictions[2].probabilities = {0.25F, 0.25F, 0.25F, 0.25F};
        const Matrix values = featuresOf(pool.input()).values;
        QCOMPARE(byColumn(values, columnOf("joint entropy")).back(), std::size_t{2});
        QCOMPARE(byColumn(values, columnOf("joint margin")).back(), std::size_t{2});
        QCOMPARE(byColumn(values, columnOf("top probability")).front(), std::size_t{2});
        QCOMPARE(byColumn(values, columnOf("expected class rarity")), (std::vector<std::size_t>{0, 2, 1}));
        QCOMPARE(byColumn(values, columnOf("predicted class rarity")).back(), std::size_t{1});
    }

    void headsThatDisagree() {
        const std::vector<std::vector<float>> same = {{5, 1}, {5, 1}};
        const std::vector<std::vector<float>> opposite = {{1e6F, 1}, {1, 1e6F}};
        QVERIFY(near(disagreement(same, false), 0.0));
        QVERIFY(near(disagreement(opposite, false), std::log(2.0), 1e-4));
        QVERIFY(near(disagreement(std::vector<std::vector<float>>{{5, 1}, {}}, false), 0.0));
        QVERIFY(near(disagreement(std::vector<std::vector<float>>{{}}, false), 0.0));
        // Yes or no of each class: 1 in 2 against certainty, twice.
        const double mixed = disagreement(std::vector<std::vector<float>>{{1, 1}, {1e9F, 1e9F}}, true);
        const double each = -0.75 * std::log(0.75) - 0.25 * std::log(0.25) - 0.5 * std::log(2.0);
        QVERIFY(near(mixed, 2.0 * each, 1e-6));
    }

    void weightsDecideWhoIsHeard() {
        ItemPrediction prediction;
        prediction.probabilities = {0.5F, 0.5F};
        prediction.evidence = {{1, 1}, {100, 1}};
        const std::vector<std::int64_t> answers = {0, 0};
        const double sure = scaledUncertainty(std::vector<double>{100, 1});
        const ItemTerms terms = classTerms(prediction, std::vector<double>{0.2, 0.8}, answers, false);
        QVERIFY(near(terms.weightedUncertainty, 0.2 + 0.8 * sure));
        QVERIFY(near(terms.smallestUncertainty, sure));
        prediction.evidence[1].clear();
        const ItemTerms alone = classTerms(prediction, std::vector<double>{0.2, 0.8}, answers, false);
        QVERIFY(near(alone.weightedUncertainty, 1.0) && near(alone.smallestUncertainty, 1.0));
    }

    void everyColumnIsItsTerm() {
        const ModalPool pool(40, 3, 15);
        const Matrix values = featuresOf(pool.input()).values;
        const std::vector<std::pair<std::string_view, double ItemTerms::*>> terms = {
            {"joint entropy", &ItemTerms::entropy},
            {"joint margin", &ItemTerms::margin},
            {"weighted uncertainty", &ItemTerms::weightedUncertainty},
            {"smallest uncertainty", &ItemTerms::smallestUncertainty},
            {"expected class rarity", &ItemTerms::expectedRarity},
            {"predicted class rarity", &ItemTerms::predictedRarity},
            {"disagreement", &ItemTerms::disagreement},
            {"top probability", &ItemTerms::top},
        };
        for (const auto& [name, term] : terms) {
            std::vector<double> column;
            for (const ItemPrediction& prediction : pool.predictions)
                column.push_back(classTerms(prediction, pool.weights, pool.answers, false).*term);
            const std::vector<double> ranks = rankNormalised(column);
            for (std::size_t i = 0; i < ranks.size(); ++i)
                QCOMPARE(values.at(i, columnOf(name)), static_cast<float>(ranks[i]));
        }
    }

    void severalClassesAnItem() {
        ModalPool pool(20, 2, 8);
        CandidateInput input = pool.input();
        const CandidateFeatures single = featuresOf(input);
        input.multiLabel = true;
        const CandidateFeatures several = featuresOf(input);
        QVERIFY(single.values.values != several.values.values);
        const std::vector<float>& alpha = pool.predictions[3].evidence[0];
        QVERIFY(
            near(several.uncertainties[0][3], multiLabelUncertainty(std::vector<double>(alpha.begin(), alpha.end()))));
    }

    void boxesByHand() {
        const std::vector<std::int64_t> answers = {9, 0};
        const std::vector<Detection> boxes = {boxOf({0.8F, 0.1F}), boxOf({0.2F, 0.6F}), boxOf({0.01F, 0.02F})};
        const ItemTerms terms = boxTerms(boxes, answers);
        QVERIFY(near(terms.entropy, boxEntropy(boxes[0]) + boxEntropy(boxes[1])));
        QVERIFY(near(terms.margin, boxMargin(boxes[0]) + boxMargin(boxes[1])));
        QVERIFY(near(terms.expectedRarity, 0.08 + 0.1 + 0.02 + 0.6, 1e-6));
        QVERIFY(near(terms.predictedRarity, 0.6, 1e-6));
        QVERIFY(near(terms.top, 0.8, 1e-6));
        QCOMPARE(terms.uncertainties, std::vector<double>{pictureUncertainty(boxes).total});
        const ItemTerms empty = boxTerms({}, answers);
        QVERIFY(empty.entropy > 0.0 && empty.margin > 0.0 && empty.expectedRarity == 0.0 && empty.top == 0.0);
        const std::vector<Detection> scored = {{{0, 0, 9, 9}, 1, 0.5, {}}};
        QVERIFY(near(boxTerms(scored, answers).expectedRarity, 0.5));
    }

    void poolsOfBoxes() {
        const Pool pool = randomPool(60, 5, 9);
        const std::vector<std::int64_t> answers = {4, 0, 1};
        const std::vector<double> weight = {1.0};
        CandidateInput input{TaskKind::Detect, pool.predictions, &pool.features, &pool.labelled,
                             answers,          weight,           false};
        const CandidateFeatures found = featuresOf(input);
        QCOMPARE(found.rows.size(), std::size_t{60});
        for (std::size_t i = 0; i < 60; ++i)
            QCOMPARE(found.values.at(i, columnOf("disagreement")), 0.5F);
        const auto doubtful = byColumn(found.values, columnOf("weighted uncertainty"));
        QVERIFY(found.uncertainties[0][doubtful.back()] > found.uncertainties[0][doubtful.front()]);
        input.labelledPerClass = std::span(answers).first(1);
        QVERIFY(!candidateFeatures(input, 1, Job()).ok());
    }

    void allEqualIsInTheMiddle() {
        ModalPool pool(5, 1, 10);
        for (std::size_t i = 0; i < 5; ++i) {
            pool.predictions[i].probabilities = pool.predictions[0].probabilities;
            pool.predictions[i].evidence = pool.predictions[0].evidence;
        }
        std::fill(pool.features.values.begin(), pool.features.values.end(), 0.0F);
        pool.labelled = Matrix();
        const CandidateFeatures found = featuresOf(pool.input());
        QCOMPARE(found.values.values, std::vector<float>(50, 0.5F));
    }

    void oddItemsAreNamedAndSetAside() {
        ModalPool pool(6, 2, 11);
        pool.features.at(1, 3) = std::numeric_limits<float>::quiet_NaN();
        pool.predictions[2].probabilities[0] = std::numeric_limits<float>::infinity();
        pool.predictions[3].evidence = {{}, {}};
        pool.predictions[4].evidence[0][1] = 0.5F;
        const CandidateFeatures found = featuresOf(pool.input());
        QCOMPARE(found.rows, (std::vector<std::size_t>{0, 5}));
        QCOMPARE(found.values.rows, std::size_t{2});
        QCOMPARE(found.leftOut.size(), std::size_t{4});
        QCOMPARE(found.leftOut[0].sentence, std::string("Item 102 has a feature that is not a finite number."));
        QCOMPARE(found.leftOut[1].sentence, std::string("Item 103 was predicted with a number that is not finite."));
        QCOMPARE(found.leftOut[2].sentence, std::string("Item 104 has no evidence from any modality."));
        QCOMPARE(found.leftOut[3].sentence, std::string("Item 105 has evidence that is below 1 or not finite."));
    }

    void nothingButOddItems() {
        ModalPool pool(2, 1, 12);
        std::fill(pool.features.values.begin(), pool.features.values.end(), std::numeric_limits<float>::quiet_NaN());
        const CandidateFeatures found = featuresOf(pool.input());
        QVERIFY(found.rows.empty() && found.values.values.empty());
        QCOMPARE(found.leftOut.size(), std::size_t{2});
    }

    void shapesThatDoNotFitAreRefused() {
        const ModalPool pool(6, 2, 13);
        const Matrix narrow(6, 3);
        const std::vector<double> one = {1.0};
        std::vector<CandidateInput> wrong(5, pool.input());
        wrong[0].predictions = {};
        wrong[1].features = nullptr;
        wrong[2].labelledFeatures = &narrow;
        wrong[3].weights = one;
        wrong[4].labelledPerClass = std::span(pool.answers).first(2);
        for (const CandidateInput& input : wrong)
            QCOMPARE(candidateFeatures(input, 1, Job()).error().code, ErrorCode::InvalidArgument);
    }

    void stopsWhenAsked() {
        const ModalPool pool(6, 2, 14);
        std::stop_source source;
        source.request_stop();
        const auto found = candidateFeatures(pool.input(), 1, Job(source.get_token()));
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }

    void stateByHand() {
        const std::vector<std::int64_t> even = {5, 5};
        const std::vector<double> weights = {0.5, 0.5};
        const std::vector<double> state = policyState({10, 30, 0.6, 0.2, even, weights});
        QCOMPARE(state.size(), kRoundStates.size());
        QVERIFY(near(state[0], 0.25) && near(state[1], 0.6) && near(state[2], 0.2));
        QVERIFY(near(state[3], 1.0) && near(state[4], 1.0) && near(state[5], std::log(2.0) / 3.0));
        const std::vector<std::int64_t> oneSided = {8, 0};
        QVERIFY(near(policyState({8, 0, 0.0, 0.0, oneSided, weights})[3], 0.0));
        const std::vector<std::int64_t> none = {0, 0, 0};
        const std::vector<double> start = policyState({0, 0, 0.0, 0.0, none, weights});
        QVERIFY(near(start[0], 0.0) && near(start[3], 1.0));
    }
};

QTEST_GUILESS_MAIN(TestCandidateFeatures)
#include "tst_candidate_features.moc"
