#pragma once

// Internal: torch inside.

#include "engine/learn/networks/layers.h"
#include "engine/learn/networks/nanodet.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace querent::learn::networks {

/** What turns one medium of N items into features [N, F]: pictures and texts as they are, sounds standardised. */
class Encoder : public torch::nn::Module {
 public:
    virtual torch::Tensor forward(const torch::Tensor& media) = 0;
};

/**
 * Pictures [N, 3, H, W] in [0, 255] and log-mel features [N, 1, bands, columns]: stages of two 3x3 convolutions, halved
 * in between, then mean and maximum over the plane. Large planes are halved once more at the start.
 */
class PlaneEncoder : public Encoder {
 public:
    PlaneEncoder(std::int64_t channels, std::int64_t height, std::int64_t width, std::int64_t base,
                 std::int64_t features);
    torch::Tensor forward(const torch::Tensor& planes) override;

 private:
    std::vector<ConvNorm> m_convolutions;  // two a stage
    torch::nn::Linear m_out{nullptr};
    torch::nn::LayerNorm m_norm{nullptr};
};

/**
 * Photographs [N, 3, H, W] in [0, 255]: the backbone of NanoDet, then mean and maximum over its maps of strides 16 and
 * 32, each brought to one scale. To start from weights that have seen photographs (files/start_weights.h).
 */
class PhotoEncoder : public Encoder {
 public:
    explicit PhotoEncoder(std::int64_t features);
    torch::Tensor forward(const torch::Tensor& photographs) override;
    Backbone& backbone() { return *m_backbone; }
    /** The backbone computes in bfloat16 where the device is fast at that: for training. */
    bool mixedPrecision = false;

 private:
    std::shared_ptr<NanoDetBackbone> m_backbone;
    torch::nn::BatchNorm1d m_scale{nullptr};
    torch::nn::Linear m_out{nullptr};
    torch::nn::LayerNorm m_norm{nullptr};
    torch::Tensor m_mean, m_deviation;  // [1, 3, 1, 1] of ImageNet's pixels
};

/**
 * Texts [N, T] of subword ids, 0 = padding: embeddings, two gated convolutions (Dauphin et al. 2017) around shortcuts,
 * then mean and maximum over the words that are there.
 */
class TextEncoder : public Encoder {
 public:
    TextEncoder(std::int64_t subwords, std::int64_t features);
    torch::Tensor forward(const torch::Tensor& tokens) override;

 private:
    torch::nn::Embedding m_embedding{nullptr};
    torch::nn::Conv1d m_first{nullptr}, m_second{nullptr};
    torch::nn::Linear m_out{nullptr};
    torch::nn::LayerNorm m_norm{nullptr};
};

}  // namespace querent::learn::networks
