#include "engine/learn/classify/classifier_doubts.h"

#include <limits>
#include <tuple>

namespace querent::learn::classify {

namespace {

constexpr double kLeastLength = 1e-12;  // rows of the last layer that are equal have no border between them

}  // namespace

torch::Tensor dropoutMasks(std::int64_t count, std::int64_t features, double share, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    return torch::empty({count, features}).bernoulli_(1.0 - share, generator).div_(1.0 - share);
}

std::vector<torch::Tensor> droppedLogits(ClassifierNet& net, const torch::Tensor& fused, const torch::Tensor& masks) {
    std::vector<torch::Tensor> all;
    for (std::int64_t t = 0; t < masks.size(0); ++t)
        all.push_back(net.joint()(net.hiddenOf(fused * masks[t])));
    return all;
}

torch::Tensor presentIn(const torch::Tensor& present, std::size_t set) {
    torch::Tensor allowed = present.clone();
    for (std::int64_t m = 0; m < present.size(1); ++m) {
        if ((set >> m & 1U) == 0) allowed.select(1, m).zero_();
    }
    return allowed;
}

std::vector<torch::Tensor> coalitionLogits(ClassifierNet& net, const std::vector<torch::Tensor>& features,
                                           const torch::Tensor& present) {
    std::vector<torch::Tensor> all;
    for (std::size_t set = 0; set < std::size_t{1} << features.size(); ++set) {
        all.push_back(net.joint()(net.hiddenOf(net.fuse(features, presentIn(present, set)))));
    }
    return all;
}

torch::Tensor bordersOf(const torch::Tensor& logits, const torch::Tensor& weight, bool multiLabel) {
    if (multiLabel) return std::get<0>((logits.abs() / weight.norm(2, 1).clamp_min(kLeastLength)).min(1));
    if (logits.size(1) < 2) return torch::full({logits.size(0)}, -1.0);
    const auto [top, answer] = logits.max(1, true);
    // Row by row rather than through products of rows, which would lose what is left of near-equal ones.
    const torch::Tensor lengths = torch::cdist(weight, weight, 2.0, 2).clamp_min(kLeastLength);
    torch::Tensor distances = (top - logits) / lengths.index_select(0, answer.squeeze(1));
    distances.scatter_(1, answer, std::numeric_limits<float>::infinity());
    return std::get<0>(distances.min(1));
}

}  // namespace querent::learn::classify
