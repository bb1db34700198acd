#include "engine/select/geometry/lloyd.h"

#include "engine/select/geometry/nearest_centres.h"

#include <algorithm>

namespace querent::select::geometry {
namespace {

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

void append(Matrix& matrix, std::span<const float> row) {
    matrix.cols = row.size();
    matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    ++matrix.rows;
}

}  // namespace

Matrix rowsOf(const Matrix& features, std::span<const std::size_t> rows) {
    Matrix some(rows.size(), features.cols);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(features.row(rows[i]).begin(), features.cols, some.row(i).begin());
    return some;
}

std::optional<Matrix> seedCentroids(const Matrix& points, const Matrix& start, std::size_t count, Rng& rng,
                                    const Job& job) {
    Matrix centroids = start;
    NearestCentres centres(points);
    for (std::size_t c = 0; c < start.rows; ++c) {
        if (!centres.add(start.row(c), job)) return std::nullopt;
    }
    if (start.rows == 0) {
        append(centroids, points.row(rng.index(points.rows)));
        if (!centres.add(centroids.row(0), job)) return std::nullopt;
    }
    std::vector<double> weights(points.rows);
    while (centroids.rows < count) {
        std::copy(centres.squared().begin(), centres.squared().end(), weights.begin());
        if (std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0.0; })) break;
        append(centroids, points.row(rng.weighted(weights)));
        if (!centres.add(centroids.row(centroids.rows - 1), job)) return std::nullopt;
    }
    return centroids;
}

std::optional<std::vector<std::size_t>> nearestCentroids(const Matrix& points, const Matrix& centroids,
                                                         const Job& job) {
    NearestCentres centres(points);
    if (centroids.rows <= NearestCentres::kMostRemembered) {
        if (!centres.addAll(centroids, job)) return std::nullopt;
        return std::vector<std::size_t>(centres.nearest().begin(), centres.nearest().end());
    }
    std::vector<std::size_t> nearest(points.rows, 0);
    std::vector<float> before;
    for (std::size_t c = 0; c < centroids.rows; ++c) {
        before = centres.squared();
        if (!centres.add(centroids.row(c), job)) return std::nullopt;
        for (std::size_t i = 0; i < points.rows; ++i) {
            if (centres.squared()[i] < before[i]) nearest[i] = c;
        }
    }
    return nearest;
}

bool moveCentroids(const Matrix& points, Matrix& centroids, int iterations, const Job& job) {
    std::vector<std::size_t> before;
    for (int i = 0; i < iterations; ++i) {
        auto nearest = nearestCentroids(points, centroids, job);
        if (!nearest) return false;
        if (i > 0 && *nearest == before) return true;
        moveToMeans(points, *nearest, centroids);
        before = std::move(*nearest);
        job.report("Clustering", i + 1, iterations);
    }
    return true;
}

}  // namespace querent::select::geometry
