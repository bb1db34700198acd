#pragma once

#include "engine/core/samples.h"

#include <cstddef>
#include <vector>

namespace querent::select::boxes {

/** What is left of a picture's boxes when those that repeat the doubts of others are taken away. */
struct DoubtfulBoxes {
    std::vector<std::size_t> kept;  // into ItemPrediction::boxes, the most doubtful first
    double doubt = 0.0;             // the sum of their entropies, nats
};

/**
 * Entropy-based non-maximum suppression (Wu, Chen and Huang 2022, section 3.2): the most doubtful box stays, boxes of
 * its class whose features have a cosine above `threshold` with its own go, and so on. Boxes count from kScoreFloor
 * on; the doubt of a box is labelEntropy(). A picture without boxes has the doubt emptyEntropy() (ours).
 */
DoubtfulBoxes suppressRepeatedDoubts(const ItemPrediction& prediction, double threshold);

/** What a class looks like in a picture. */
struct Prototype {
    int label = 0;
    std::vector<float> features;  // a unit vector; empty where the boxes have none
};

/** One a class of the kept boxes: the mean of their features, weighted by their entropies (Eq. 3). Labels ascend. */
std::vector<Prototype> prototypesOf(const ItemPrediction& prediction, const std::vector<std::size_t>& kept);

}  // namespace querent::select::boxes
