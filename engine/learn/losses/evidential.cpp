#include "engine/learn/losses/evidential.h"

#include <cmath>

namespace querent::learn::losses {

torch::Tensor evidenceOf(const torch::Tensor& logits) {
    return torch::softplus(logits) + 1.0;
}

torch::Tensor klToUniform(const torch::Tensor& alpha) {
    const torch::Tensor sum = alpha.sum(1, true);
    const double uniform = std::lgamma(static_cast<double>(alpha.size(1)));
    return torch::lgamma(sum).squeeze(1) - torch::lgamma(alpha).sum(1) - uniform +
           ((alpha - 1.0) * (torch::digamma(alpha) - torch::digamma(sum))).sum(1);
}

torch::Tensor evidentialLoss(const torch::Tensor& alpha, const torch::Tensor& targets, double annealing) {
    const torch::Tensor sum = alpha.sum(1, true);
    const torch::Tensor risk = (targets * (torch::digamma(sum) - torch::digamma(alpha))).sum(1);
    if (annealing <= 0.0) return risk;
    return risk + annealing * klToUniform(targets + (1.0 - targets) * alpha);
}

}  // namespace querent::learn::losses
