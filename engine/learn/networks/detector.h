#pragma once

// Internal: torch inside.

#include "engine/core/rng.h"
#include "engine/learn/networks/backbone.h"
#include "engine/learn/networks/layers.h"
#include "engine/learn/networks/locations.h"

#include <torch/torch.h>

#include <array>
#include <memory>
#include <vector>

namespace querent::learn::networks {

/** Raw answers for every location of the three levels, finest level first, rows before columns. L locations in all. */
struct DetectorOutput {
    torch::Tensor classes;                    // [N, L, C] logits
    torch::Tensor boxes;                      // [N, L, 4] left, top, right, bottom in input pixels
    torch::Tensor quality;                    // [N, L] logits of the expected IoU with the true box
    std::array<torch::Tensor, 3> maps = {};   // [N, W, h, w] of each level: the neck's
    std::array<torch::Tensor, 3> tower = {};  // [N, W, h, w]: what the classes' last layer sees
};

/** Top-down feature pyramid (Lin et al. 2017): three maps of `width` channels each. */
class NeckImpl : public torch::nn::Module {
 public:
    NeckImpl(const std::array<std::int64_t, 3>& in, std::int64_t width);
    std::array<torch::Tensor, 3> forward(const std::array<torch::Tensor, 3>& maps);

 private:
    std::array<ConvNorm, 3> m_lateral{nullptr, nullptr, nullptr};
    std::array<ConvNorm, 3> m_smooth{nullptr, nullptr, nullptr};
};
TORCH_MODULE(Neck);

/** Shared by all levels: one tower for classes, one for boxes and their quality (FCOS, Tian et al. 2019). */
class HeadImpl : public torch::nn::Module {
 public:
    HeadImpl(std::int64_t width, int classes, int depth);
    DetectorOutput forward(const std::array<torch::Tensor, 3>& maps);

 private:
    int m_classCount;
    torch::nn::Sequential m_classTower, m_boxTower;
    torch::nn::Conv2d m_classes{nullptr}, m_boxes{nullptr}, m_quality{nullptr};
    torch::Tensor m_scales;  // [3] a learnt size of boxes for each level
};
TORCH_MODULE(Head);

/**
 * Anchor-free detector: backbone, pyramid, head. Pictures come in as floats in [0, 255], RGB.
 * All weights are drawn from the generator it is given.
 */
class DetectorNet : public torch::nn::Module {
 public:
    DetectorNet(const BackbonePlan& plan, int classes, Rng rng);

    /** x: [N, 3, H, W] in [0, 255]. */
    DetectorOutput forward(const torch::Tensor& x);
    /** The same, and the average of each neck map over its area, one behind the other: [N, embeddingSize()]. */
    std::pair<DetectorOutput, torch::Tensor> forwardWithEmbedding(const torch::Tensor& x);

    /** The two halves of forward(), for training that leaves the backbone alone: its maps, and the answer from them. */
    std::array<torch::Tensor, 3> backboneMaps(const torch::Tensor& x);
    DetectorOutput forwardFrom(const std::array<torch::Tensor, 3>& maps);
    /** All that comes after the backbone. */
    std::vector<std::shared_ptr<torch::nn::Module>> afterBackbone() { return {m_neck.ptr(), m_head.ptr()}; }

    std::int64_t embeddingSize() const { return 3 * m_width; }
    /** W, the channels of the neck's maps. */
    std::int64_t width() const { return m_width; }
    Backbone& backbone() { return *m_backbone; }

 private:
    std::array<torch::Tensor, 3> features(const torch::Tensor& x);

    std::int64_t m_width;
    std::shared_ptr<Backbone> m_backbone;
    Neck m_neck{nullptr};
    Head m_head{nullptr};
    torch::Tensor m_mean, m_scale;  // [1, 3, 1, 1]
};

}  // namespace querent::learn::networks
