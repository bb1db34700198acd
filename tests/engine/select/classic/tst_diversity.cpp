// Core set, k-means++ and TypiClust: against slow references, on clusters, and at size.

#include "engine/select/geometry/nearest_centres.h"
#include "tests/engine/select/pools.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::geometry;

namespace {

double distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += d * d;
    }
    return std::sqrt(sum);
}

/** The distance of every pool row to the nearest labelled or chosen one, from the start each time. */
double novelty(const Pool& pool, std::size_t row, const std::vector<std::size_t>& chosen) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < pool.labelled.rows; ++i) {
        nearest = std::min(nearest, distance(pool.features.row(row), pool.labelled.row(i)));
    }
    for (const std::size_t i : chosen) {
        nearest = std::min(nearest, distance(pool.features.row(row), pool.features.row(i)));
    }
    return nearest;
}

/** Points in tight clusters: many in the first, two in each of the others. */
Pool clusters(std::size_t count, std::size_t large, std::uint64_t seed) {
    Rng rng(seed, "clusters");
    Pool pool;
    const std::size_t size = large + 2 * (count - 1);
    pool.features = Matrix(size, 20);
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t cluster = i < large ? 0 : 1 + (i - large) / 2;
        for (std::size_t d = 0; d < 20; ++d) {
            const double centre = d == cluster ? 10.0 : 0.0;
            pool.features.at(i, d) = static_cast<float>(centre + 0.1 * rng.normal());
        }
        pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
        pool.predictions.push_back({});
    }
    return pool;
}

/** Points in tight groups of these sizes, and one more that is far from all of them. */
Pool groups(const std::vector<std::size_t>& sizes, std::uint64_t seed) {
    Rng rng(seed, "groups");
    Pool pool;
    const std::size_t count = std::accumulate(sizes.begin(), sizes.end(), std::size_t{1});
    pool.features = Matrix(count, 20);
    std::size_t row = 0;
    const auto add = [&](std::size_t dimension, double length) {
        for (std::size_t d = 0; d < 20; ++d)
            pool.features.at(row, d) = static_cast<float>((d == dimension ? length : 0.0) + 0.1 * rng.normal());
        pool.items.emplace_back(static_cast<std::int64_t>(++row));
        pool.predictions.push_back({});
    };
    for (std::size_t group = 0; group < sizes.size(); ++group) {
        for (std::size_t i = 0; i < sizes[group]; ++i)
            add(group, 10.0);
    }
    add(19, 30.0);
    return pool;
}

std::size_t clustersCovered(const Selection& selection, std::size_t large) {
    std::set<std::size_t> seen;
    for (const Pick& pick : selection.picks)
        seen.insert(pick.index < large ? 0 : 1 + (pick.index - large) / 2);
    return seen.size();
}

}  // namespace

