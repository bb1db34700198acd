#pragma once

#include "engine/core/ids.h"
#include "engine/select/bralt/super_loss.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select::bralt {

/** How SuperLoss is used here; ours, as the paper's numbers are not known. */
struct CurriculumSettings {
    double tau = 0.0;     // see knowNothingLoss()
    double lambda = 1.0;  // of the SuperLoss authors' code for ten classes
};

/**
 * The loss of an answer that knows nothing: ln C where one class is right, ln 2 where each class is a yes or no. It
 * serves as tau (ours): the running mean of the loss, the other choice of the SuperLoss authors, is next to 0 for
 * examples that the model was trained on, and every unlabelled item would count as too hard.
 */
double knowNothingLoss(int classes, bool yesOrNo);

/**
 * Length of the gradient of the cross-entropy with respect to the last layer, weights and bias (GradNd; Paul et al.
 * 2021, for the last layer alone, which is ours): |p - y| sqrt(|z|^2 + 1). The same for one softmax and for yes-or-no
 * answers.
 * @param residual  |p - y|, >= 0
 * @param length    |z|, of what the last layer sees
 */
double lastLayerGradient(double residual, double length);

/**
 * The gradient's length under SuperLoss: the weight at this loss, times it. As the weight is the best one for its
 * loss, it counts as a constant in the gradient. Very hard and mislabelled examples do not come first, as they would
 * by the gradient alone.
 */
double trustScore(double loss, double residual, double length, const CurriculumSettings& settings);

/** |p - onehot(y)|, p [C]. */
double residualLength(std::span<const float> probabilities, int answer);

/**
 * What a trust score can be expected to be before the answer is known, if the model's probabilities are right:
 * sum over y of p_y trustScore(-ln p_y, |p - y|, length). The limit 0 for p_y = 0.
 */
double expectedTrustScore(std::span<const float> probabilities, double length, const CurriculumSettings& settings);

/** Examples whose group (class) and score are known; row i of each is of the same item. */
struct ScoredExamples {
    std::span<const ItemId> items;
    std::span<const int> groups;     // in [0, groupCount)
    std::span<const double> scores;  // finite
};

/**
 * The TrustSet of some of the examples (BRAL-T, reconstructed): of each group the min(perGroup, its size) examples with
 * the highest scores, so at most perGroup times the groups. Equal scores by tie key.
 * @param rows  which examples to look at
 * @return some of `rows`, group by group, the highest score of each first
 */
std::vector<std::size_t> trustSet(const ScoredExamples& examples, std::span<const std::size_t> rows, int groupCount,
                                  std::size_t perGroup, std::uint64_t seed);

}  // namespace querent::select::bralt
