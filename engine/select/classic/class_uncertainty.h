#pragma once

#include <span>

namespace querent::select::classic {

/**
 * How much a classifier doubts about one item, from its probabilities [C]. They add up to 1; in a multi-label task each
 * is a yes or no by itself.
 */

/** Shannon entropy, -sum p ln p; multi-label: the sum of the binary entropies. Nats. */
double classEntropy(std::span<const float> probabilities, bool multiLabel);

/** 1 - (p1 - p2) of the two largest; multi-label: 1 - |2 p - 1| of the closest call. [0, 1] */
double classMargin(std::span<const float> probabilities, bool multiLabel);

/** 1 - p1; multi-label: 1 minus the probability of the likeliest set of classes, the product of max(p, 1 - p). */
double classLeastConfidence(std::span<const float> probabilities, bool multiLabel);

}  // namespace querent::select::classic
