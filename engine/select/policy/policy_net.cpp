#include "engine/select/policy/policy_net.h"

#include "engine/core/rng.h"

#include <array>
#include <cmath>

namespace querent::select::policy {
namespace {

using Layer = std::array<double, PolicyNet::kHidden>;

double dot(const double* a, const double* b, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

void addScaled(double* to, const double* values, double factor, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        to[i] += factor * values[i];
}

std::vector<double> inputOf(const Matrix& candidates, std::size_t row, std::span<const double> state) {
    std::vector<double> input(candidates.row(row).begin(), candidates.row(row).end());
    input.insert(input.end(), state.begin(), state.end());
    return input;
}

}  // namespace

PolicyNet::PolicyNet(std::size_t features, std::size_t states, std::uint64_t seed)
    : m_features(features), m_states(states), m_parameters(offsets().end, 0.0) {
    Rng rng(seed, "policy");
    const Offsets at = offsets();
    for (std::size_t i = 0; i < at.bias1; ++i)
        m_parameters[i] = rng.normal() / std::sqrt(static_cast<double>(features + states));
    for (std::size_t i = at.weight2; i < at.bias2; ++i)
        m_parameters[i] = rng.normal() / std::sqrt(static_cast<double>(kHidden));
}

PolicyNet::Offsets PolicyNet::offsets() const {
    Offsets at{};
    at.bias1 = kHidden * (m_features + m_states);
    at.weight2 = at.bias1 + kHidden;
    at.bias2 = at.weight2 + kHidden * kHidden;
    at.output = at.bias2 + kHidden;
    at.skip = at.output + kHidden;
    at.end = at.skip + m_features;
    return at;
}

PolicyNet::Activations PolicyNet::forward(const Matrix& candidates, std::span<const double> state) const {
    const Offsets at = offsets();
    const double* p = m_parameters.data();
    const std::size_t inputs = m_features + m_states;
    Activations all{candidates, {state.begin(), state.end()}, {}, {}, {}};
    all.first.resize(candidates.rows * kHidden);
    all.second.resize(candidates.rows * kHidden);
    for (std::size_t k = 0; k < candidates.rows; ++k) {
        const std::vector<double> input = inputOf(candidates, k, state);
        double* first = all.first.data() + k * kHidden;
        double* second = all.second.data() + k * kHidden;
        for (std::size_t h = 0; h < kHidden; ++h)
            first[h] = std::tanh(dot(p + h * inputs, input.data(), inputs) + p[at.bias1 + h]);
        for (std::size_t h = 0; h < kHidden; ++h)
            second[h] = std::tanh(dot(p + at.weight2 + h * kHidden, first, kHidden) + p[at.bias2 + h]);
        all.logits.push_back(kScale *
                             (dot(p + at.output, second, kHidden) + dot(p + at.skip, input.data(), m_features)));
    }
    return all;
}

std::vector<double> PolicyNet::backward(const Activations& activations, std::span<const double> logitGradient) const {
    const Offsets at = offsets();
    const double* p = m_parameters.data();
    const std::size_t inputs = m_features + m_states;
    std::vector<double> gradient(m_parameters.size(), 0.0);
    double* g = gradient.data();
    for (std::size_t k = 0; k < logitGradient.size(); ++k) {
        const double out = kScale * logitGradient[k];
        const std::vector<double> input = inputOf(activations.candidates, k, activations.state);
        const double* first = activations.first.data() + k * kHidden;
        const double* second = activations.second.data() + k * kHidden;
        addScaled(g + at.output, second, out, kHidden);
        addScaled(g + at.skip, input.data(), out, m_features);
        Layer before{};  // the gradient of the first layer's answers
        for (std::size_t h = 0; h < kHidden; ++h) {
            const double inner = out * p[at.output + h] * (1.0 - second[h] * second[h]);
            g[at.bias2 + h] += inner;
            addScaled(g + at.weight2 + h * kHidden, first, inner, kHidden);
            addScaled(before.data(), p + at.weight2 + h * kHidden, inner, kHidden);
        }
        for (std::size_t h = 0; h < kHidden; ++h) {
            const double inner = before[h] * (1.0 - first[h] * first[h]);
            g[at.bias1 + h] += inner;
            addScaled(g + h * inputs, input.data(), inner, inputs);
        }
    }
    return gradient;
}

}  // namespace querent::select::policy
