#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select::policy {

/**
 * The policy's network: the features of one candidate and the state of the round in, one logit out. All candidates
 * go through the same weights, so their order and number do not matter. The paper has a light multi-layer perceptron;
 * this shape is ours:
 *     h1 = tanh(W1 [x || s] + b1),  h2 = tanh(W2 h1 + b2),  logit = 3 (w3 h2 + v x)
 * with two layers of 32. There is no bias at the end and no direct path from the state: both would move all logits
 * alike, which a batch's probability does not see. Weights are doubles in one row, as optimisers and files want them.
 * Not for several threads at once while it learns.
 */
class PolicyNet {
 public:
    static constexpr std::size_t kHidden = 32;
    static constexpr double kScale = 3.0;

    /** What backward() needs of a forward pass. */
    struct Activations {
        Matrix candidates;           // [K, F]
        std::vector<double> state;   // [S]
        std::vector<double> first;   // [K, kHidden]
        std::vector<double> second;  // [K, kHidden]
        std::vector<double> logits;  // [K]
    };

    /** W1 and W2 normal with deviation 1 / sqrt(fan-in), all else 0: a new policy draws uniformly. */
    PolicyNet(std::size_t features, std::size_t states, std::uint64_t seed);

    std::size_t features() const { return m_features; }
    std::size_t states() const { return m_states; }

    /** W1 [32, F+S], b1, W2 [32, 32], b2, w3 [32], v [F], one after the other, row-major. */
    std::span<double> parameters() { return m_parameters; }
    std::span<const double> parameters() const { return m_parameters; }

    /** v, the direct path, [F]: how much a feature by itself counts. */
    std::span<double> direct() { return parameters().last(m_features); }

    /** @param candidates [K, features()]  @param state [states()]; finite numbers */
    Activations forward(const Matrix& candidates, std::span<const double> state) const;

    /** The gradient of a loss with respect to the parameters, [P], from that with respect to the logits, [K]. */
    std::vector<double> backward(const Activations& activations, std::span<const double> logitGradient) const;

 private:
    /** Where each block of the parameters begins. */
    struct Offsets {
        std::size_t bias1, weight2, bias2, output, skip, end;
    };
    Offsets offsets() const;

    std::size_t m_features;
    std::size_t m_states;
    std::vector<double> m_parameters;
};

}  // namespace querent::select::policy
