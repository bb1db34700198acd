#pragma once

// Internal: torch inside.

#include "engine/learn/networks/layers.h"

#include <torch/torch.h>

#include <vector>

namespace querent::learn::networks {

/** What turns one medium of N items into features [N, F]. */
class Encoder : public torch::nn::Module {
 public:
    virtual torch::Tensor forward(const torch::Tensor& media) = 0;
};

/**
 * Pictures [N, 3, H, W] and log-mel features [N, 1, bands, columns]: stages of two 3x3 convolutions, halved in between,
 * then mean and maximum over the plane. Large planes are halved once more at the start.
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