class TestDiversity : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // A group each, the largest first, and of each what lies in its middle: never what lies apart.
    void typiClustStandsForGroups() {
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const Pool pool = groups({40, 12, 12, 12, 12}, seed);
            const Selection selection = run("typiclust", pool.input(), 5, seed);
            QCOMPARE(selection.picks.size(), 5U);
            QVERIFY(selection.picks.front().index < 40);
            std::set<std::size_t> seen;
            for (const Pick& pick : selection.picks) {
                QVERIFY(pick.index + 1 < pool.items.size());  // the last one lies apart
                seen.insert(pick.index < 40 ? 0 : 1 + (pick.index - 40) / 12);
            }
            QVERIFY(seen.size() >= 4);
        }
    }

    void typiClustLeavesAnsweredGroupsForLast() {
        Pool pool = groups({40, 12, 12, 12, 12}, 1);
        pool.labelled = Matrix(1, 20);
        std::ranges::copy(pool.features.row(0), pool.labelled.row(0).begin());
        const Selection selection = run("typiclust", pool.input(), 3, 1);
        for (const Pick& pick : selection.picks)
            QVERIFY(pick.index >= 40);
    }

    // An item that came into the batch by chance has the score and the group that it has among all.
    void typiClustJudgesItems() {
        const Pool pool = groups({40, 12, 12, 12, 12}, 1);
        const Selection batch = run("typiclust", pool.input(), 5, 1);
        SelectionInput input = pool.input();
        const std::vector<std::size_t> judged = {batch.picks[2].index, 17, batch.picks[0].index};
        input.judged = judged;
        const Selection said = run("typiclust", input, 5, 1);
        QCOMPARE(said.picks.size(), 3U);
        QCOMPARE(said.picks[0].score, batch.picks[2].score);
        QCOMPARE(said.picks[1].index, std::size_t{17});
        QVERIFY(said.picks[1].score < batch.picks[0].score &&
                said.picks[1].reasons ==
                    std::vector<Reason>({{"typicality", said.picks[1].score}, {"group size", 40.0}}));
        QCOMPARE(said.picks[2].reasons, batch.picks[0].reasons);
    }

    void typicalityIsTheMeanOfNeighbours() {
        const Pool pool = randomPool(60, 0, 2, 6);
        const Selection selection = run("typiclust", pool.input(), 1, 2);
        std::vector<double> distances;
        for (std::size_t i = 0; i < 60; ++i) {
            if (i != selection.picks[0].index)
                distances.push_back(distance(pool.features.row(i), pool.features.row(selection.picks[0].index)));
        }
        std::sort(distances.begin(), distances.end());
        double nearest = 0.0;
        for (std::size_t i = 0; i < 20; ++i)
            nearest += distances[i] / 20.0;
        QVERIFY(std::abs(selection.picks[0].score - 1.0 / (1.0 + nearest)) < 1e-5);
        QCOMPARE(selection.picks[0].reasons[1].value, 60.0);
    }

    void coreSetAgreesWithTheReference_data() {
        QTest::addColumn<int>("pool");
        QTest::addColumn<int>("labelled");
        QTest::addColumn<int>("dimensions");
        QTest::newRow("some labelled") << 150 << 12 << 8;
        QTest::newRow("none labelled") << 150 << 0 << 8;
        QTest::newRow("one number") << 60 << 3 << 1;
        QTest::newRow("odd length") << 150 << 5 << 83;
        QTest::newRow("long") << 150 << 100 << 200;
    }

    void coreSetAgreesWithTheReference() {
        QFETCH(int, pool);
        QFETCH(int, labelled);
        QFETCH(int, dimensions);
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            const Pool data = randomPool(static_cast<std::size_t>(pool), static_cast<std::size_t>(labelled), seed,
                                         static_cast<std::size_t>(dimensions));
            const Selection selection = run("coreset", data.input(), 20, seed);
            QCOMPARE(selection.picks.size(), 20U);
            std::vector<std::size_t> chosen;
            for (const Pick& pick : selection.picks) {
                const bool first = chosen.empty() && labelled == 0;
                for (std::size_t i = 0; i < data.items.size() && !first; ++i) {
                    QVERIFY(novelty(data, i, chosen) <= pick.score * (1 + 1e-5));
                }
                const double expected = first ? selection.picks[1].score : novelty(data, pick.index, chosen);
                QVERIFY(std::abs(pick.score - expected) <= 1e-5 * expected);
                if (labelled > 0) {
                    QCOMPARE(pick.reasons[1].name, std::string("to labelled"));
                    QVERIFY(std::abs(pick.reasons[1].value - novelty(data, pick.index, {})) <= 1e-4);
                } else {
                    QCOMPARE(pick.reasons.size(), 1U);
                }
                chosen.push_back(pick.index);
            }
        }
    }

    // To the last bit: what is not compared could not have won.
    void coreSetAgreesWithComparingAll_data() {
        QTest::addColumn<bool>("inClusters");
        QTest::newRow("clusters") << true;
        QTest::newRow("one cloud") << false;
    }
    void coreSetAgreesWithComparingAll() {
        QFETCH(bool, inClusters);
        Pool pool = inClusters ? clusters(15, 400, 2) : randomPool(400, 0, 2, 70);
        for (std::size_t i = 100; i < 160; ++i)  // ties
            std::copy_n(pool.features.row(i - 60).begin(), pool.features.cols, pool.features.row(i).begin());
        const Selection selection = run("coreset", pool.input(), pool.items.size());
        NearestCentres centres(pool.features);
        std::set<std::size_t> chosen;
        for (const Pick& pick : selection.picks) {
            const std::vector<float>& squared = centres.squared();
            for (std::size_t i = 0; i < squared.size(); ++i)
                QVERIFY(chosen.contains(i) || squared[i] <= squared[pick.index]);
            if (!chosen.empty()) QCOMPARE(pick.score, std::sqrt(static_cast<double>(squared[pick.index])));
            chosen.insert(pick.index);
            QVERIFY(centres.add(pool.features.row(pick.index), Job()));
        }
        QCOMPARE(chosen.size(), pool.items.size());
    }

    void coreSetScoresFall() {
        const Selection selection = run("coreset", randomPool(300, 4, 9).input(), 300);
        QCOMPARE(selection.picks.size(), 300U);
        for (std::size_t i = 1; i < 300; ++i)
            QVERIFY(selection.picks[i].score <= selection.picks[i - 1].score);
    }

    void coreSetIsAtMostTwiceTheBestRadius() {
        // k-center greedy's guarantee, on a line where the best radius with 4 centres is known.
        Pool pool;
        pool.features = Matrix(80, 1);
        for (std::size_t i = 0; i < 80; ++i) {
            pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
            pool.features.at(i, 0) = static_cast<float>(i);
        }
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            std::vector<std::size_t> chosen;
            for (const Pick& pick : run("coreset", pool.input(), 4, seed).picks)
                chosen.push_back(pick.index);
            for (std::size_t i = 0; i < 80; ++i)
                QVERIFY(novelty(pool, i, chosen) <= 2 * 10.0);
        }
    }

    void diversityCoversRareClusters() {
        const std::size_t large = 400;
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const Pool pool = clusters(15, large, seed);
            QCOMPARE(clustersCovered(run("coreset", pool.input(), 15, seed), large), 15U);
            QCOMPARE(clustersCovered(run("kmeans++", pool.input(), 15, seed), large) >= 12U, true);
            QVERIFY(clustersCovered(run("random", pool.input(), 15, seed), large) <= 6U);
        }
    }

    void labelledRowsAreNotAskedAgain() {
        Pool pool = clusters(6, 30, 1);
        pool.labelled = Matrix(1, 20);
        std::copy_n(pool.features.row(0).begin(), 20, pool.labelled.row(0).begin());
        for (const char* name : {"coreset", "kmeans++"}) {
            const Selection selection = run(name, pool.input(), 5);
            QVERIFY(std::none_of(selection.picks.begin(), selection.picks.end(),
                                 [](const Pick& pick) { return pick.index == 0; }));
        }
        const Selection coreSet = run("coreset", pool.input(), 5);
        QVERIFY(
            std::none_of(coreSet.picks.begin(), coreSet.picks.end(), [](const Pick& pick) { return pick.index < 30; }));
    }

    void equalRowsAreTakenLastAndByChance() {
        Pool pool = randomPool(20, 0, 1, 3);
        for (std::size_t i = 0; i < 10; ++i)
            std::fill_n(pool.features.row(i).begin(), 3, 0.0F);
        for (const char* name : {"coreset", "kmeans++"}) {
            std::set<std::vector<std::int64_t>> orders;
            for (std::uint64_t seed = 0; seed < 8; ++seed) {
                const Selection selection = run(name, pool.input(), 20, seed);
                std::set<std::size_t> all;
                for (const Pick& pick : selection.picks)
                    all.insert(pick.index);
                QCOMPARE(all.size(), 20U);
                std::vector<std::int64_t> last = itemsOf(selection, pool);
                last.erase(last.begin(), last.begin() + 11);
                for (const std::int64_t item : last)
                    QVERIFY(item <= 1010);
                orders.insert(last);
            }
            QVERIFY(orders.size() > 4);
        }
    }

    void kMeansPlusPlusDrawsBySquaredDistance() {
        // Labelled at 0; candidates at 1, 2 and 3: drawn first with probability 1/14, 4/14, 9/14.
        Pool pool;
        pool.features = Matrix(3, 1);
        for (std::size_t i = 0; i < 3; ++i) {
            pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
            pool.features.at(i, 0) = static_cast<float>(i + 1);
        }
        pool.labelled = Matrix(1, 1);
        std::array<double, 3> drawn{};
        const int draws = 14000;
        for (int seed = 0; seed < draws; ++seed) {
            const Pick pick = run("kmeans++", pool.input(), 1, static_cast<std::uint64_t>(seed)).picks[0];
            QCOMPARE(pick.score, static_cast<double>(pick.index + 1));
            drawn[pick.index] += 14.0 / draws;
        }
        QVERIFY(std::abs(drawn[0] - 1) < 0.2);
        QVERIFY(std::abs(drawn[1] - 4) < 0.3);
        QVERIFY(std::abs(drawn[2] - 9) < 0.3);
    }

    void numbersThatAreNoneAreSetAside() {
        Pool pool = randomPool(10, 3, 2);
        pool.features.at(4, 7) = std::numeric_limits<float>::quiet_NaN();
        pool.labelled.at(0, 0) = std::numeric_limits<float>::infinity();
        for (const char* name : {"coreset", "kmeans++"}) {
            const Selection selection = run(name, pool.input(), 10);
            QCOMPARE(selection.picks.size(), 9U);
            QCOMPARE(selection.leftOut.size(), 1U);
            QCOMPARE(selection.leftOut[0].item, std::int64_t{1005});
            QCOMPARE(selection.leftOut[0].sentence,
                     std::string("Item 1005 has a feature that is not a finite number."));
            for (const Pick& pick : selection.picks)
                QVERIFY(std::isfinite(pick.score) && pick.index != 4U);
        }
    }

    void nearestCentresAreExact() {
        Rng rng(3);
        for (const std::size_t dimensions : {1, 15, 16, 17, 64, 80, 100, 129}) {
            const Matrix points = randomMatrix(300, dimensions, rng);
            const Matrix centres = randomMatrix(40, dimensions, rng);
            NearestCentres together(points);
            NearestCentres oneByOne(points);
            QVERIFY(together.addAll(centres, Job()));
            for (std::size_t c = 0; c < centres.rows; ++c)
                QVERIFY(oneByOne.add(centres.row(c), Job()));
            QVERIFY(together.squared() == oneByOne.squared());
            for (std::size_t i = 0; i < points.rows; ++i) {
                double nearest = std::numeric_limits<double>::infinity();
                for (std::size_t c = 0; c < centres.rows; ++c) {
                    nearest = std::min(nearest, distance(points.row(i), centres.row(c)));
                }
                const auto squared = static_cast<double>(together.squared()[i]);
                QVERIFY(std::abs(squared - nearest * nearest) <= 1e-5 * squared);
            }
        }
    }

    void timeIsShown() {
#ifdef NDEBUG
        const std::size_t size = 50000;
#else
        const std::size_t size = 2000;  // without optimisation the time says nothing
#endif
        Rng rng(1);
        Pool pool;
        for (std::size_t i = 0; i < size; ++i)
            pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
        pool.features = Matrix(size, 512);
        for (float& value : pool.features.values)
            value = static_cast<float>(rng.uniform());
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(run("coreset", pool.input(), 100).picks.size(), 100U);
        qInfo("core set: 100 of %zu x 512 in %lld ms", size, timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestDiversity)
#include "tst_diversity.moc"
