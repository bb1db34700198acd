// CDAL and EBAL: their parts against slow references, and what they are made for; what strategies for boxes check.

#include "engine/select/boxes/box_features.h"
#include "engine/select/boxes/cdal.h"
#include "engine/select/boxes/ebal.h"
#include "engine/select/geometry/rows.h"
#include "tests/engine/select/boxes.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::boxes;

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double divergence(const std::vector<double>& a, const std::vector<double>& b) {
    double ab = 0.0;
    double ba = 0.0;
    for (std::size_t c = 0; c < a.size(); ++c) {
        ab += a[c] * std::log(a[c] / b[c]);
        ba += b[c] * std::log(b[c] / a[c]);
    }
    return 0.5 * (ab + ba);
}

double entropyOf(double p) {
    return -p * std::log(p) - (1.0 - p) * std::log(1.0 - p);
}

/** ENMS as it is written: find the most doubtful, add it, delete its likes, again. */
double slowDoubt(const ItemPrediction& picture, std::size_t& kept) {
    std::vector<Detection> left = visible(picture);
    kept = 0;
    double doubt = left.empty() ? entropyOf(0.05) : 0.0;
    while (!left.empty()) {
        const auto doubtOf = [](const Detection& box) {
            return entropyOf(double(box.classes[std::size_t(box.label)]));
        };
        const auto worst = std::max_element(
            left.begin(), left.end(), [&](const Detection& a, const Detection& b) { return doubtOf(a) < doubtOf(b); });
        const Detection box = *worst;
        doubt += doubtOf(box);
        ++kept;
        left.erase(worst);
        std::erase_if(left, [&](const Detection& other) {
            return other.label == box.label && slowCosine(other.features, box.features) > 0.5;
        });
    }
    return doubt;
}

}  // namespace

class TestBoxStrategies : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void contextsByHand() {
        // Two boxes: (.2, .3, none .7) and (.9, .1, none .1), weighted by their entropies.
        const std::vector<std::vector<double>> boxes = {{.2 / 1.2, .3 / 1.2, .7 / 1.2}, {.9 / 1.1, .1 / 1.1, .1 / 1.1}};
        std::vector<double> expected(3, 0.0);
        double weights = 0.0;
        for (const auto& p : boxes) {
            double entropy = 0.0;
            for (const double value : p)
                entropy -= value * std::log(value);
            for (std::size_t c = 0; c < 3; ++c)
                expected[c] += entropy * p[c];
            weights += entropy;
        }
        ItemPrediction picture;
        picture.boxes = {boxOf(1, {.2F, .3F}), boxOf(0, {.9F, .1F}), boxOf(0, {.04F, .01F})};
        const std::vector<double> context = contextOf(picture, 2, false);
        QCOMPARE(context.size(), std::size_t{3});
        for (std::size_t c = 0; c < 3; ++c)
            QVERIFY(std::abs(context[c] - expected[c] / weights) < 1e-6);

