#pragma once

#include <cstddef>
#include <span>

namespace querent::select {

/**
 * Sums over two rows of features, a few numbers at once. In floats: the relative error of a sum of n terms, measured
 * by the sum of their absolute values, is below roundingOf(n).
 */

float dotProduct(std::span<const float> x, std::span<const float> y);

/** The squared distance, or `limit` when it is at least that: rounded sums of squares never fall as they grow. */
float squaredDistance(std::span<const float> x, std::span<const float> y, float limit);

double roundingOf(std::size_t n);

}  // namespace querent::select
