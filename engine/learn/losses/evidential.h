#pragma once

// Internal: torch inside.

#include <torch/torch.h>

namespace querent::learn::losses {

/** Dirichlet parameters of logits, softplus(logits) + 1 (Han et al. 2021, TMC): each > 1. */
torch::Tensor evidenceOf(const torch::Tensor& logits);

/** KL(Dir(alpha) || Dir(1)), [N], for alpha [N, C]. */
torch::Tensor klToUniform(const torch::Tensor& alpha);

/**
 * The Bayes risk of the cross-entropy under Dir(alpha) (Sensoy et al. 2018, Eq. 4), [N]:
 *     sum_c y_c (digamma(S) - digamma(alpha_c)) + annealing * KL(Dir(y + (1 - y) alpha) || Dir(1))
 * @param targets    [N, C], one-hot
 * @param annealing  weight of the second term, in [0, 1]: grows over the first steps
 */
torch::Tensor evidentialLoss(const torch::Tensor& alpha, const torch::Tensor& targets, double annealing);

}  // namespace querent::learn::losses
