#pragma once

#include "engine/core/result.h"

#include <span>
#include <vector>

namespace querent::select::policy {

/** How modalities share the say. Both numbers are ours: the paper names neither. */
struct WeightSettings {
    double temperature = 0.1;  // > 0; smaller turns sooner to the strongest modality
    double floor = 0.05;       // in [0, 1]: no modality has less; above 1/M it counts as 1/M, which makes all equal
};

/**
 * The share of each modality, [M]: >= floor, sum 1.
 *     w = softmax(Top1_m / temperature)         RL-MBA; the paper writes Top1_m - Top1_joint
 *     w <- (1 - M floor) w + floor              ours: keeps the sum and the floor exactly
 * A softmax does not see what is taken from all of its arguments, so the joint head's accuracy cannot matter and is
 * not asked for; accuracies and modalityGaps() give the same weights.
 * @param top1  [M], accuracy of each modality's own head on validation, in [0, 1] (or the gaps)
 * @return InvalidArgument for no modality, a number that is not finite, or settings out of their range
 */
Result<std::vector<double>> modalityWeights(std::span<const double> top1, const WeightSettings& settings = {});

/** phi, the contribution of each modality, [M]: Top1_m - Top1_joint (RL-MBA), each in [-1, 1]. */
std::vector<double> modalityGaps(std::span<const double> top1, double joint);

/**
 * How evenly the weights are spread: their entropy divided by ln M, in [0, 1]; 1 when all are equal, which a single
 * modality always is. Ours.
 */
double weightEvenness(std::span<const double> weights);

/**
 * The weights of the modalities that an item has, [M]: those of the others 0, the rest rescaled to sum 1 (ours).
 * All 0 when there is none; equal shares when those that are there have weight 0.
 */
std::vector<double> presentWeights(std::span<const double> weights, const std::vector<bool>& present);

}  // namespace querent::select::policy
