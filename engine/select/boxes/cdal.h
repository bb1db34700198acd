#pragma once

#include "engine/core/samples.h"

#include <vector>

namespace querent::select::boxes {

/**
 * What an item says about its classes and how they are confused (CDAL, Agarwal et al. 2020, section 3.2): the mean of
 * its boxes' class distributions, weighted by their entropies; of an item without boxes its class probabilities. Boxes
 * count from kScoreFloor on.
 *
 * CDAL has softmax scores; ours are a sigmoid a class, which are no distribution. Ours: the C probabilities and that of
 * "none of them", 1 - max p, divided by their sum; all at least 1e-6, so that no distance is infinite. The
 * probabilities of one class an item are a distribution already, and "none" is impossible there. An item in which the
 * model sees nothing is a box of probability kScoreFloor that could be any class; where all entropies are 0, all boxes
 * weigh the same.
 * @return [C + 1], each > 0, sum 1; "none" last
 */
std::vector<double> contextOf(const ItemPrediction& prediction, int classes, bool multiLabel);

}  // namespace querent::select::boxes
