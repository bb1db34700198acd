#include "engine/select/rl/budget_kmeans.h"

#include "engine/core/rng.h"
#include "engine/select/input_check.h"
#include "engine/select/nearest_centres.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace querent::select {
namespace {

Matrix rowsOf(const Matrix& features, const std::vector<std::size_t>& rows) {
    Matrix some(rows.size(), features.cols);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(features.row(rows[i]).begin(), features.cols, some.row(i).begin());
    return some;
}

/** k-means++ seeding; fewer than `count` when the rows that are left equal a centroid. Empty when cancelled. */
std::optional<Matrix> seeded(const Matrix& points, std::size_t count, Rng& rng, const Job& job) {
    std::vector<std::size_t> chosen{rng.index(points.rows)};
    NearestCentres centres(points);
    std::vector<double> weights(points.rows);
    while (centres.add(points.row(chosen.back()), job)) {
        std::copy(centres.squared().begin(), centres.squared().end(), weights.begin());
        const bool allTaken = std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0.0; });
        if (chosen.size() == count || allTaken) return rowsOf(points, chosen);
        chosen.push_back(rng.weighted(weights));
    }
    return std::nullopt;
}

/** The nearest centroid of each row, the first of several at the same distance; false when cancelled. */
bool assign(const Matrix& points, const Matrix& centroids, std::vector<std::size_t>& nearest, const Job& job) {
    NearestCentres centres(points);
    std::vector<float> before;
    for (std::size_t c = 0; c < centroids.rows; ++c) {
        before = centres.squared();
        if (!centres.add(centroids.row(c), job)) return false;
        for (std::size_t i = 0; i < points.rows; ++i) {
            if (centres.squared()[i] < before[i]) nearest[i] = c;
        }
    }
    return true;
}

void moveToMeans(const Matrix& points, const std::vector<std::size_t>& nearest, Matrix& centroids) {
    std::vector<double> sums(centroids.values.size(), 0.0);
    std::vector<double> counts(centroids.rows, 0.0);
    for (std::size_t i = 0; i < points.rows; ++i) {
        counts[nearest[i]] += 1.0;
        for (std::size_t d = 0; d < points.cols; ++d)
            sums[nearest[i] * points.cols + d] += static_cast<double>(points.at(i, d));
    }
    for (std::size_t c = 0; c < centroids.rows; ++c) {
        if (counts[c] == 0.0) continue;
        for (std::size_t d = 0; d < points.cols; ++d)
            centroids.at(c, d) = static_cast<float>(sums[c * points.cols + d] / counts[c]);
    }
}

/** Lloyd's iterations, until nothing changes; false when cancelled. */
bool refine(const Matrix& points, Matrix& centroids, int iterations, const Job& job) {
    std::vector<std::size_t> nearest(points.rows, 0);
    std::vector<std::size_t> before;
    for (int i = 0; i < iterations; ++i) {
        before = nearest;
        if (!assign(points, centroids, nearest, job)) return false;
        if (i > 0 && nearest == before) return true;
        moveToMeans(points, nearest, centroids);
        job.report("Clustering", i + 1, iterations);
    }
    return true;
}

Result<void> check(const Matrix& features, std::size_t batch) {
    if (features.rows == 0 || features.cols == 0 || features.values.size() != features.rows * features.cols) {
        return fail(ErrorCode::InvalidArgument, "There are no features to cluster.");
    }
    if (batch == 0) return fail(ErrorCode::InvalidArgument, "A batch must hold at least one item.");
    if (!finiteRow(features.values)) {
        return fail(ErrorCode::InvalidArgument, "A feature to cluster is not a finite number.");
    }
    return {};
}

}  // namespace

Result<BudgetClusters> budgetKMeans(const Matrix& features, std::size_t batch, std::uint64_t seed, const Job& job,
                                    const ClusterLimits& limits) {
    if (const auto checked = check(features, batch); !checked) return checked.error();
    const std::size_t count = std::min(batch, features.rows);
    Rng rng(seed, "budget k-means");
    Matrix sample;
    if (static_cast<double>(features.rows) * static_cast<double>(count) > limits.product) {
        sample = rowsOf(features, rng.sample(features.rows, std::max(limits.sample, count)));
    }
    const Matrix& points = sample.rows > 0 ? sample : features;
    std::optional<Matrix> centroids = seeded(points, count, rng, job);
    if (!centroids || !refine(points, *centroids, limits.iterations, job)) return Job::stopped();
    NearestCentres centres(features);
    if (!centres.addAll(*centroids, job)) return Job::stopped();
    BudgetClusters clusters{std::move(*centroids), {}};
    for (const float squared : centres.squared())
        clusters.distances.push_back(std::sqrt(static_cast<double>(squared)));
    return clusters;
}

}  // namespace querent::select
