#include "engine/learn/descent/optimiser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace querent::learn::descent {

namespace {

torch::Tensor viewOf(const torch::Tensor& flat, std::int64_t& at, const torch::Tensor& like) {
    const torch::Tensor view = flat.narrow(0, at, like.numel()).view(like.sizes());
    at += like.numel();
    return view;
}

}  // namespace

FlatModel::FlatModel(torch::nn::Module& module, const std::vector<torch::Tensor>& slow, double slowPace) {
    const torch::NoGradGuard noGrad;
    std::vector<torch::Tensor> parameters = module.parameters();
    std::erase_if(parameters, [](const torch::Tensor& p) { return !p.requires_grad(); });
    std::stable_partition(parameters.begin(), parameters.end(), [](const torch::Tensor& p) { return p.dim() > 1; });
    std::int64_t count = 0;
    for (const torch::Tensor& p : parameters) {
        count += p.numel();
        if (p.dim() > 1) decayed = count;
    }
    const auto options = parameters.front().options().requires_grad(false);
    weights = torch::empty({count}, options);
    gradients = torch::zeros({count}, options);
    std::int64_t at = 0;
    std::int64_t atGradient = 0;
    if (!slow.empty()) pace = torch::ones_like(weights);
    for (torch::Tensor& p : parameters) {
        const bool isSlow =
            std::any_of(slow.begin(), slow.end(), [&p](const torch::Tensor& s) { return s.is_same(p); });
        if (isSlow) pace.narrow(0, at, p.numel()).fill_(slowPace);
        const torch::Tensor view = viewOf(weights, at, p).copy_(p);
        p.set_data(view);
        p.mutable_grad() = viewOf(gradients, atGradient, p);
    }

    std::vector<torch::Tensor> buffers;
    for (const torch::Tensor& b : module.buffers()) {
        if (b.is_floating_point()) buffers.push_back(b);
    }
    std::int64_t size = 0;
    for (const torch::Tensor& b : buffers)
        size += b.numel();
    statistics = torch::empty({size}, options);
    at = 0;
    for (torch::Tensor& b : buffers)
        b.set_data(viewOf(statistics, at, b).copy_(b));
}

AdamW::AdamW(FlatModel& model, double weightDecay)
    : mean(torch::zeros_like(model.weights)),
      square(torch::zeros_like(model.weights)),
      m_model(model),
      m_weightDecay(weightDecay) {}

void AdamW::step(int step, double rate) {
    constexpr double kBeta1 = 0.9;
    constexpr double kBeta2 = 0.999;
    constexpr double kEpsilon = 1e-8;
    const torch::NoGradGuard noGrad;
    const torch::Tensor& g = m_model.gradients;
    mean.mul_(kBeta1).add_(g, 1.0 - kBeta1);
    square.mul_(kBeta2).addcmul_(g, g, 1.0 - kBeta2);
    const double correction1 = 1.0 - std::pow(kBeta1, step);
    const double correction2 = 1.0 - std::pow(kBeta2, step);
    const torch::Tensor decaying = m_model.weights.narrow(0, 0, m_model.decayed);
    const torch::Tensor spread = (square / correction2).sqrt_().add_(kEpsilon);
    if (m_model.pace.defined()) {
        decaying.mul_(1.0 - rate * m_weightDecay * m_model.pace.narrow(0, 0, m_model.decayed));
        m_model.weights.addcdiv_(mean * m_model.pace, spread, -rate / correction1);
    } else {
        decaying.mul_(1.0 - rate * m_weightDecay);
        m_model.weights.addcdiv_(mean, spread, -rate / correction1);
    }
}

WeightAverage::WeightAverage(const FlatModel& model, double decay)
    : weights(model.weights.clone()), statistics(model.statistics.clone()), m_decay(decay) {}

void WeightAverage::update(const FlatModel& model, int step) {
    const torch::NoGradGuard noGrad;
    const double decay = std::min(m_decay, (1.0 + step) / (10.0 + step));
    weights.lerp_(model.weights, 1.0 - decay);
    statistics.lerp_(model.statistics, 1.0 - decay);
}

double cosineRate(double peak, double warmupShare, double progress) {
    constexpr double kFloor = 0.01;
    if (progress < warmupShare) return peak * std::max(progress / warmupShare, kFloor);
    const double share = std::clamp((progress - warmupShare) / std::max(1.0 - warmupShare, 1e-9), 0.0, 1.0);
    return peak * (kFloor + (1.0 - kFloor) * 0.5 * (1.0 + std::cos(std::numbers::pi * share)));
}

void clipGradients(FlatModel& model, double most) {
    if (most <= 0.0) return;
    const torch::NoGradGuard noGrad;
    const torch::Tensor norm = model.gradients.norm();
    model.gradients.mul_((most / (norm + 1e-6)).clamp_max(1.0));
}

}  // namespace querent::learn::descent
