#include "engine/learn/networks/encoders.h"

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
    torch::Tensor x = planes;
    for (std::size_t i = 0; i < m_convolutions.size(); ++i) {
        const bool newStage = i > 0 && i % 2 == 0;
        if (newStage && x.size(2) > 1 && x.size(3) > 1) x = torch::max_pool2d(x, 2);
        x = m_convolutions[i](x);
    }
    const torch::Tensor pooled = torch::cat({x.mean({2, 3}), x.amax({2, 3})}, 1);
    return m_norm(m_out(pooled));
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
