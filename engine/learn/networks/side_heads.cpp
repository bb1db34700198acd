#include "engine/learn/networks/side_heads.h"

#include "engine/learn/networks/initialise.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

namespace querent::learn::networks {

namespace {

constexpr std::int64_t kLossWidth = 64;
constexpr std::int64_t kMostLocations = 10000;
constexpr double kMargin = 1.0;
// The first opinion starts with weights of deviation 0.01. Two that start close to one another would stay so.
constexpr double kDeviation = 0.05;
constexpr double kPrior = 0.01;

torch::Tensor asInput(const torch::Tensor& seen) {
    return seen.detach().to(torch::kFloat);
}

}  // namespace

LossHeadImpl::LossHeadImpl(const std::vector<std::int64_t>& widths) {
    for (const std::int64_t width : widths) {
        const std::string name = "layer" + std::to_string(m_layers.size());
        m_layers.push_back(register_module(name, torch::nn::Linear(width, kLossWidth)));
    }
    // Without a bias: only differences of what it says count.
    const auto all = kLossWidth * static_cast<std::int64_t>(widths.size());
    m_out = register_module("out", torch::nn::Linear(torch::nn::LinearOptions(all, 1).bias(false)));
}

torch::Tensor LossHeadImpl::forward(const std::vector<torch::Tensor>& taps) {
    std::vector<torch::Tensor> all;
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        all.push_back(torch::relu(m_layers[i](taps[i])));
    return m_out(torch::cat(all, 1)).squeeze(1);
}

DetectorSide::DetectorSide(std::int64_t width, int classes, std::uint64_t seed) {
    m_loss = register_module("loss", LossHead(std::vector<std::int64_t>(3, width)));
    m_classes = register_module("classes", torch::nn::Conv2d(torch::nn::Conv2dOptions(width, classes, 3).padding(1)));
    Rng forLoss(seed, "loss head");
    initialiseLayers(*m_loss, forLoss);
    Rng forClasses(seed, "second classes");
    fillNormal(m_classes->weight, kDeviation, forClasses);
    const torch::NoGradGuard noGrad;
    m_classes->bias.fill_(-std::log((1.0 - kPrior) / kPrior));
}

torch::Tensor DetectorSide::expectedLoss(const DetectorOutput& output) {
    std::vector<torch::Tensor> taps;
    for (const torch::Tensor& map : output.maps)
        taps.push_back(asInput(map).mean({2, 3}));
    return m_loss(taps);
}

torch::Tensor DetectorSide::secondClasses(const DetectorOutput& output) {
    std::vector<torch::Tensor> levels;
    for (const torch::Tensor& map : output.tower)
        levels.push_back(m_classes(asInput(map)).flatten(2).transpose(1, 2));
    return torch::cat(levels, 1);
}

torch::Tensor discrepancyOf(const torch::Tensor& first, const torch::Tensor& second) {
    const torch::Tensor apart = (torch::sigmoid(first) - torch::sigmoid(second)).square().mean(2);
    if (apart.size(1) <= kMostLocations) return apart.mean(1);
    return std::get<0>(apart.topk(kMostLocations, 1)).mean(1);
}

torch::Tensor rankingLoss(const torch::Tensor& expected, const torch::Tensor& losses) {
    const std::int64_t pairs = expected.size(0) / 2;
    if (pairs == 0) return (expected * 0.0).sum();
    const auto apart = [pairs](const torch::Tensor& values) {
        return values.narrow(0, 0, pairs) - values.flip(0).narrow(0, 0, pairs);
    };
    return torch::clamp_min(kMargin - torch::sign(apart(losses.detach())) * apart(expected), 0.0).mean();
}

}  // namespace querent::learn::networks
