#pragma once

#include "engine/core/detection.h"
#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <span>
#include <string>
#include <vector>

namespace querent::select::boxes {

/**
 * What strategies that compare boxes have in common. A box without features, as the model gives for hopeless ones, is
 * like no other.
 */

/** Predictions of boxes, not of classes, whose features (where there are any) are of one length. */
Result<void> checkBoxes(const SelectionInput& input, const std::string& strategy);

/** Whether all that is said of the boxes is finite, their features too. */
bool finiteBoxes(const ItemPrediction& prediction);

/** How probable the model holds the box's own class for: [0, 1]; the score where there are no class scores. */
double labelProbability(const Detection& box);

/** The binary entropy of that, -p ln p - (1-p) ln(1-p). Nats. */
double labelEntropy(const Detection& box);

/** The doubt about a picture in which the model sees nothing: as if it held one box of probability kScoreFloor. */
double emptyEntropy();

}  // namespace querent::select::boxes
