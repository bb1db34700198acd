#pragma once

// Internal: torch inside.

#include "engine/learn/detect/predictor.h"
#include "engine/learn/networks/detector.h"
#include "engine/learn/networks/side_heads.h"

#include <torch/torch.h>

#include <vector>

namespace querent::learn::detect {

/**
 * What Predictor::predict promises, for a network that may be in training: it is put back as it was. `side`: the heads
 * that look on; null for none.
 */
Result<std::vector<ItemPrediction>> inferAll(networks::DetectorNet& net, const DetectorConfig& config,
                                             const torch::Device& device, const ItemSource& source,
                                             const PredictOptions& options, const Job& job,
                                             std::vector<UnreadItem>* unread = nullptr,
                                             networks::DetectorSide* side = nullptr);

/**
 * The boxes of one picture from the network's answers, all on the processor: classes [L, C] logits, boxes [L, 4],
 * quality [L] logits. `original` is the picture's size; boxes are clamped to it. tower: [L, W], what
 * Detection::features are taken from; undefined for none.
 */
std::vector<Detection> detectionsOf(const torch::Tensor& classes, const torch::Tensor& boxes,
                                    const torch::Tensor& quality, const torch::Tensor& tower, Size input, Size original,
                                    const PredictOptions& options);

}  // namespace querent::learn::detect
