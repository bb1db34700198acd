#pragma once

#include "engine/core/rng.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace querent::select::policy {

/** A number that follows from the logits, and how it changes with each of them. */
struct WithGradient {
    double value = 0.0;
    std::vector<double> gradient;  // [K]
};

/**
 * The distribution over batches of b out of K candidates, in order and without replacement (Plackett-Luce; RL-MBA's
 * policy):
 *     pi(a) = prod_j exp(l_{a_j}) / sum_{i not among a_1..a_{j-1}} exp(l_i)
 * Logits are finite; only their differences matter. All sums of exponentials stay in the logarithm, so logits of any
 * size are safe. A batch that is asked for beyond K has K items.
 */
class PlackettLuce {
 public:
    /** [K] finite logits. */
    explicit PlackettLuce(std::vector<double> logits) : m_logits(std::move(logits)) {}

    const std::vector<double>& logits() const { return m_logits; }

    /** A batch by chance, in the order of its draws: the largest keys l_i - ln(-ln u_i) (Gumbel-top-k). */
    std::vector<std::size_t> sample(std::size_t count, Rng& rng) const;

    /** The likeliest batch: the largest logits, best first; equal ones in the order of the candidates. */
    std::vector<std::size_t> best(std::size_t count) const;

    /** ln pi of a batch of different candidates in this order, <= 0; exact, O(K). */
    double logProbability(std::span<const std::size_t> chosen) const;

    /** ln pi and its gradient with respect to the logits; exact, O(K). */
    WithGradient logProbabilityGradient(std::span<const std::size_t> chosen) const;

    /**
     * Sum of the entropies of the b draws, each given those before it, nats: over batches drawn by sample() its mean is
     * the entropy of the distribution over batches exactly (chain rule). The gradient is that of this sum for the
     * given batch; it leaves out that other logits would draw other batches, so its mean is not quite the gradient of
     * the entropy. Good enough for a bonus. O(K b). Ours.
     */
    WithGradient drawEntropy(std::span<const std::size_t> chosen) const;

 private:
    std::vector<double> logNormalisers(std::span<const std::size_t> chosen) const;

    std::vector<double> m_logits;
};

}  // namespace querent::select::policy
