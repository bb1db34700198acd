#pragma once

#include "engine/select/strategy.h"

#include <vector>

namespace querent::select::boxes {

/**
 * How well the model knows each class, [0, 1]: the mean over the class's true boxes of p^0.6 IoU^0.4, p the probability
 * of the class in the box that was found for it (of this class, IoU at least one half, each found box for one true one,
 * best first). PPAL (Yang et al. 2024, Eq. 1) takes a running mean of it over training; ours is measured on the
 * labelled items when the batch is chosen, so that training stays as it is for all strategies. A true box that was not
 * found counts 0; so does a class without any true box. Crowds do not count.
 * @return [classes]
 */
std::vector<double> classQuality(const AnsweredItems& labelled, int classes);

/** PPAL's weight of a class's doubts: 1 + 0.2 * 0.3 ln((e^(1 / 0.3) - 1)(1 - quality) + 1), in [1, 1.2] (Eq. 2). */
double difficultyWeight(double quality);

}  // namespace querent::select::boxes
