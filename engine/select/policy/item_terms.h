#pragma once

#include "engine/core/samples.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace querent::select::policy {

/** What one prediction says by itself: the terms of kCandidateFeatures that need no other item, before ranking. */
struct ItemTerms {
    double entropy = 0.0;
    double margin = 0.0;
    double weightedUncertainty = 0.0;
    double smallestUncertainty = 0.0;
    double expectedRarity = 0.0;
    double predictedRarity = 0.0;
    double disagreement = 0.0;
    double top = 0.0;
    std::vector<double> uncertainties;  // [M], u_m; NaN where the item does not have the modality
};

/**
 * @param prediction        probabilities [C] and evidence [M][C], at least one not empty, as predictionProblem() wants
 * @param weights           [M]
 * @param labelledPerClass  [C]
 * @param variance          u_m is scaledUncertainty(); false: the entropy of the mean over that of no knowledge
 */
ItemTerms classTerms(const ItemPrediction& prediction, std::span<const double> weights,
                     std::span<const std::int64_t> labelledPerClass, bool multiLabel, bool variance = true);

/** The same of boxes; one modality. */
ItemTerms boxTerms(std::span<const Detection> boxes, std::span<const std::int64_t> labelledPerClass);

/**
 * Jensen-Shannon divergence of the modalities' mean predictions, equal shares for those that are there, nats: how much
 * the heads disagree, in [0, ln M]. Multi-label: summed over the classes, each a yes (alpha) or no (1).
 */
double disagreement(std::span<const std::vector<float>> evidence, bool multiLabel);

/** Why an item cannot be judged, as the end of "Item 7 ..."; empty when it can. */
std::string predictionProblem(const ItemPrediction& prediction, bool boxes);

/**
 * (rank - 1) / (n - 1), smallest first, in [0, 1]; equal values share the mean of their ranks, so 0.5 where all are
 * equal or there is one alone. Infinities are values like others; not NaN.
 */
std::vector<double> rankNormalised(std::span<const double> values);

}  // namespace querent::select::policy
