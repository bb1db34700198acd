#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/select/strategy.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace querent::select::rlmba {

/** Columns of CandidateFeatures::values. All of it is ours: the paper's policy sees other things. */
inline constexpr std::array<std::string_view, 10> kCandidateFeatures = {
    "joint entropy",           // classEntropy(); boxes: the sum of boxEntropy()
    "joint margin",            // classMargin(); boxes: the sum of boxMargin()
    "weighted uncertainty",    // sum_m w_m u_m; boxes: pictureUncertainty().total
    "smallest uncertainty",    // min_m u_m; boxes: pictureUncertainty().mean
    "distance to labelled",    // to the nearest one
    "distance to pool",        // mean distance to the 8 nearest of a sample of the pool
    "expected class rarity",   // sum_c p_c / (n_c + 1), n_c answers so far; boxes: summed over them
    "predicted class rarity",  // 1 / (n_c + 1) of the likeliest class; boxes: the largest p / (n_c + 1)
    "disagreement",            // Jensen-Shannon divergence of the heads; boxes: 0
    "top probability",         // boxes: the best score
};

/** What policyState() gives, in this order. */
inline constexpr std::array<std::string_view, 6> kRoundStates = {
    "labelled share", "validation accuracy", "progress", "label evenness", "weight evenness", "classes",
};

/** What is known of the pool. Nothing is owned: all of it outlives the call. */
struct CandidateInput {
    TaskKind task = TaskKind::Classify;
    std::span<const ItemPrediction> predictions;     // [N]; probabilities and evidence, or boxes
    const Matrix* features = nullptr;                // [N, D]
    const Matrix* labelledFeatures = nullptr;        // [L, D]; null or no rows when nothing is labelled
    std::span<const std::int64_t> labelledPerClass;  // [C], answers so far
    std::span<const double> weights;                 // [M], modalityWeights(); boxes: one weight of 1
    bool multiLabel = false;
    bool evidence = true;  // uncertainty is the variance of the evidence; false: the entropy of its mean (an ablation)
};

/** The pool as a policy sees it. R rows: the items that could be judged. */
struct CandidateFeatures {
    std::vector<std::size_t> rows;                   // [R], ascending: which prediction each row is of
    Matrix values;                                   // [R, 10], in [0, 1]
    std::vector<std::vector<double>> uncertainties;  // [M][R], u_m, NaN where missing: what unifiedScores() takes
    std::vector<LeftOut> leftOut;                    // the items with a number that is not finite, and without evidence
};

/**
 * Ten numbers an item, each the share of the pool that it ranks above (rankNormalised()), so that they mean the same in
 * any project. Boxes below kScoreFloor are background; a picture without others counts as one with a single box of
 * probability kScoreFloor and no class. Does not depend on the order of the pool.
 * @param seed  decides the sample of the pool
 * @return InvalidArgument when shapes do not fit; Cancelled
 */
Result<CandidateFeatures> candidateFeatures(const CandidateInput& input, std::uint64_t seed, const Job& job);

/**
 * How far each row is from its surroundings: the mean Euclidean distance to the `neighbours` nearest of `sample`,
 * itself left out; to all of them when they are fewer, 0 when there is none. O(rows * sample * cols).
 * @param features  [N, D] finite
 * @param sample    rows of `features`, all different
 * @return [N]; empty when cancelled
 */
std::optional<std::vector<double>> neighbourDistances(const Matrix& features, std::span<const std::size_t> sample,
                                                      std::size_t neighbours, const Job& job);

/** How far a project is. */
struct RoundSituation {
    std::size_t labelled = 0;                        // items
    std::size_t pool = 0;                            // items without an answer
    double accuracy = 0.0;                           // Top-1 or mAP@.5 on validation, [0, 1]
    double progress = 0.0;                           // share of the labels that are planned, [0, 1]
    std::span<const std::int64_t> labelledPerClass;  // [C]
    std::span<const double> weights;                 // [M]
};

/**
 * Six numbers about the round, [6]: labelled / (labelled + pool), accuracy, progress, entropy of the answers' classes
 * over ln C (1 before the first answer and for a single class), weightEvenness(), ln(C) / 3. Ours.
 */
std::vector<double> policyState(const RoundSituation& situation);

}  // namespace querent::select::rlmba
