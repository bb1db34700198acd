// What BRAL-T is made of: terms of classes and boxes, clusters and batches, practice tasks, the turns of classes.

#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/bralt/episodes.h"
#include "engine/select/bralt/take_turns.h"
#include "engine/select/geometry/lloyd.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::bralt;
using namespace querent::select::boxes;
using namespace querent::select::geometry;
using namespace querent::select::policy;

namespace {

Judgement judgementFor(int classes, bool yesOrNo) {
    Judgement judgement{yesOrNo ? TaskKind::Detect : TaskKind::Classify, false, classes, {}, {}};
    judgement.labelledPerClass.assign(static_cast<std::size_t>(classes), 0);
    judgement.curriculum.tau = knowNothingLoss(classes, yesOrNo);
    return judgement;
}

ItemPrediction picture(std::vector<Detection> boxes) {
    ItemPrediction prediction;
    prediction.boxes = std::move(boxes);
    return prediction;
}

Detection boxOf(double x, float first, float second) {
    return {{x, 0, x + 10, 10}, first >= second ? 0 : 1, static_cast<double>(std::max(first, second)), {first, second}};
}

ItemTruth truthOf(std::vector<TrueBox> boxes) {
    ItemTruth truth;
    truth.boxes = std::move(boxes);
    return truth;
}

/** Examples around three corners, 60, 30 and 10 of each. */
Examples corners() {
    Rng rng(3);
    Examples examples;
    examples.places = Matrix(100, kPlaceWidth);
    for (std::size_t i = 0; i < 100; ++i) {
        const int group = i < 60 ? 0 : i < 90 ? 1 : 2;
        examples.ids.emplace_back(static_cast<std::int64_t>(i) + 1);
        examples.groups.push_back(group);
        examples.scores.push_back(rng.uniform());
        examples.terms.push_back({rng.uniform(), rng.uniform(), rng.uniform(), group});
        for (std::size_t d = 0; d < kPlaceWidth; ++d)
            examples.places.at(i, d) = static_cast<float>(0.1 * rng.normal());
        examples.places.at(i, static_cast<std::size_t>(group)) += 3.0F;
    }
    return examples;
}

std::vector<std::size_t> allRows(const Items& items) {
    std::vector<std::size_t> rows(items.count());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

std::vector<Cluster> clustersFor(const Examples& examples, const GroupMeans& labelled) {
    return clustersOf(examples, allRows(examples), labelled, 1, Job()).value();
}

PartOrder inOrder(const std::vector<Cluster>& clusters) {
    PartOrder order;
    for (const Cluster& cluster : clusters) {
        order.emplace_back(cluster.parts.size());
        std::iota(order.back().begin(), order.back().end(), std::size_t{0});
    }
    return order;
}

std::map<int, int> groupsIn(const Examples& examples, const std::vector<std::size_t>& rows) {
    std::map<int, int> counts;
    for (const std::size_t row : rows)
        ++counts[examples.groups[row]];
    return counts;
}

}  // namespace

class TestBraltParts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void groupsAreTheRarestClass() {
        Judgement judgement = judgementFor(3, false);
        judgement.labelledPerClass = {9, 2, 2};
        QCOMPARE(judgement.groupOf(std::vector<int>{0, 2, 1}), 1);
        QCOMPARE(judgement.groupOf(std::vector<int>{0}), 0);
        QCOMPARE(judgement.groupOf({}), 3);
    }

    void certainAndRightScoresNothing() {
        const Judgement judgement = judgementFor(2, false);
        ItemPrediction sure, torn;
        sure.probabilities = {1.0F, 0.0F};
        torn.probabilities = {0.5F, 0.5F};
        QCOMPARE(termsOfClasses(sure, 1.0, judgement).expected, 0.0);
        QVERIFY(termsOfClasses(torn, 1.0, judgement).expected > 0.5);
        QVERIFY(termsOfClasses(torn, 2.0, judgement).expected > termsOfClasses(torn, 1.0, judgement).expected);
        ItemTruth first;
        first.labels = {0};
        QCOMPARE(markClasses(sure, first, 1.0, judgement).score, 0.0);
        // p = y is one half, a loss of ln 2 = tau: the weight is 1, the residual 1 / sqrt 2.
        QVERIFY(std::abs(markClasses(torn, first, 0.0, judgement).score - std::sqrt(0.5)) < 1e-12);
    }

