#pragma once

#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <vector>

namespace querent::select::rlmba {

/** What today's model is worth on validation. */
struct HoldoutView {
    double metric = 0.0;       // the headline one: Top-1, mAP of several classes an item, or mAP@.5 of boxes; [0, 1]
    std::vector<double> top1;  // [M], of each modality's own head on the items that have it; empty for boxes
    double nll = 0.0;          // of classes, nats
    double calibration = 0.0;  // of classes: expected calibration error, [0, 1]
};

/**
 * A head's answer is the mean of its Dirichlet distribution; in a multi-label task a class is yes where its evidence is
 * above that against it, and Top-1 is the share of items whose likeliest class is one of theirs, as for one class.
 * @return InvalidArgument when there is no holdout, or what the metrics refuse
 */
Result<HoldoutView> viewHoldout(const SelectionInput& input);

}  // namespace querent::select::rlmba
