// Clusters of a pool: against a slow reference, on clusters that are known, and at its limits.
#include "engine/select/rlmba/budget_kmeans.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::rlmba;

namespace {

double distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0.0;
    for (std::size_t d = 0; d < a.size(); ++d) {
        const double difference = static_cast<double>(a[d]) - static_cast<double>(b[d]);
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

std::size_t nearest(const Matrix& centroids, std::span<const float> row) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < centroids.rows; ++c) {
        if (distance(centroids.row(c), row) < distance(centroids.row(best), row)) best = c;
    }
    return best;
}

/** `count` tight groups of ten around the corners 10 e_i. */
Matrix groups(std::size_t count, std::uint64_t seed) {
    Rng rng(seed);
    Matrix points(10 * count, count);
    for (std::size_t i = 0; i < points.rows; ++i) {
        for (std::size_t d = 0; d < count; ++d)
            points.at(i, d) = static_cast<float>((d == i % count ? 10.0 : 0.0) + 0.1 * rng.normal());
    }
    return points;
}

BudgetClusters clustersOf(const Matrix& points, std::size_t batch, const ClusterLimits& limits = {}) {
    return budgetKMeans(points, batch, 7, Job(), limits).value();
}

double inertia(const BudgetClusters& clusters) {
    double sum = 0.0;
    for (const double d : clusters.distances)
        sum += d * d;
    return sum;
}

}  // namespace

class TestBudgetKMeans : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void distancesAreToTheNearestCentroid() {
        Rng rng(1);
        const Matrix points = randomMatrix(120, 19, rng);
        const BudgetClusters clusters = clustersOf(points, 9);
        QCOMPARE(clusters.centroids.rows, std::size_t{9});
        for (std::size_t i = 0; i < points.rows; ++i) {
            const auto c = nearest(clusters.centroids, points.row(i));
            QVERIFY(std::abs(clusters.distances[i] - distance(clusters.centroids.row(c), points.row(i))) < 1e-4);
        }
    }

    // One iteration more, done slowly: the centroids are the means of the rows that the iteration before gave them.
    void iterationsMoveCentroidsToMeans() {
        Rng rng(2);
        const Matrix points = randomMatrix(80, 3, rng);
        const BudgetClusters before = clustersOf(points, 4, {2, 2e8, 20'000});
        const BudgetClusters after = clustersOf(points, 4, {3, 2e8, 20'000});
        for (std::size_t c = 0; c < 4; ++c) {
            std::vector<double> mean(3, 0.0);
            double count = 0.0;
            for (std::size_t i = 0; i < points.rows; ++i) {
                if (nearest(before.centroids, points.row(i)) != c) continue;
                count += 1.0;
                for (std::size_t d = 0; d < 3; ++d)
                    mean[d] += static_cast<double>(points.at(i, d));
            }
            QVERIFY(count > 0.0);
            for (std::size_t d = 0; d < 3; ++d)
                QVERIFY(std::abs(mean[d] / count - static_cast<double>(after.centroids.at(c, d))) < 1e-4);
        }
        QVERIFY(inertia(after) <= inertia(before) + 1e-6);
    }

    void groupsAreFound() {
        const BudgetClusters clusters = clustersOf(groups(12, 3), 12);
        std::set<std::size_t> found;
        for (std::size_t c = 0; c < clusters.centroids.rows; ++c) {
            const auto row = clusters.centroids.row(c);
            found.insert(static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
        }
        QCOMPARE(found.size(), std::size_t{12});
    }

    void theOutlierIsFurthest() {
        Rng rng(4);
        Matrix points = randomMatrix(200, 6, rng);
        points.at(50, 0) = 6.0F;
        points.at(50, 1) = 6.0F;
        const BudgetClusters clusters = clustersOf(points, 1);
        const auto furthest = std::max_element(clusters.distances.begin(), clusters.distances.end());
        QCOMPARE(furthest - clusters.distances.begin(), std::ptrdiff_t{50});
    }

    void sameSeedSameClusters() {
        Rng rng(5);
        const Matrix points = randomMatrix(100, 5, rng);
        QCOMPARE(clustersOf(points, 7).centroids.values, clustersOf(points, 7).centroids.values);
        QVERIFY(budgetKMeans(points, 7, 8, Job())->centroids.values != clustersOf(points, 7).centroids.values);
    }

    // The sample sees 60 of 120 rows, and finds the groups that all rows would show.
    void aSampleIsEnough() {
        const Matrix points = groups(12, 6);
        const BudgetClusters sampled = clustersOf(points, 12, {5, 100.0, 60});
        QCOMPARE(sampled.distances.size(), std::size_t{120});
        QVERIFY(*std::max_element(sampled.distances.begin(), sampled.distances.end()) < 2.0);
        QVERIFY(sampled.centroids.values != clustersOf(points, 12).centroids.values);
        QCOMPARE(clustersOf(points, 80, {5, 100.0, 60}).centroids.rows, std::size_t{80});
    }

    void fewRowsAndEqualRows() {
        Rng rng(7);
        const Matrix three = randomMatrix(3, 4, rng);
        const BudgetClusters small = clustersOf(three, 10);
        QCOMPARE(small.centroids.rows, std::size_t{3});
        QCOMPARE(small.distances, (std::vector<double>{0.0, 0.0, 0.0}));
        Matrix same(20, 4);
        std::fill(same.values.begin(), same.values.end(), 0.3F);
        const BudgetClusters one = clustersOf(same, 5);
        QCOMPARE(one.centroids.rows, std::size_t{1});
        QVERIFY(*std::max_element(one.distances.begin(), one.distances.end()) < 1e-6);
    }

    void nonsenseIsRefused() {
        Rng rng(8);
        Matrix points = randomMatrix(5, 2, rng);
        QVERIFY(!budgetKMeans(points, 0, 1, Job()).ok());
        QVERIFY(!budgetKMeans(Matrix(), 2, 1, Job()).ok());
        points.at(3, 1) = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(budgetKMeans(points, 2, 1, Job()).error().code, ErrorCode::InvalidArgument);
    }

    void stopsWhenAsked() {
        Rng rng(9);
        const Matrix points = randomMatrix(50, 2, rng);
        std::stop_source source;
        source.request_stop();
        QCOMPARE(budgetKMeans(points, 3, 1, Job(source.get_token())).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestBudgetKMeans)
#include "tst_budget_kmeans.moc"
