#pragma once

// Internal: torch inside.

#include "engine/learn/networks/backbone.h"

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <vector>

namespace querent::learn::networks {

/**
 * One stage: a convolution of stride `stride`, `blocks` halvings of the channels that are joined with what they were
 * made of (after CSPNet, Wang et al. 2020), a last convolution, and all of it joined with the first one's answer: twice
 * `width` channels.
 */
class CrossStageImpl : public torch::nn::Module {
 public:
    CrossStageImpl(std::int64_t in, std::int64_t width, std::int64_t stride, int blocks);
    torch::Tensor forward(const torch::Tensor& x);

 private:
    torch::nn::Conv2d m_enter{nullptr}, m_leave{nullptr};
    std::vector<torch::nn::Conv2d> m_narrow, m_deep;
};
TORCH_MODULE(CrossStage);

/** Pictures [N, 3, H, W] in [0, 255] less the mean and by the deviation of ImageNet, as the backbone wants them. */
torch::Tensor aroundZero(const torch::Tensor& pictures);

/** The backbone of NanoDet-g (RangiLyu/nanodet): plain 3x3 convolutions with biases, no norms, leaky ReLUs of 0.1. */
class NanoDetBackbone : public Backbone {
 public:
    NanoDetBackbone();
    /** x: [N, 3, H, W], red, green, blue, less the mean and by the deviation of ImageNet. */
    std::array<torch::Tensor, 3> forward(torch::Tensor x) override;
    std::array<std::int64_t, 3> channels() const override { return {128, 256, 512}; }
    std::vector<torch::Tensor> early(std::int64_t stride) const override;

 private:
    torch::nn::Conv2d m_stem{nullptr};
    std::array<CrossStage, 4> m_stages{nullptr, nullptr, nullptr, nullptr};
};

/** What NanoDet answers on one level, rows before columns: L locations. */
struct NanoDetLevel {
    torch::Tensor classes;  // [N, L, C] probabilities
    torch::Tensor sides;    // [N, L, 4 * 11] logits of 0 to 10 strides: left, top, right, bottom
};

/** NanoDet-g whole: backbone, a pyramid that goes down and up again, a head for each level. */
class NanoDetNet : public torch::nn::Module {
 public:
    static constexpr std::int64_t kBins = 11;

    explicit NanoDetNet(std::int64_t classes);
    /** x: [N, 3, H, W] in [0, 255], red, green, blue; H and W are multiples of 32. Levels of strides 8, 16 and 32. */
    std::array<NanoDetLevel, 3> forward(const torch::Tensor& x);
    NanoDetBackbone& backbone() { return *m_backbone; }

 private:
    std::int64_t m_classes;
    std::shared_ptr<NanoDetBackbone> m_backbone;
    std::array<torch::nn::Conv2d, 3> m_lateral{nullptr, nullptr, nullptr};
    std::array<torch::nn::Conv2d, 3> m_tower{nullptr, nullptr, nullptr};
    std::array<torch::nn::Conv2d, 3> m_answer{nullptr, nullptr, nullptr};
};

}  // namespace querent::learn::networks
