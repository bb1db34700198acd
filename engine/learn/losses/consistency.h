#pragma once

// Internal: torch inside.

#include "engine/core/geometry.h"
#include "engine/learn/networks/detector.h"

#include <torch/torch.h>

#include <cstdint>

namespace querent::learn::losses {

/**
 * Consistency between two looks at one item, whose answer nobody has told: what CSD (Jeong et al. 2019,
 * Consistency-based semi-supervised learning for object detection) does for boxes of an SSD, for a detector without
 * anchors.
 */

/** A change of a picture under which it is known where everything goes. */
struct Twin {
    Size input;
    bool mirrored = true;  // left to right; otherwise moved to the right by
    int moved = 0;         // so many pixels, a multiple of the coarsest stride, 32; what comes in is the first column
};

/** The changed pictures; x: [N, 3, H, W]. */
torch::Tensor twinOf(const torch::Tensor& x, const Twin& twin);

/** The locations [K] (int64, of L) of a picture that its twin shows too, and where. */
struct SharedLocations {
    torch::Tensor here, there;
};
SharedLocations sharedLocations(const Twin& twin);

/**
 * Over the foreground, locations where the largest class probability of `here` is above 0.3 (ours; CSD asks whether a
 * class beats "background", which a detector with sigmoids does not have): the mean over these of
 *     1/2 sum_c [KL(p' || p) + KL(p || p')] of yes or no, the first of each pair taken as given,
 *     + 1/4 sum of the squared differences of the four sides, in shares of the box's own size (ours).
 * 0 without foreground, and exactly 0 where both answers are the same. A scalar.
 * @param here, there  [N, L, ...] of the pictures and of their twins
 */
torch::Tensor consistencyLoss(const networks::DetectorOutput& here, const networks::DetectorOutput& there,
                              const Twin& twin, const SharedLocations& shared);

/** The class part alone, for two looks at each item, [N, C] logits: softmax, or yes or no where multi-label. A mean. */
torch::Tensor consistencyLoss(const torch::Tensor& here, const torch::Tensor& there, bool multiLabel);

/**
 * How much consistency counts at a step, in [0, 1]: up as exp(-5 (1 - t)^2) over the first 27 of 100 steps, down as
 * exp(-12.5 t^2) over the last 17. The ramp of ISD (Jeong et al. 2021) for SSD, squeezed to the length of a proxy.
 * @param step  0-based
 */
double consistencyWeight(int step, int steps);

}  // namespace querent::learn::losses
