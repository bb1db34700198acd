#include "engine/learn/losses/consistency.h"

#include "engine/learn/networks/locations.h"

#include <cmath>
#include <vector>

namespace querent::learn::losses {

namespace {

constexpr double kForeground = 0.3;

/** KL(q || p) of each element's yes or no, from logits; q is taken as given. */
torch::Tensor binaryDivergence(const torch::Tensor& q, const torch::Tensor& p) {
    const torch::Tensor given = q.detach();
    const torch::Tensor yes = torch::sigmoid(given);
    return yes * (torch::log_sigmoid(given) - torch::log_sigmoid(p)) +
           (1.0 - yes) * (torch::log_sigmoid(-given) - torch::log_sigmoid(-p));
}

torch::Tensor softmaxDivergence(const torch::Tensor& q, const torch::Tensor& p) {
    const torch::Tensor given = torch::log_softmax(q.detach(), 1);
    return given.exp() * (given - torch::log_softmax(p, 1));
}

/** Boxes [P, 4] of the twin as they would lie in the picture itself. */
torch::Tensor takenBack(const torch::Tensor& boxes, const Twin& twin) {
    if (twin.mirrored) {
        const torch::Tensor x = static_cast<double>(twin.input.width) - boxes;
        return torch::stack({x.select(1, 2), boxes.select(1, 1), x.select(1, 0), boxes.select(1, 3)}, 1);
    }
    return boxes - torch::tensor({static_cast<float>(twin.moved), 0.0F, static_cast<float>(twin.moved), 0.0F},
                                 boxes.options().requires_grad(false));
}

/** The mean square of how far the sides lie apart, in shares of the boxes' own size, [P]. */
torch::Tensor sideDifference(const torch::Tensor& a, const torch::Tensor& b) {
    const torch::Tensor mean = (0.5 * (a + b)).detach();
    const torch::Tensor size = (mean.slice(1, 2, 4) - mean.slice(1, 0, 2)).clamp_min(1.0);
    return ((a - b) / torch::cat({size, size}, 1)).square().mean(1);
}

}  // namespace

torch::Tensor twinOf(const torch::Tensor& x, const Twin& twin) {
    if (twin.mirrored) return x.flip({3});
    const torch::Tensor first = x.slice(3, 0, 1).expand({x.size(0), x.size(1), x.size(2), twin.moved});
    return torch::cat({first, x.slice(3, 0, x.size(3) - twin.moved)}, 3);
}

SharedLocations sharedLocations(const Twin& twin) {
    std::vector<std::int64_t> here, there;
    std::int64_t first = 0;
    for (const int stride : networks::kStrides) {
        const std::int64_t columns = (twin.input.width + stride - 1) / stride;
        const std::int64_t rows = (twin.input.height + stride - 1) / stride;
        for (std::int64_t at = 0; at < rows * columns; ++at) {
            const std::int64_t column = at % columns;
            const std::int64_t to = twin.mirrored ? columns - 1 - column : column + twin.moved / stride;
            if (to >= columns) continue;
            here.push_back(first + at);
            there.push_back(first + at - column + to);
        }
        first += rows * columns;
    }
    return {torch::tensor(here), torch::tensor(there)};
}

torch::Tensor consistencyLoss(const networks::DetectorOutput& here, const networks::DetectorOutput& there,
                              const Twin& twin, const SharedLocations& shared) {
    const auto rowsOf = [](const torch::Tensor& all, const torch::Tensor& places) {
        const torch::Tensor some = all.index_select(1, places.to(all.device()));
        return some.reshape({-1, some.size(2)});
    };
    torch::Tensor p = rowsOf(here.classes, shared.here);
    torch::Tensor q = rowsOf(there.classes, shared.there);
    const torch::Tensor seen = (torch::sigmoid(p.detach()).amax(1) > kForeground).nonzero().squeeze(1);
    if (seen.size(0) == 0) return (here.classes.sum() + here.boxes.sum()) * 0.0;
    p = p.index_select(0, seen);
    q = q.index_select(0, seen);
    const torch::Tensor own = rowsOf(here.boxes, shared.here).index_select(0, seen);
    const torch::Tensor other = takenBack(rowsOf(there.boxes, shared.there).index_select(0, seen), twin);
    const torch::Tensor classes = 0.5 * (binaryDivergence(q, p) + binaryDivergence(p, q)).sum(1);
    return (classes + sideDifference(own, other)).mean();
}

torch::Tensor consistencyLoss(const torch::Tensor& here, const torch::Tensor& there, bool multiLabel) {
    const torch::Tensor divergence = multiLabel ? binaryDivergence(there, here) + binaryDivergence(here, there)
                                                : softmaxDivergence(there, here) + softmaxDivergence(here, there);
    return 0.5 * divergence.sum(1).mean();
}

double consistencyWeight(int step, int steps) {
    constexpr double kUp = 0.27;
    constexpr double kDown = 0.17;
    const double at = (step + 0.5) / std::max(1, steps);
    if (at < kUp) return std::exp(-5.0 * (1.0 - at / kUp) * (1.0 - at / kUp));
    const double late = std::max(0.0, (at - (1.0 - kDown)) / kDown);
    return std::exp(-12.5 * late * late);
}

}  // namespace querent::learn::losses
