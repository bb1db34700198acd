#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace querent::select::mgral {

/**
 * The agent of MGRAL (arXiv 2310.08387): one LSTM cell (Hochreiter and Schmidhuber 1997) that walks along the pool. It
 * sees an item's D features and the selection score of the item before it, and answers with one number an item:
 *     (h_i, c_i) = LSTM([f_i || d_{i-1}], (h_{i-1}, c_{i-1})),   l_i = w h_i + b,   d_i = sigmoid(l_i)
 * with h_0 = c_0 = 0 and d_0 = 0. Ours: the forget gate starts open (bias 1) and the decoder at 0, so that a new agent
 * draws uniformly; all other weights start uniform in +-1 / sqrt(H). Parameters are doubles in one row, as optimisers
 * and files want them; the passes compute in floats. Not for several threads at once while it learns.
 */
class LstmAgent {
 public:
    /** Gradients flow back over so many items at most; ours. */
    static constexpr std::size_t kUnrolled = 256;

    /** What backward() needs of a pass over n items, in the order in which it met them. */
    struct Pass {
        std::vector<std::size_t> order;  // [n], rows of the features
        std::vector<double> logits;      // [n]
        std::vector<double> scores;      // [n], d, in (0, 1)
        Matrix gates;                    // [n, 4H] input, forget, cell, output, after their functions
        Matrix hidden;                   // [n, H]
        Matrix cells;                    // [n, H]
    };

    /** @param features  D >= 1  @param hidden  H >= 1; the paper has D + 1 */
    LstmAgent(std::size_t features, std::size_t hidden, std::uint64_t seed);

    std::size_t features() const { return m_features; }
    std::size_t hidden() const { return m_hidden; }

    /** How many parameters an agent of this shape has. */
    static std::size_t parameterCount(std::size_t features, std::size_t hidden);
    /**
     * [P]: for each of D features, the previous score, H hidden numbers and the bias a row of 4H weights, one to each
     * gate; then the decoder's H weights and its bias.
     */
    std::span<double> parameters() { return m_parameters; }
    std::span<const double> parameters() const { return m_parameters; }

    /**
     * @param features  [N, D] finite
     * @param order     rows of `features`, all different, in the order in which to meet them
     * @return nothing when cancelled
     */
    std::optional<Pass> forward(const Matrix& features, std::span<const std::size_t> order, const Job& job) const;

    /**
     * The gradient of a loss with respect to the parameters, [P], from that with respect to the logits of `pass`, [n],
     * by backpropagation through time in stretches of kUnrolled items. Exact where there are no more. Nothing when
     * cancelled.
     */
    std::optional<std::vector<double>> backward(const Matrix& features, const Pass& pass,
                                                std::span<const double> logitGradient, const Job& job) const;

 private:
    std::size_t gates() const { return 4 * m_hidden; }
    std::size_t inputs() const { return m_features + 1 + m_hidden + 1; }
    void step(Pass& pass, std::size_t at, std::span<const float> weights) const;
    /** Gradients with respect to what goes into the gates' functions, [n, 4H], and to the logits, [n]. */
    struct Backward {
        Matrix gates;
        std::vector<double> logits;
    };
    Backward walkBack(const Pass& pass, std::span<const double> logitGradient) const;
    void backThroughGates(const Pass& pass, std::size_t at, std::span<const float> toHidden, std::span<float> toCell,
                          std::span<float> toGates) const;
    Matrix inputsOf(const Matrix& features, const Pass& pass) const;

    std::size_t m_features;
    std::size_t m_hidden;
    std::vector<double> m_parameters;
};

}  // namespace querent::select::mgral
