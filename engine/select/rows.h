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

/** No NaN, no infinity. */
bool allFinite(std::span<const float> x);
/** The smallest number, or 0 when none is below it; x is finite. */
float leastOf(std::span<const float> x);

/** A length for rows of n numbers, filled up with 0, at which the sums above are fastest. */
std::size_t paddedLength(std::size_t n);

double roundingOf(std::size_t n);

}  // namespace querent::select
