#pragma once

// Internal: torch inside.

#include "engine/core/rng.h"
#include "engine/learn/networks/detector.h"

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace querent::learn::networks {

/**
 * Heads that look on while a network learns and say what strategies ask of it. They get what the network sees without
 * a way back to it, are modules of their own with weights from a random stream of their own, and descend by themselves
 * (SideDescent): the network's weights are bit for bit those of a training without them. That is ours: the methods
 * they come from let these heads shape the features too, and then models could no longer be compared strategy by
 * strategy.
 */

/**
 * Expects the loss of an item (Yoo and Kweon 2019, Learning loss for active learning, section 3.2): each tap through a
 * layer of 64 with ReLU, all side by side through one more. The widths are ours; the paper has 128.
 */
class LossHeadImpl : public torch::nn::Module {
 public:
    explicit LossHeadImpl(const std::vector<std::int64_t>& widths);
    /** taps: [N, widths[i]] each. [N], on a scale of its own: only its order means anything. */
    torch::Tensor forward(const std::vector<torch::Tensor>& taps);

 private:
    std::vector<torch::nn::Linear> m_layers;
    torch::nn::Linear m_out{nullptr};
};
TORCH_MODULE(LossHead);

/** Beside a detector: the expected loss of a picture, and a second opinion on the classes. */
class DetectorSide : public torch::nn::Module {
 public:
    /** @param width  of the neck's maps */
    DetectorSide(std::int64_t width, int classes, std::uint64_t seed);

    /** [N], from the means of the three neck maps. */
    torch::Tensor expectedLoss(const DetectorOutput& output);
    /** [N, L, C] logits, from the tower that the classes are read from. */
    torch::Tensor secondClasses(const DetectorOutput& output);

 private:
    LossHead m_loss{nullptr};
    torch::nn::Conv2d m_classes{nullptr};
};

/**
 * [N], of each picture: how much two opinions on its classes [N, L, C] (logits) differ, the mean over its (at most)
 * 10,000 locations of largest difference of mean_c (sigmoid f1 - sigmoid f2)^2 (Yuan et al. 2021, Multiple instance
 * active learning for object detection, Eq. 3 and section 3.2). In [0, 1].
 */
torch::Tensor discrepancyOf(const torch::Tensor& first, const torch::Tensor& second);

/**
 * The loss of a head that expects losses: pair by pair, item i with item N-1-i, max(0, 1 - sgn(l_i - l_j)
 * (e_i - e_j)), the mean of all (Yoo and Kweon 2019, Eq. 2, margin 1). expected, losses: [N]; 0 for fewer than two.
 */
torch::Tensor rankingLoss(const torch::Tensor& expected, const torch::Tensor& losses);

}  // namespace querent::learn::networks
