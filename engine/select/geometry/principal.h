#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"

#include <cstddef>
#include <vector>

namespace querent::select::geometry {

/** The directions in which rows differ most, the largest variance first. */
struct PrincipalComponents {
    std::vector<double> mean;       // [D]
    Matrix axes;                    // [K, D], rows of length 1 at right angles; the largest entry of each is positive
    std::vector<double> variances;  // [K], descending; of the rows along each axis, divided by N
};

/**
 * Principal components (Pearson 1901) by subspace iteration on the smaller of the covariance, [D, D], and the rows'
 * inner products, [N, N]; a small matrix at once. K is `count` or fewer: at most N and D, and
 * without axes along which the rows do not differ (equal rows: K = 0). The same rows in the same order give the same
 * answer. O(N D min(N, D)) for the products, which need min(N, D)^2 doubles.
 * @param features  [N, D] finite numbers, N and D >= 1
 * @param count     >= 1
 * @return InvalidArgument for no rows, no columns, a count of 0 or a number that is not finite; Cancelled
 */
Result<PrincipalComponents> principalComponents(const Matrix& features, std::size_t count, const Job& job);

/** Where rows lie along the axes, seen from the mean: [N, K]. `features` is [N, D] with the D of the components. */
Matrix project(const PrincipalComponents& components, const Matrix& features);

}  // namespace querent::select::geometry