        ItemPrediction answer;
        answer.probabilities = {0.25F, 0.75F};
        QVERIFY(std::abs(contextOf(answer, 2, false)[1] - 0.75) < 1e-5);
        QVERIFY(std::abs(contextOf(answer, 2, true)[1] - 0.75 / 1.25) < 1e-5);
        const std::vector<double> nothing = contextOf({}, 2, false);
        QVERIFY(nothing[2] > 0.9 && std::abs(nothing[0] - nothing[1]) < 1e-12 && nothing[0] > 0.0);
    }

    void cdalAgreesWithASlowReference() {
        for (const bool boxes : {true, false}) {
            const Pool pool = boxes ? randomPool(60, 0, 4) : randomClassPool(60, 0, 4);
            const Pool known = boxes ? randomPool(7, 0, 5) : randomClassPool(7, 0, 5);
            std::vector<ItemTruth> truth(7);
            SelectionInput input = pool.input();
            input.labelled = {known.predictions, truth};
            const Selection selection = run("cdal", input, 20);
            std::vector<std::vector<double>> centres;
            for (const ItemPrediction& labelled : known.predictions)
                centres.push_back(contextOf(labelled, 3, false));
            std::set<std::size_t> taken;
            for (const Pick& pick : selection.picks) {
                double best = -1.0;
                double chosen = -1.0;
                for (std::size_t i = 0; i < 60; ++i) {
                    double nearest = kInfinite;
                    for (const auto& centre : centres)
                        nearest = std::min(nearest, divergence(contextOf(pool.predictions[i], 3, false), centre));
                    if (!taken.contains(i)) best = std::max(best, nearest);
                    if (i == pick.index) chosen = nearest;
                }
                QVERIFY(std::abs(best - chosen) < 1e-4 && std::abs(pick.score - chosen) < 1e-4);
                taken.insert(pick.index);
                centres.push_back(contextOf(pool.predictions[pick.index], 3, false));
            }
        }
    }

    // Six kinds of confusion, one of them everywhere: six picks see all.
    void cdalFindsEveryKindOfConfusion() {
        Rng rng(3);
        std::vector<std::vector<Detection>> pictures;
        std::vector<int> kinds;
        const std::vector<std::pair<std::size_t, std::size_t>> pairs = {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}};
        for (int i = 0; i < 120; ++i) {
            const int kind = i < 110 ? 0 : 1 + i % 5;
            std::vector<float> scores(4, 0.02F);
            for (const std::size_t c : {pairs[std::size_t(kind)].first, pairs[std::size_t(kind)].second})
                scores[c] = static_cast<float>(rng.uniform(0.45, 0.55));
            pictures.push_back({boxOf(static_cast<int>(pairs[std::size_t(kind)].first), scores)});
            kinds.push_back(kind);
        }
        const Pool pool = poolOf(pictures, 4);
        const auto covered = [&](const std::string& strategy, std::uint64_t seed) {
            std::set<int> seen;
            for (const Pick& pick : run(strategy, pool.input(), 6, seed).picks)
                seen.insert(kinds[pick.index]);
            return seen.size();
        };
        double byChance = 0.0;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            QCOMPARE(covered("cdal", seed), std::size_t{6});
            byChance += static_cast<double>(covered("random", seed)) / 50.0;
        }
        QVERIFY(byChance < 3.0);
    }

    void suppressionAgreesWithASlowReference() {
        Rng rng(8);
        bool suppressed = false;
        for (int round = 0; round < 200; ++round) {
            ItemPrediction picture;
            picture.boxes = randomBoxes(2, rng);
            for (Detection& box : picture.boxes)
                box.features = {static_cast<float>(rng.normal()), static_cast<float>(rng.normal())};
            std::size_t kept = 0;
            const double expected = slowDoubt(picture, kept);
            const DoubtfulBoxes found = suppressRepeatedDoubts(picture, 0.5);
            QCOMPARE(found.kept.size(), kept);
            QVERIFY(std::abs(found.doubt - expected) < 1e-6);
            suppressed = suppressed || kept < visible(picture).size();
        }
        QVERIFY(suppressed);
    }

    void prototypesByHand() {
        ItemPrediction picture;
        picture.boxes = {boxOf(1, {.1F, .5F}, {3, 0}), boxOf(0, {.9F, .1F}, {1, 1}), boxOf(1, {.1F, .8F}, {0, 4})};
        const std::vector<Prototype> found = prototypesOf(picture, {0, 1, 2});
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].label, 0);
        QCOMPARE(found[1].label, 1);
        const double x = 3.0 * entropyOf(0.5);
        const double y = 4.0 * entropyOf(0.8);
        QVERIFY(std::abs(double(found[1].features[0]) - x / std::hypot(x, y)) < 1e-5);
        QVERIFY(std::abs(double(found[1].features[1]) - y / std::hypot(x, y)) < 1e-5);
    }

    // What repeats a picture that was taken waits until nothing else is left.
    void ebalPassesOverWhatRepeats() {
        const Pool pool = looks(4, 10, 2);
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const Selection selection = run("ebal", pool.input(), 6, seed);
            std::set<std::size_t> first;
            for (std::size_t i = 0; i < 4; ++i) {
                first.insert(selection.picks[i].index % 4);
                QVERIFY(selection.picks[i].reasons[2].value < 0.7);
            }
            QCOMPARE(first.size(), std::size_t{4});
            QVERIFY(selection.picks[4].reasons[2].value > 0.7);
            QVERIFY(selection.picks[4].score >= selection.picks[5].score);
        }
    }

    // Three quarters of the batch go to the classes with few answers, however doubtful the others are.
    void ebalAsksAboutRareClasses() {
        std::vector<std::vector<Detection>> pictures;
        Rng rng(6);
        for (int i = 0; i < 100; ++i) {
            const int label = i % 10 == 0 ? 2 + i / 10 % 2 : i % 2;
            std::vector<float> scores(4, 0.01F);
            scores[std::size_t(label)] = label < 2 ? 0.5F : 0.8F;
            std::vector<float> features;
            for (int d = 0; d < 30; ++d)
                features.push_back(static_cast<float>(rng.normal()));
            pictures.push_back({boxOf(label, scores, features)});
        }
        const Pool pool = poolOf(pictures, 4);
        SelectionInput input = pool.input();
        input.labelledPerClass = {90, 80, 4, 7};
        const auto rare = [&](const std::string& strategy) {
            const auto picks = run(strategy, input, 8).picks;
            return std::count_if(picks.begin(), picks.end(), [](const Pick& pick) { return pick.index % 10 == 0; });
        };
        QCOMPARE(rare("ebal"), 6);
        QCOMPARE(rare("entropy"), 0);
    }

    void whatIsNotFiniteIsSetAside_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"cdal", "ebal", "ppal", "learning-loss", "mi-aod"})
            QTest::newRow(name) << name;
    }
    void whatIsNotFiniteIsSetAside() {
        QFETCH(QString, name);
        Pool pool = randomPool(12, 0, 2);
        pool.predictions[3].boxes = {boxOf(0, {0.5F, 0.1F, 0.1F}, std::vector<float>(6, 0.5F))};
        pool.predictions[3].boxes[0].score = std::nan("");
        pool.predictions[3].expectedLoss = pool.predictions[3].discrepancy = std::nan("");
        pool.predictions[5] = pool.predictions[3];
        pool.predictions[5].boxes[0].score = 0.5;
        pool.predictions[5].boxes[0].classes[0] = std::nanf("");
        const Selection selection = run(name.toStdString(), pool.input(), 12);
        QCOMPARE(selection.leftOut.size(), std::size_t{2});
        QCOMPARE(selection.picks.size(), std::size_t{10});
        QVERIFY(selection.leftOut[0].item == 1004 && selection.leftOut[0].sentence.starts_with("Item 1004 "));
    }

    void boxesAreChecked() {
        Pool pool = randomPool(4, 0, 2);
        pool.predictions[1].boxes = {boxOf(0, {0.5F, 0.1F, 0.1F}, {1.0F})};
        pool.predictions[2].boxes = {boxOf(0, {0.5F, 0.1F, 0.1F}, {1.0F, 2.0F})};
        for (const char* name : {"ebal", "ppal"}) {
            const auto refused = makeStrategy(name).value()->select(pool.input(), 2, 1, Job());
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
            const Pool classes = randomClassPool(4, 0, 2);
            QCOMPARE(QString::fromStdString(
                         makeStrategy(name).value()->select(classes.input(), 2, 1, Job()).error().sentence),
                     QString("The strategy %1 is for boxes, not for classes.").arg(QLatin1String(name)));
        }
        pool.predictions[2].boxes[0].features = {3.0F};
        pool.predictions[2].boxes[0].label = 9;
        QVERIFY(!makeStrategy("ppal").value()->select(pool.input(), 2, 1, Job()).ok());
    }

    // Cosine and length of what has no features, or none but zeros.
    void boxesWithoutFeaturesAreLikeNoOther() {
        QCOMPARE(select::geometry::cosine({}, {}), 0.0);
        const std::vector<float> zero = select::geometry::unitVector(std::vector<float>(4, 0.0F));
        QCOMPARE(select::geometry::cosine(zero, zero), 0.0);
        ItemPrediction picture;
        picture.boxes = {boxOf(0, {0.5F}), boxOf(0, {0.4F})};
        QCOMPARE(suppressRepeatedDoubts(picture, 0.5).kept.size(), std::size_t{2});
    }

    void headsAreAskedInTheirOrder() {
        for (const bool boxes : {true, false}) {
            Pool pool = boxes ? randomPool(30, 0, 7) : randomClassPool(30, 0, 7);
            const auto picks = run("learning-loss", pool.input(), 30).picks;
            for (std::size_t i = 0; i < 30; ++i) {
                QCOMPARE(picks[i].score, pool.predictions[picks[i].index].expectedLoss);
                QVERIFY(i == 0 || picks[i - 1].score >= picks[i].score);
            }
            for (ItemPrediction& prediction : pool.predictions)
                prediction.expectedLoss = std::nan("");
            const auto refused = makeStrategy("learning-loss").value()->select(pool.input(), 3, 1, Job());
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
            QCOMPARE(QString::fromStdString(refused.error().sentence),
                     QString("The strategy learning-loss asks a head that expects losses, which this model does not "
                             "have: train a model first."));
        }
        Pool pool = randomPool(30, 0, 7);
        const auto picks = run("mi-aod", pool.input(), 10).picks;
        for (std::size_t i = 0; i < 10; ++i)
            QCOMPARE(picks[i].score, pool.predictions[picks[i].index].discrepancy);
        for (ItemPrediction& prediction : pool.predictions)
            prediction.discrepancy = -1.0;
        QVERIFY(!makeStrategy("mi-aod").value()->select(pool.input(), 3, 1, Job()).ok());
    }
};

QTEST_GUILESS_MAIN(TestBoxStrategies)
#include "tst_box_strategies.moc"
