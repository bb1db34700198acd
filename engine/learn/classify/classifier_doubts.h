#pragma once

// Internal: torch inside.

#include "engine/learn/classify/classifier_net.h"

#include <cstdint>
#include <vector>

namespace querent::learn::classify {

/**
 * What strategies ask a trained classifier beyond its answer. N items, C classes, F fused features, H hidden units. All
 * of it starts from the encoders' features, so none of it costs a second look at the media.
 */

/**
 * Masks [count, F] that drop `share` of the features and scale the rest, as training does; the same seed gives the same
 * masks on every device.
 */
torch::Tensor dropoutMasks(std::int64_t count, std::int64_t features, double share, std::uint64_t seed);

/** [T][N, C], the joint head's logits under each mask [T, F] (MC dropout: Gal and Ghahramani 2016). */
std::vector<torch::Tensor> droppedLogits(ClassifierNet& net, const torch::Tensor& fused, const torch::Tensor& masks);

/** `present` [N, M] with only those media left whose bit is in `set`. */
torch::Tensor presentIn(const torch::Tensor& present, std::size_t set);

/** [2^M][N, C], the joint head's logits when it gets only the modalities whose bit is set in the row's number. */
std::vector<torch::Tensor> coalitionLogits(ClassifierNet& net, const std::vector<torch::Tensor>& features,
                                           const torch::Tensor& present);

/**
 * [N], how far the hidden units would have to move for another answer: min over k of (f_y - f_k) / |w_y - w_k|, y the
 * answer. That is DeepFool's perturbation (Moosavi-Dezfooli et al. 2016), exact in one step as the last layer is
 * linear. Multi-label: the nearest change of any yes or no, min over k of |f_k| / |w_k|. Negative when there is nothing
 * to change to.
 * @param weight  [C, H] of the last layer
 */
torch::Tensor bordersOf(const torch::Tensor& logits, const torch::Tensor& weight, bool multiLabel);

}  // namespace querent::learn::classify
