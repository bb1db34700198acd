#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace querent::select::rlmba {

/**
 * How far each row is from its surroundings: the mean Euclidean distance to the `neighbours` nearest of `sample`,
 * itself left out; to all of them when they are fewer, 0 when there is none. O(rows * sample * cols).
 * @param features  [N, D] finite
 * @param sample    rows of `features`, all different
 * @return [N]; empty when cancelled
 */
std::optional<std::vector<double>> neighbourDistances(const Matrix& features, std::span<const std::size_t> sample,
                                                      std::size_t neighbours, const Job& job);

}  // namespace querent::select::rlmba
