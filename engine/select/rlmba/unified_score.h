#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <span>
#include <vector>

namespace querent::select::rlmba {

inline constexpr double kDiversityWeight = 1.0;      // beta; ours: the paper's value is not known to us
inline constexpr std::size_t kCandidateFactor = 20;  // kappa; ours: the paper's example of 5 does worse in practice

/**
 * (v - min) / (max - min) of the finite values, in [0, 1]; 0 where all are equal (ours). NaN stays NaN.
 */
std::vector<double> minMaxNormalised(std::span<const double> values);

/**
 * The unified score (RL-MBA), [N], in [0, 1 + diversityWeight]:
 *     q = sum_m w_m u~_m + beta d~      with u~_m and d~ min-max normalised within the round
 * Ours: u_m is the scaled uncertainty of the modality's own evidence; a modality that an item does not have is left
 * out and the other weights are rescaled; an item without any has the second term alone.
 * @param uncertainties  [M][N]; NaN where the item does not have the modality
 * @param weights        [M], >= 0, sum 1
 * @param distances      [N], BudgetClusters::distances
 * @return InvalidArgument when the lengths differ or a distance is not finite
 */
Result<std::vector<double>> unifiedScores(const std::vector<std::vector<double>>& uncertainties,
                                          std::span<const double> weights, std::span<const double> distances,
                                          double diversityWeight = kDiversityWeight);

/**
 * The candidate set: the rows of the min(kappa * batch, N) largest scores, best first (RL-MBA); equal scores by `ties`,
 * the smaller one first.
 * @param ties  [N], tieKeys()
 */
std::vector<std::size_t> candidateSet(std::span<const double> scores, std::span<const double> ties, std::size_t batch,
                                      std::size_t factor = kCandidateFactor);

}  // namespace querent::select::rlmba
