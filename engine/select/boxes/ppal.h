#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/samples.h"

#include <optional>
#include <span>
#include <vector>

namespace querent::select::boxes {

/**
 * How unlike two pictures are, class by class (PPAL, Yang et al. 2024, section 3.3): the mean over the boxes of one,
 * weighted by their scores, of 1 - cosine to the most similar box of the same class in the other, 2 where there is
 * none; both ways, their mean. The best 100 boxes of a picture count, from kScoreFloor on. Ours: two pictures without
 * boxes are at 0, one without and one with boxes at 2.
 * @return [N, N], symmetric, in [0, 2], 0 on the diagonal; nothing when cancelled
 */
std::optional<Matrix> classwiseDistances(std::span<const ItemPrediction* const> pictures, const Job& job);

}  // namespace querent::select::boxes