    void boxesAreJudgedByWhatIsTrue() {
        const Judgement judgement = judgementFor(2, true);
        const ItemTruth one = truthOf({{{0, 0, 10, 10}, 0}});
        const auto scoreOf = [&](std::vector<Detection> boxes, const ItemTruth& truth) {
            return markBoxes(picture(std::move(boxes)), truth, 0.0, judgement).score;
        };
        QCOMPARE(scoreOf({boxOf(0, 1.0F, 0.0F)}, one), 0.0);
        QCOMPARE(scoreOf({}, truthOf({})), 0.0);
        // A residual of one half in one answer, a loss of ln 2 = tau.
        QVERIFY(std::abs(scoreOf({boxOf(0, 0.5F, 0.0F)}, one) - 0.5) < 1e-12);
        QVERIFY(std::abs(scoreOf({boxOf(50, 0.5F, 0.0F)}, truthOf({})) - 0.5) < 1e-12);
        QVERIFY(scoreOf({boxOf(0, 0.5F, 0.0F)}, one) < scoreOf({boxOf(0, 0.5F, 0.5F)}, one));
        QVERIFY(scoreOf({}, one) > 0.0);  // missed
        // Below the floor it is background.
        const auto faint = static_cast<float>(0.9 * kScoreFloor);
        QCOMPARE(scoreOf({boxOf(50, faint, 0.0F)}, truthOf({})), 0.0);
        // A crowd is neither missed nor found, and one true box has one partner.
        QCOMPARE(scoreOf({}, truthOf({{{0, 0, 10, 10}, 0, false, true}})), 0.0);
        QVERIFY(scoreOf({boxOf(0, 1.0F, 0.0F), boxOf(1, 0.9F, 0.0F)}, one) > 0.1);
    }

    void boxesAreExpectedToBeWhatTheySay() {
        const Judgement judgement = judgementFor(2, true);
        const auto termsOf = [&](std::vector<Detection> boxes) {
            return termsOfBoxes(picture(std::move(boxes)), 0.0, judgement);
        };
        QVERIFY(termsOf({boxOf(0, 1.0F, 0.0F)}).expected < 1e-6);
        QVERIFY(std::abs(termsOf({boxOf(0, 0.5F, 0.0F)}).expected - 0.5) < 1e-6);
        QVERIFY(termsOf({boxOf(0, 0.5F, 0.0F), boxOf(30, 0.5F, 0.0F)}).expected > 0.6);
        QCOMPARE(termsOf({boxOf(0, 0.2F, 0.9F)}).predicted, 1);
        QCOMPARE(termsOf({boxOf(0, 0.2F, 0.1F)}).predicted, 2);
        QCOMPARE(termsOf({}).predicted, 2);
        QCOMPARE(termsOf({}).expected, 0.0);
    }

    void centroidsOfEqualRowsAreFew() {
        Rng rng(1);
        Matrix points(6, 2);
        points.at(5, 0) = 4.0F;
        QCOMPARE(seedCentroids(points, {}, 4, rng, Job())->rows, 2U);
        Matrix centroids(2, 2);
        centroids.at(1, 0) = 3.0F;
        QVERIFY(moveCentroids(points, centroids, 5, Job()));
        QCOMPARE(centroids.at(1, 0), 4.0F);
        QCOMPARE(nearestCentroids(points, centroids, Job()).value(), (std::vector<std::size_t>{0, 0, 0, 0, 0, 1}));
    }

    void clustersAreTheGroupsAndPartsGoOutwards() {
        const Examples examples = corners();
        const auto clusters = clustersFor(examples, meansOf(examples, std::vector<std::size_t>{0, 61, 95}, 4));
        QCOMPARE(clusters.size(), 3U);
        std::set<std::size_t> seen;
        for (const Cluster& cluster : clusters) {
            QVERIFY(!cluster.parts.empty() && cluster.parts.size() <= kParts);
            for (const auto& part : cluster.parts) {
                const Matrix points = rowsOf(examples.places, part);
                double before = 0.0;
                for (std::size_t i = 0; i < part.size(); ++i) {
                    QCOMPARE(examples.groups[part[i]], cluster.group);
                    QVERIFY(seen.insert(part[i]).second);
                    double squared = 0.0;
                    for (std::size_t d = 0; d < points.cols; ++d) {
                        double mean = 0.0;
                        for (std::size_t j = 0; j < points.rows; ++j)
                            mean += static_cast<double>(points.at(j, d)) / static_cast<double>(points.rows);
                        squared += std::pow(static_cast<double>(points.at(i, d)) - mean, 2);
                    }
                    // Where five iterations have not settled, a centroid is a little beside the mean.
                    QVERIFY(squared > 0.5 * before - 1e-5);
                    before = std::max(before, squared);
                }
            }
        }
        QCOMPARE(seen.size(), 100U);
    }

