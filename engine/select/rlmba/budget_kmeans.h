#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::select::rlmba {

/** Clusters of a pool, one for each item that can be labelled, and how far each item is from the nearest. */
struct BudgetClusters {
    Matrix centroids;               // [k, D]; k <= batch, fewer when fewer rows differ
    std::vector<double> distances;  // [N], d(x): Euclidean, to the nearest centroid; >= 0
};

/** The limits that keep clustering affordable. */
struct ClusterLimits {
    int iterations = 5;           // of Lloyd at most; RL-MBA
    double product = 2e7;         // rows times batch above which a sample is clustered; ours
    std::size_t sample = 20'000;  // rows of that sample (at least `batch`); ours
};

/**
 * Budget-constrained k-means++ (RL-MBA): k = batch, at most five Lloyd iterations; d(x) is large where an item is far
 * from every centroid, so under-represented. Ours: k-means++ seeding by squared distance (Arthur and Vassilvitskii
 * 2007), on the unlabelled pool alone; a cluster that loses its last row keeps its centroid; when rows times batch is
 * above the limit, seeding and iterations see a random sample, and all rows are compared with the result once.
 * The same rows in the same order and the same seed give the same result; another order may not.
 * @param features  [N, D] finite numbers, N >= 1
 * @param batch     >= 1
 * @return InvalidArgument for no rows, no columns, a batch of 0 or a number that is not finite; Cancelled
 */
Result<BudgetClusters> budgetKMeans(const Matrix& features, std::size_t batch, std::uint64_t seed, const Job& job,
                                    const ClusterLimits& limits = {});

}  // namespace querent::select::rlmba
