// PPAL: its parts against slow references, and what it is made for.

#include "engine/select/boxes/class_difficulty.h"
#include "engine/select/boxes/ppal.h"
#include "engine/select/geometry/medoids.h"
#include "tests/engine/select/boxes.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::boxes;
using namespace querent::select::geometry;

namespace {

double slowOneWay(const std::vector<Detection>& a, const std::vector<Detection>& b) {
    double sum = 0.0;
    double weights = 0.0;
    for (const Detection& one : a) {
        double nearest = 2.0;
        for (const Detection& other : b) {
            if (other.label == one.label) nearest = std::min(nearest, 1.0 - slowCosine(one.features, other.features));
        }
        sum += one.score * nearest;
        weights += one.score;
    }
    return sum / weights;
}

}  // namespace

class TestPpal : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void qualityByHand() {
        std::vector<ItemPrediction> predictions(2);
        std::vector<ItemTruth> truth(2);
        truth[0].boxes = {{{0, 0, 10, 10}, 0}, {{20, 0, 30, 10}, 0}, {{0, 0, 10, 10}, 1}};
        truth[1].boxes = {{{0, 0, 10, 10}, 1}, {{50, 50, 60, 60}, 2, false, true}};
        const auto at = [](Box box, int label, float p) {
            Detection found = boxOf(label, {0.0F, 0.0F, 0.0F});
            found.box = box;
            found.classes[std::size_t(label)] = p;
            found.score = double(p);
            return found;
        };
        // The second one of class 0 comes too late for its box; the third overlaps too little.
        predictions[0].boxes = {at({0, 0, 10, 8}, 0, 0.9F), at({0, 0, 10, 10}, 0, 0.6F), at({24, 0, 34, 10}, 0, 0.5F)};
        predictions[1].boxes = {at({0, 0, 10, 10}, 1, 0.5F), at({50, 50, 60, 60}, 2, 0.5F)};
        const std::vector<double> quality = classQuality({predictions, truth}, 3);
        QVERIFY(std::abs(quality[0] - 0.5 * std::pow(0.9, 0.6) * std::pow(0.8, 0.4)) < 1e-6);
        QVERIFY(std::abs(quality[1] - 0.5 * std::pow(0.5, 0.6)) < 1e-6);
        QCOMPARE(quality[2], 0.0);
        QVERIFY(std::abs(difficultyWeight(0.0) - 1.2) < 1e-12);
        QVERIFY(std::abs(difficultyWeight(1.0) - 1.0) < 1e-12);
        QVERIFY(difficultyWeight(0.3) > difficultyWeight(0.9));
    }

    void distancesAgreeWithASlowReference() {
        const Pool pool = randomPool(40, 0, 12);
        std::vector<const ItemPrediction*> pictures;
        for (const ItemPrediction& prediction : pool.predictions)
            pictures.push_back(&prediction);
        const Matrix found = *classwiseDistances(pictures, Job());
        bool empty = false;
        for (std::size_t i = 0; i < 40; ++i) {
            QCOMPARE(found.at(i, i), 0.0F);
            for (std::size_t j = 0; j < i; ++j) {
                const auto a = visible(pool.predictions[i]);
                const auto b = visible(pool.predictions[j]);
                empty = empty || a.empty() || b.empty();
                double expected = a.empty() == b.empty() ? 0.0 : 2.0;
                if (!a.empty() && !b.empty()) expected = 0.5 * (slowOneWay(a, b) + slowOneWay(b, a));
                QVERIFY(std::abs(double(found.at(i, j)) - expected) < 1e-5);
                QCOMPARE(found.at(i, j), found.at(j, i));
            }
        }
        QVERIFY(empty);
    }

    void medoidsStandForTheirClusters() {
        Rng rng(9);
        std::vector<double> places;
        for (int i = 0; i < 60; ++i)
            places.push_back(10.0 * (i % 3) + rng.normal());
        Matrix distances(60, 60);
        for (std::size_t i = 0; i < 60; ++i) {
            for (std::size_t j = 0; j < 60; ++j)
                distances.at(i, j) = static_cast<float>(std::abs(places[i] - places[j]));
        }
        const Medoids found = *kMedoids(distances, 3, Job());
        std::set<std::size_t> clusters;
        for (std::size_t c = 0; c < 3; ++c) {
            clusters.insert(found.centres[c] % 3);
            QCOMPARE(found.sizes[c], std::size_t{20});
            // The middle of twenty on a line.
            std::vector<double> members;
            for (std::size_t i = found.centres[c] % 3; i < 60; i += 3)
                members.push_back(places[i]);
            std::sort(members.begin(), members.end());
            QVERIFY(places[found.centres[c]] == members[9] || places[found.centres[c]] == members[10]);
        }
        QCOMPARE(clusters.size(), std::size_t{3});
        const Medoids all = *kMedoids(Matrix(5, 5), 5, Job());
        QCOMPARE(std::set<std::size_t>(all.centres.begin(), all.centres.end()).size(), std::size_t{5});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!kMedoids(distances, 3, Job(stop.get_token())));
    }

    // Of the most doubtful ones, one of each look; entropy alone takes what comes.
    void ppalSpreadsOverLooks() {
        const Pool pool = looks(5, 4, 3);
        const auto covered = [&](const std::string& strategy) {
            std::set<std::size_t> seen;
            for (const Pick& pick : run(strategy, pool.input(), 5).picks)
                seen.insert(pick.index % 5);
            return seen.size();
        };
        QCOMPARE(covered("ppal"), std::size_t{5});
        QVERIFY(covered("entropy") < 5);
        double represented = 0.0;
        for (const Pick& pick : run("ppal", pool.input(), 5).picks)
            represented += pick.reasons[2].value;
        QCOMPARE(represented, 20.0);
    }

    void ppalAsksAboutHardClasses() {
        std::vector<std::vector<Detection>> pictures;
        for (int i = 0; i < 20; ++i)
            pictures.push_back({boxOf(i % 2, {0.5F, 0.5F}, {1.0F, 0.0F})});
        const Pool pool = poolOf(pictures, 2);
        std::vector<ItemPrediction> predictions(1);
        std::vector<ItemTruth> truth(1);
        truth[0].boxes = {{{0, 0, 10, 10}, 0}, {{20, 20, 30, 30}, 1}};
        predictions[0].boxes = {boxOf(0, {1.0F, 0.0F})};
        SelectionInput input = pool.input();
        input.labelled = {predictions, truth};
        for (const Pick& pick : run("ppal", input, 2).picks)
            QCOMPARE(pick.index % 2, std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestPpal)
#include "tst_ppal.moc"