    void groupsNobodyHasLabelledAreFound() {
        const Examples examples = corners();
        const auto clusters = clustersFor(examples, meansOf(examples, std::vector<std::size_t>{0, 61}, 4));
        QCOMPARE(clusters.size(), 3U);
        QCOMPARE(clusters[2].group, -1);
        QVERIFY(groupsIn(examples, clusters[2].parts[0]).contains(2));
    }

    void batchesShareAndMakeUpForSmallClusters() {
        const Examples examples = corners();
        const GroupMeans labelled = meansOf(examples, std::vector<std::size_t>{0, 1, 61, 95, 96, 97}, 4);
        const auto clusters = clustersFor(examples, labelled);
        const auto sharesOf = [&](std::size_t count) {
            const auto batch = fillBatch(clusters, inOrder(clusters), labelled, count);
            auto counts = groupsIn(examples, batch);
            return std::vector<int>{counts[0], counts[1], counts[2]};
        };
        QCOMPARE(sharesOf(9), (std::vector<int>{3, 3, 3}));
        QCOMPARE(sharesOf(1), (std::vector<int>{0, 1, 0}));  // group 1 is labelled least
        QCOMPARE(sharesOf(5), (std::vector<int>{2, 2, 1}));
        QCOMPARE(sharesOf(51), (std::vector<int>{20, 21, 10}));  // group 2 has 10
        QCOMPARE(sharesOf(1000), (std::vector<int>{60, 30, 10}));
        // The first part before the second.
        const auto batch = fillBatch(clusters, {{1, 0, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}}, labelled, 3);
        QCOMPARE(batch[0], clusters[0].parts[1][0]);
    }

    void practiceTasksAreDivided() {
        const Examples examples = corners();
        Rng rng(5);
        for (int i = 0; i < 50; ++i) {
            const PracticePool task = drawPractice(examples, {20, 1000, 4}, rng);
            QCOMPARE(task.known.size() + task.hidden.size(), 100U);
            QVERIFY(task.known.size() >= 24 && task.known.size() <= 27);
            std::set<std::size_t> all(task.known.begin(), task.known.end());
            all.insert(task.hidden.begin(), task.hidden.end());
            QCOMPARE(all.size(), 100U);
            QCOMPARE(task.batch, 3U);  // 75 * 20 / 1000 is 2, but there are three groups
            QCOMPARE(groupsIn(examples, task.target), (std::map<int, int>{{0, 1}, {1, 1}, {2, 1}}));
            const std::set<std::size_t> hidden(task.hidden.begin(), task.hidden.end());
            for (const std::size_t row : task.target)
                QVERIFY(hidden.contains(row));
        }
        QCOMPARE(drawPractice(examples, {900, 1000, 4}, rng).batch, drawPractice(examples, {999, 1000, 4}, rng).batch);
        const PracticePool few = drawPractice(examples, {20, 1000, 4, 40}, rng);
        QVERIFY(few.known.size() + few.hidden.size() <= 42);
    }

    void turnsAreFairAndLongerOnesBeginWithShorterOnes() {
        const Examples examples = corners();
        const std::vector<std::int64_t> labelled{50, 5, 1, 0};
        const auto batch = takeTurns(examples, labelled, 30, 1, Job()).value();
        for (std::size_t i = 0; i < 30; ++i)
            QCOMPARE(examples.groups[batch[i]], (std::vector<int>{2, 1, 0})[i % 3]);
        auto longer = takeTurns(examples, labelled, 1000, 1, Job()).value();
        QCOMPARE(longer.size(), 100U);
        longer.resize(30);
        QCOMPARE(longer, batch);
        // The first of a group is the one that is expected to teach most, before anything has been taken.
        for (std::size_t i = 90; i < 100; ++i)
            QVERIFY(examples.terms[i].expected <= examples.terms[batch[0]].expected);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!takeTurns(examples, labelled, 30, 1, Job(stop.get_token())));
    }
};

QTEST_GUILESS_MAIN(TestBraltParts)
#include "tst_bralt_parts.moc"
