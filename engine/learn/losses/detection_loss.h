#pragma once

// Internal: torch inside.

#include "engine/learn/networks/detector.h"

#include <torch/torch.h>

namespace querent::learn::losses {

/** Sigmoid focal loss of each element (Lin et al. 2017, Eq. 5), alpha 0.25, gamma 2. Same shape as `logits`. */
torch::Tensor focalLoss(const torch::Tensor& logits, const torch::Tensor& targets);

/** IoU and generalised IoU of boxes pair by pair, [P, 4] each, as [P] (Rezatofighi et al. 2019, Algorithm 1). */
struct Overlaps {
    torch::Tensor iou;
    torch::Tensor giou;
};
Overlaps pairwiseOverlaps(const torch::Tensor& a, const torch::Tensor& b);

struct DetectionLoss {
    torch::Tensor classes;  // scalars; their sum is what is minimised
    torch::Tensor boxes;
    torch::Tensor quality;
    torch::Tensor total() const { return classes + boxes + quality; }
};

/** The first part of what follows, for the logits of any head [N, L, C]. */
torch::Tensor classLoss(const torch::Tensor& logits, const torch::Tensor& labels, const torch::Tensor& weights);

/**
 * @param labels [N, L] int64: class, kBackground or kIgnored
 * @param boxes  [N, L, 4] the true boxes of positive locations
 * @param weights [N, L] how much each positive location counts, see Targets; scaled here to the mean 1
 * Every part is divided by the number of positive locations, at least one. Background counts with the weight 1.
 */
DetectionLoss detectionLoss(const networks::DetectorOutput& output, const torch::Tensor& labels,
                            const torch::Tensor& boxes, const torch::Tensor& weights);

}  // namespace querent::learn::losses
