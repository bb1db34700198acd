#include "engine/learn/networks/initialise.h"

#include <cmath>

namespace querent::learn::networks {

void fillNormal(torch::Tensor weight, double deviation, Rng& rng) {
    const torch::NoGradGuard noGrad;
    const torch::Tensor values = torch::empty(weight.sizes(), torch::kFloat);
    float* data = values.data_ptr<float>();
    for (std::int64_t i = 0; i < values.numel(); ++i)
        data[i] = static_cast<float>(deviation * rng.normal());
    weight.copy_(values);
}

void initialiseConvolutions(torch::nn::Module& module, Rng& rng) {
    const torch::NoGradGuard noGrad;
    for (const auto& child : module.modules()) {
        if (auto* conv = child->as<torch::nn::Conv2d>()) {
            const auto fanOut = conv->weight.size(0) * conv->weight.size(2) * conv->weight.size(3);
            fillNormal(conv->weight, std::sqrt(2.0 / static_cast<double>(fanOut)), rng);
            if (conv->bias.defined()) conv->bias.zero_();
        }
    }
}

void initialiseLayers(torch::nn::Module& module, Rng& rng) {
    const torch::NoGradGuard noGrad;
    const auto byFanIn = [&rng](torch::Tensor& weight, torch::Tensor& bias) {
        const auto fanIn = static_cast<double>(weight.numel()) / static_cast<double>(weight.size(0));
        fillNormal(weight, std::sqrt(2.0 / fanIn), rng);
        if (bias.defined()) bias.zero_();
    };
    for (const auto& child : module.modules(false)) {
        if (auto* conv = child->as<torch::nn::Conv2d>()) byFanIn(conv->weight, conv->bias);
        if (auto* conv = child->as<torch::nn::Conv1d>()) byFanIn(conv->weight, conv->bias);
        if (auto* linear = child->as<torch::nn::Linear>()) byFanIn(linear->weight, linear->bias);
        if (auto* embedding = child->as<torch::nn::Embedding>()) fillNormal(embedding->weight, 1.0, rng);
    }
}

void initialiseHead(torch::nn::Module& head, Rng& rng) {
    initialiseConvolutions(head, rng);
    const torch::NoGradGuard noGrad;
    constexpr double kPrior = 0.01;
    for (const auto& named : head.named_children()) {
        auto* conv = named.value()->as<torch::nn::Conv2d>();
        if (!conv) continue;
        fillNormal(conv->weight, 0.01, rng);
        const double bias = named.key() == "classes" ? -std::log((1.0 - kPrior) / kPrior)
                            : named.key() == "boxes" ? 1.0
                                                     : 0.0;
        conv->bias.fill_(bias);
    }
}

}  // namespace querent::learn::networks
