#include "engine/learn/networks/encoders.h"

#include "engine/learn/torch_compat.h"

#include <array>
#include <string>

namespace querent::learn::networks {

namespace {

constexpr std::int64_t kLargePlane = 2500;  // elements from which a plane is halved before anything else
constexpr std::int64_t kStages = 3;

}  // namespace

PlaneEncoder::PlaneEncoder(std::int64_t channels, std::int64_t height, std::int64_t width, std::int64_t base,
                           std::int64_t features) {
    std::int64_t stride = height * width > kLargePlane ? 2 : 1;
    std::int64_t in = channels;
    for (std::int64_t stage = 0; stage < kStages; ++stage) {
        const std::int64_t out = base << stage;
        for (int i = 0; i < 2; ++i) {
            const std::string name = "conv" + std::to_string(m_convolutions.size());
            m_convolutions.push_back(register_module(name, ConvNorm(in, out, 3, stride)));
            in = out;
            stride = 1;
        }
    }
    m_out = register_module("out", torch::nn::Linear(2 * in, features));
    m_norm = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({features})));
}

torch::Tensor PlaneEncoder::forward(const torch::Tensor& planes) {
    // Around 0, with a deviation near 1, as sounds are already.
    torch::Tensor x = planes.size(1) == 3 ? planes.sub(127.5).div_(64.0) : planes;
    for (std::size_t i = 0; i < m_convolutions.size(); ++i) {
        const bool newStage = i > 0 && i % 2 == 0;
        if (newStage && x.size(2) > 1 && x.size(3) > 1) x = torch::max_pool2d(x, 2);
        x = m_convolutions[i](x);
    }
    const torch::Tensor pooled = torch::cat({x.mean({2, 3}), x.amax({2, 3})}, 1);
    return m_norm(m_out(pooled));
}

PhotoEncoder::PhotoEncoder(std::int64_t features) {
    m_backbone = register_module("backbone", std::make_shared<NanoDetBackbone>());
    const std::int64_t pooled = 2 * (m_backbone->channels()[1] + m_backbone->channels()[2]);
    m_scale = register_module("scale", torch::nn::BatchNorm1d(pooled));
    m_out = register_module("out", torch::nn::Linear(pooled, features));
    m_norm = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({features})));
    m_mean = register_buffer("mean", torch::tensor({123.675F, 116.28F, 103.53F}).view({1, 3, 1, 1}));
    m_deviation = register_buffer("deviation", torch::tensor({58.395F, 57.12F, 57.375F}).view({1, 3, 1, 1}));
}

torch::Tensor PhotoEncoder::forward(const torch::Tensor& photographs) {
    const torch::Tensor around0 = (photographs - m_mean) / m_deviation;
    std::array<torch::Tensor, 3> maps;
    {
        const AutocastScope mixed(photographs.device(), mixedPrecision);
        maps = m_backbone->forward(around0);
    }
    std::vector<torch::Tensor> pooled;
    for (const std::size_t level : {std::size_t{1}, std::size_t{2}}) {
        const torch::Tensor map = maps[level].to(torch::kFloat);
        pooled.push_back(map.mean({2, 3}));
        pooled.push_back(map.amax({2, 3}));
    }
    return m_norm(m_out(m_scale(torch::cat(pooled, 1))));
}

TextEncoder::TextEncoder(std::int64_t subwords, std::int64_t features) {
    const std::int64_t width = features;
    const auto gated = [width] { return torch::nn::Conv1d(torch::nn::Conv1dOptions(width, 2 * width, 3).padding(1)); };
    m_embedding = register_module("embedding", torch::nn::Embedding(subwords, width));
    m_first = register_module("first", gated());
    m_second = register_module("second", gated());
    m_out = register_module("out", torch::nn::Linear(2 * width, features));
    m_norm = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({features})));
}

torch::Tensor TextEncoder::forward(const torch::Tensor& tokens) {
    const torch::Tensor there = tokens.ne(0).unsqueeze(1).to(torch::kFloat);  // [N, 1, T]
    torch::Tensor x = m_embedding(tokens).transpose(1, 2) * there;            // [N, width, T]
    x = (x + torch::glu(m_first(x), 1)) * there;
    x = (x + torch::glu(m_second(x), 1)) * there;
    constexpr double kNothing = -1e4;  // below anything a word can say
    const torch::Tensor mean = x.sum(2) / there.sum(2).clamp_min(1.0);
    const torch::Tensor most = (x + (1.0 - there) * kNothing).amax(2).clamp_min(kNothing / 2);
    return m_norm(m_out(torch::cat({mean, most}, 1)));
}

}  // namespace querent::learn::networks
