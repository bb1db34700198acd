#include "engine/learn/portable/drawing.h"

namespace querent::learn::portable {

namespace {

constexpr double kNormEpsilon = 1e-5;  // LibTorch's own
constexpr double kLeak = 0.1;          // NanoDet's

std::string numbered(const std::string& name, int number) {
    return name + std::to_string(number);
}

}  // namespace

Affine Drawing::affine(const std::string& name) const {
    torch::Tensor weight = tensor(name + ".weight");
    if (weight.dim() == 2) weight = weight.unsqueeze(2).unsqueeze(3);
    return {weight, tensor(name + ".bias")};
}

std::pair<torch::Tensor, torch::Tensor> Drawing::norm(const std::string& name) const {
    const torch::Tensor deviation = (tensor(name + ".running_var").to(torch::kDouble) + kNormEpsilon).sqrt();
    const torch::Tensor scale = tensor(name + ".weight").to(torch::kDouble) / deviation;
    return {scale, tensor(name + ".bias") - tensor(name + ".running_mean") * scale};
}

Value Drawing::normalised(const Value& x, const torch::Tensor& mean, const torch::Tensor& scale) {
    return m_graph.channelwise(x, scale, -mean.reshape({-1}) * scale.reshape({-1}));
}

Value Drawing::folded(const Value& x, const std::string& convolution, const std::string& normName,
                      std::int64_t stride) {
    const auto [scale, offset] = norm(normName);
    return layer(x, {tensor(convolution + ".weight") * scale.reshape({-1, 1, 1, 1}), offset}, stride);
}

Value Drawing::convNorm(const Value& x, const std::string& name, std::int64_t stride, bool relu) {
    const Value y = folded(x, name + ".conv", name + ".norm", stride);
    return relu ? m_graph.relu(y) : y;
}

// BasicBlock and Bottleneck: the one has two convolutions with the stride in the first, the other three with it in the
// second.
Value Drawing::residual(const Value& x, const std::string& name, std::int64_t stride) {
    const int convolutions = has(name + ".conv3.weight") ? 3 : 2;
    Value y = x;
    for (int i = 1; i <= convolutions; ++i) {
        const std::int64_t own = i == convolutions - 1 ? stride : 1;
        y = folded(y, numbered(name + ".conv", i), numbered(name + ".bn", i), own);
        if (i < convolutions) y = m_graph.relu(y);
    }
    const std::string shortcut = name + ".downsample";
    const Value beside = has(shortcut + ".0.weight") ? folded(x, shortcut + ".0", shortcut + ".1", stride) : x;
    return m_graph.relu(m_graph.sum(y, beside));
}

std::array<Value, 3> Drawing::small(Value x, const std::string& name) {
    x = convNorm(x, name + ".stem.0", 2);
    x = residual(x, name + ".stage2.0", 2);
    const Value c3 = residual(x, name + ".stage3.0", 2);
    const Value c4 = residual(c3, name + ".stage4.0", 2);
    return {c3, c4, residual(c4, name + ".stage5.0", 2)};
}

std::array<Value, 3> Drawing::resNet(Value x, const std::string& name) {
    x = m_graph.relu(folded(x, name + ".conv1", name + ".bn1", 2));
    x = m_graph.largest(x, 3, 2, 1);
    std::array<Value, 3> maps;
    for (int stage = 1; stage <= 4; ++stage) {
        for (int block = 0;; ++block) {
            const std::string own = numbered(numbered(name + ".layer", stage) + ".", block);
            if (!has(own + ".conv1.weight")) break;
            x = residual(x, own, block == 0 && stage > 1 ? 2 : 1);
        }
        if (stage > 1) maps[static_cast<std::size_t>(stage - 2)] = x;
    }
    return maps;
}

Value Drawing::leakyLayer(const Value& x, const std::string& name, std::int64_t stride) {
    return m_graph.leaky(layer(x, affine(name), stride), kLeak);
}

Value Drawing::crossStage(const Value& x, const std::string& name, std::int64_t stride) {
    const Value first = leakyLayer(x, name + ".enter", stride);
    Value y = first;
    for (int block = 0;; ++block) {
        const std::string own = numbered(name + ".block", block);
        if (!has(own + ".narrow.weight")) break;
        const Value narrow = leakyLayer(y, own + ".narrow");
        y = m_graph.joined({leakyLayer(narrow, own + ".deep"), narrow}, 1);
    }
    return m_graph.joined({leakyLayer(y, name + ".leave"), first}, 1);
}

std::array<Value, 3> Drawing::nanoDet(Value x, const std::string& name) {
    x = m_graph.largest(leakyLayer(x, name + ".stem", 2), 3, 2, 1);
    x = crossStage(x, name + ".stage1", 1);
    std::array<Value, 3> maps;
    for (int i = 0; i < 3; ++i) {
        x = crossStage(x, numbered(name + ".stage", i + 2), 2);
        maps[static_cast<std::size_t>(i)] = x;
    }
    return maps;
}

std::array<Value, 3> Drawing::backbone(const Value& x, const std::string& layout, const std::string& prefix) {
    const std::string name = prefix + "backbone";
    if (layout == "small") return small(x, name);
    if (layout.starts_with("nanodet")) return nanoDet(x, name);
    return resNet(x, name);
}

}  // namespace querent::learn::portable
