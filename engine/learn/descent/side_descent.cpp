#include "engine/learn/descent/side_descent.h"

#include <array>
#include <string>
#include <utility>

namespace querent::learn::descent {

namespace {

const std::string kPrefix = "side.";

}  // namespace

SideDescent::SideDescent(torch::nn::Module& heads, const TrainingSettings& settings)
    : m_model(heads),
      m_average(m_model, settings.emaDecay),
      m_optimiser(m_model, settings.weightDecay),
      m_gradientNorm(settings.gradientNorm) {}

void SideDescent::step(const torch::Tensor& loss, int step, double rate) {
    m_model.gradients.zero_();
    loss.backward();
    clipGradients(m_model, m_gradientNorm);
    m_optimiser.step(step, rate);
    m_average.update(m_model, step);
}

files::NamedTensors SideDescent::captured() const {
    files::NamedTensors state{{"weights", m_model.weights},
                              {"mean", m_optimiser.mean},
                              {"square", m_optimiser.square},
                              {"average", m_average.weights}};
    if (m_best.defined()) state["best"] = m_best;
    return state;
}

void SideDescent::restore(const files::NamedTensors& state) {
    const std::array<std::pair<const char*, torch::Tensor*>, 4> own{{{"weights", &m_model.weights},
                                                                     {"mean", &m_optimiser.mean},
                                                                     {"square", &m_optimiser.square},
                                                                     {"average", &m_average.weights}}};
    for (const auto& [name, tensor] : own) {
        const auto from = state.find(name);
        if (from == state.end() || from->second.sizes() != tensor->sizes()) return;
    }
    const auto best = state.find("best");
    if (best != state.end() && best->second.sizes() != m_model.weights.sizes()) return;
    const torch::NoGradGuard noGrad;
    for (const auto& [name, tensor] : own)
        tensor->copy_(state.at(name));
    if (best != state.end()) m_best = best->second.to(m_model.weights.device());
}

void SideDescent::keepBest() {
    m_best = m_average.weights.clone();
}

void SideDescent::takeAverage() {
    const torch::NoGradGuard noGrad;
    m_model.weights.copy_(m_best.defined() ? m_best : m_average.weights);
}

files::NamedTensors sideTensorsOf(const torch::nn::Module& heads) {
    files::NamedTensors named;
    for (const auto& [name, tensor] : files::tensorsOf(heads))
        named[kPrefix + name] = tensor;
    return named;
}

bool fillSideTensors(torch::nn::Module& heads, const files::NamedTensors& model) {
    files::NamedTensors own;
    for (const auto& [name, tensor] : model) {
        if (name.rfind(kPrefix, 0) == 0) own[name.substr(kPrefix.size())] = tensor;
    }
    return files::fillTensors(heads, own) == files::tensorsOf(heads).size();
}

}  // namespace querent::learn::descent
