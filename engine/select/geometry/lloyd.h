#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/rng.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace querent::select::geometry {

/** The named rows, in this order. */
Matrix rowsOf(const Matrix& features, std::span<const std::size_t> rows);

/**
 * The seeding of k-means++ (Arthur and Vassilvitskii 2007): after the `start` centroids, rows of `points` drawn with
 * probability proportional to the squared distance to the nearest centroid; the very first one uniformly.
 * @param points  [N, D] finite, N >= 1
 * @param start   [S, D], or nothing
 * @return [k, D], `start` first; k <= max(count, S), fewer when all rows equal a centroid. Nothing when cancelled.
 */
std::optional<Matrix> seedCentroids(const Matrix& points, const Matrix& start, std::size_t count, Rng& rng,
                                    const Job& job);

/**
 * The nearest centroid of each row, the first of several at the same distance: [N]. Nothing when cancelled.
 * @param centroids  [k, D], k >= 1
 */
std::optional<std::vector<std::size_t>> nearestCentroids(const Matrix& points, const Matrix& centroids, const Job& job);

/**
 * Lloyd's iterations in place, until nothing changes: each centroid moves to the mean of the rows nearest to it; one
 * that has lost its last row stays where it is. Reports "Clustering". False when cancelled.
 */
bool moveCentroids(const Matrix& points, Matrix& centroids, int iterations, const Job& job);

}  // namespace querent::select::geometry
