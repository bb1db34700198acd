#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select::bralt {

/**
 * The squared 2-Wasserstein distance of two sets of numbers, each of them of equal weight: the mean squared difference
 * of their quantile functions, which are steps; exact for sets of any two sizes. Both are sorted and not empty.
 */
double squaredWasserstein1d(std::span<const double> a, std::span<const double> b);

/**
 * Sliced 2-Wasserstein distance of sets of rows (Rabin et al. 2012): the root of the mean, over directions, of the
 * squared distance of their shadows. The directions are drawn once; the same ones serve all comparisons.
 */
class SlicedWasserstein {
 public:
    static constexpr std::size_t kDirections = 64;

    /** `columns` of the rows to compare, >= 1. */
    SlicedWasserstein(std::size_t columns, std::uint64_t seed, std::size_t directions = kDirections);

    /** Where the named rows of points [N, columns] lie along each direction, sorted: [directions][rows]. */
    std::vector<std::vector<double>> shadows(const Matrix& points, std::span<const std::size_t> rows) const;

    /** >= 0; both not empty. */
    static double distance(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b);

 private:
    std::vector<std::vector<double>> m_directions;  // of length 1
};

}  // namespace querent::select::bralt
