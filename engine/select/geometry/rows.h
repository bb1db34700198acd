#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace querent::select::geometry {

/**
 * Sums over two rows of features, a few numbers at once. In floats: the relative error of a sum of n terms, measured
 * by the sum of their absolute values, is below roundingOf(n).
 */

float dotProduct(std::span<const float> x, std::span<const float> y);

/** The squared distance, or `limit` when it is at least that: rounded sums of squares never fall as they grow. */
float squaredDistance(std::span<const float> x, std::span<const float> y, float limit);

/** The smallest number, or 0 when none is below it; x is finite. */
float leastOf(std::span<const float> x);

/** A length for rows of n numbers, filled up with 0, at which the sums above are fastest. */
std::size_t paddedLength(std::size_t n);

double roundingOf(std::size_t n);

/** Features of length 1, or of length 0 where all are 0: the cosine of two is their dot product. */
std::vector<float> unitVector(std::span<const float> features);

/** The cosine of two unit vectors; 0 where one of them is missing. */
double cosine(std::span<const float> a, std::span<const float> b);

}  // namespace querent::select::geometry
