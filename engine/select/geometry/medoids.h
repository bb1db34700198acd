#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace querent::select::geometry {

/** Members of a set that stand for the others. */
struct Medoids {
    std::vector<std::size_t> centres;  // rows, in the order in which their clusters began
    std::vector<std::size_t> sizes;    // of their clusters
};

/**
 * k-medoids: begins with row 0 and, again and again, the row farthest from all centres; then every row goes to its
 * nearest centre and every cluster takes the member with the smallest sum of distances for its centre, until nothing
 * changes or 100 times. The first of equals, so the order of the rows decides. A centre never leaves its cluster.
 * @param distances  [N, N], symmetric, >= 0
 * @param count      in [1, N]
 * @return nothing when cancelled
 */
std::optional<Medoids> kMedoids(const Matrix& distances, std::size_t count, const Job& job);

}  // namespace querent::select::geometry
