#include "engine/select/rlmba/budget_kmeans.h"

#include "engine/core/rng.h"
#include "engine/select/geometry/lloyd.h"
#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/input_check.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace querent::select::rlmba {
namespace {

Result<void> check(const Matrix& features, std::size_t batch) {
    if (features.rows == 0 || features.cols == 0 || features.values.size() != features.rows * features.cols) {
        return fail(ErrorCode::InvalidArgument, "There are no features to cluster.");
    }
    if (batch == 0) return fail(ErrorCode::InvalidArgument, "A batch must hold at least one item.");
    if (!allFinite(features.values)) {
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
        sample = geometry::rowsOf(features, rng.sample(features.rows, std::max(limits.sample, count)));
    }
    const Matrix& points = sample.rows > 0 ? sample : features;
    std::optional<Matrix> centroids = geometry::seedCentroids(points, {}, count, rng, job);
    if (!centroids || !geometry::moveCentroids(points, *centroids, limits.iterations, job)) return Job::stopped();
    geometry::NearestCentres centres(features);
    if (!centres.addAll(*centroids, job)) return Job::stopped();
    BudgetClusters clusters{std::move(*centroids), {}};
    for (const float squared : centres.squared())
        clusters.distances.push_back(std::sqrt(static_cast<double>(squared)));
    return clusters;
}

}  // namespace querent::select::rlmba
