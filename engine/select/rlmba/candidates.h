#pragma once

#include "engine/core/ids.h"
#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/rlmba/candidate_features.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
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

/** What the policy sees of a candidate: kCandidateFeatures and two more, and of a round: kRoundStates. */
policy::PolicyLayout policyLayout();

/** What RL-MBA's policy may choose from: the K items of the pool with the largest unified scores, best first. */
struct MbaCandidates {
    std::vector<std::size_t> rows;                   // [K], which prediction each is
    Matrix values;                                   // [K, F], policyLayout().features, ranks within the whole pool
    std::vector<double> scores;                      // [K], q
    std::vector<double> diversity;                   // [K], d~ in [0, 1]
    std::vector<std::vector<double>> uncertainties;  // [M][K], u~_m in [0, 1]; NaN where the medium is missing
    std::vector<LeftOut> leftOut;
};

/**
 * The first steps of a round of RL-MBA: uncertainty of each modality's evidence, budget-constrained k-means++ on the
 * fused features, unified score, candidate set. Does not depend on the order of the pool.
 * @param input   its weights are modalityWeights(), its features the fused ones (fusedFeatures())
 * @param pool    [N], the items that input.predictions are of
 * @param batch   >= 1
 * @param factor  of the batch's size, how large the candidate set is
 * @return what candidateFeatures() returns
 */
Result<MbaCandidates> mbaCandidates(const CandidateInput& input, std::span<const ItemId> pool, std::size_t batch,
                                    std::uint64_t seed, const Job& job, std::size_t factor = kCandidateFactor);

/**
 * f(x) = sum_m w_m f_m(x), the convex combination of the modalities' features (RL-MBA), [N, D]; over those that an item
 * has, with the weights rescaled. Predictions without features by modality give their embedding.
 */
Matrix fusedFeatures(std::span<const ItemPrediction> predictions, std::span<const double> weights);

}  // namespace querent::select::rlmba
