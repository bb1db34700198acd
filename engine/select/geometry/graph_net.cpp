#include "engine/select/geometry/graph_net.h"

#include "engine/select/geometry/rows.h"
#include "engine/select/tensors.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::geometry {
namespace {

using torch::Tensor;

constexpr std::int64_t kH = GraphNet::kHidden;
constexpr std::size_t kRowsBetweenLooks = 64;

/** to += weight * from, a row of any length. */
void addScaled(std::span<float> to, std::span<const float> from, float weight) {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += weight * from[i];
}

/** The parameters, cut into what they are. */
struct Weights {
    Tensor first;       // [F, kHidden], W1
    Tensor firstBias;   // [kHidden]
    Tensor second;      // [kHidden, 1], W2
    Tensor secondBias;  // [1]
};

Weights cut(const Tensor& parameters) {
    const std::int64_t first = parameters.numel() - 2 * kH - 1;
    return {parameters.narrow(0, 0, first).view({first / kH, kH}), parameters.narrow(0, first, kH),
            parameters.narrow(0, first + kH, kH).view({kH, 1}), parameters.narrow(0, first + 2 * kH, 1)};
}

struct Layers {
    Tensor hidden;  // [N, kHidden], H
    Tensor out;     // [N], u
};

/** `mask`: [N, kHidden], what H' is of H; none for all. */
Layers layersOf(const Tensor& parameters, const ItemGraph& graph, const Tensor& mask) {
    const Weights weights = cut(parameters);
    const Tensor hidden = torch::relu(torch::addmm(weights.firstBias, viewOf(graph.aggregated), weights.first));
    const Tensor votes = (mask.defined() ? hidden * mask : hidden).mm(weights.second);
    return {hidden, torch::addmm(weights.secondBias, viewOf(graph.adjacency), votes).squeeze(1)};
}

/** What is not what it should be counts by how many there are of its kind. */
Tensor lossOf(const Tensor& out, const std::vector<char>& labelled) {
    const auto known = std::count_if(labelled.begin(), labelled.end(), [](char c) { return c != 0; });
    const auto others = static_cast<std::ptrdiff_t>(labelled.size()) - known;
    const Tensor targets = torch::zeros_like(out);
    const Tensor shares = torch::zeros_like(out);
    for (std::size_t i = 0; i < labelled.size(); ++i) {
        const bool is = labelled[i] != 0;
        targets.data_ptr<float>()[i] = is ? 1.0F : 0.0F;
        const double share =
            is ? 1.0 / static_cast<double>(known) : GraphNet::kOthersWeight / static_cast<double>(others);
        shares.data_ptr<float>()[i] = static_cast<float>(share);
    }
    return torch::binary_cross_entropy_with_logits(out, targets, shares, {}, at::Reduction::Sum);
}

/** [N, kHidden], 0 for what is dropped. */
Tensor dropped(std::size_t rows, double share, Rng& rng) {
    const Tensor mask = torch::empty({static_cast<std::int64_t>(rows), kH});
    const auto kept = static_cast<float>(1.0 / (1.0 - share));
    std::generate_n(mask.data_ptr<float>(), mask.numel(), [&] { return rng.chance(share) ? 0.0F : kept; });
    return mask;
}

}  // namespace

std::optional<ItemGraph> itemGraph(const Matrix& features, const Job& job) {
    const std::size_t n = features.rows;
    ItemGraph graph{Matrix(n, features.cols), Matrix(n, n), Matrix(n, features.cols)};
    for (std::size_t i = 0; i < n; ++i) {
        const std::vector<float> unit = unitVector(features.row(i));
        std::copy(unit.begin(), unit.end(), graph.features.row(i).begin());
    }
    std::vector<double> sums(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        for (std::size_t j = 0; j < i; ++j) {
            const float likeness = std::max(0.0F, dotProduct(graph.features.row(i), graph.features.row(j)));
            graph.adjacency.at(i, j) = graph.adjacency.at(j, i) = likeness;
            sums[i] += static_cast<double>(likeness);
            sums[j] += static_cast<double>(likeness);
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        for (std::size_t j = 0; j < n; ++j) {
            float& weight = graph.adjacency.at(i, j);
            if (sums[j] > 0.0) weight = static_cast<float>(static_cast<double>(weight) / sums[j]);
            if (i == j) weight = 1.0F;
            if (weight != 0.0F) addScaled(graph.aggregated.row(i), graph.features.row(j), weight);
        }
    }
    return graph;
}

GraphNet::GraphNet(std::size_t features, Rng& rng) {
    const double first = 1.0 / std::sqrt(static_cast<double>(kHidden));
    for (std::size_t i = 0; i < (features + 1) * kHidden; ++i)
        parameters.push_back(static_cast<float>(rng.uniform(-first, first)));
    for (std::size_t i = 0; i < kHidden + 1; ++i)
        parameters.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));  // one unit
}

GraphNet::Activations GraphNet::forward(const ItemGraph& graph) const {
    const torch::NoGradGuard noGrad;
    const Layers layers = layersOf(torch::tensor(parameters), graph, {});
    const std::vector<double> out = doublesOf(layers.out);
    return {matrixOf(layers.hidden), {out.begin(), out.end()}};
}

GraphNet::Loss GraphNet::loss(const ItemGraph& graph, const std::vector<char>& labelled, const Matrix& mask) const {
    const torch::AutoGradMode withGradient(true);
    const Tensor leaf = torch::tensor(parameters).set_requires_grad(true);
    const Tensor value = lossOf(layersOf(leaf, graph, mask.rows > 0 ? viewOf(mask) : Tensor()).out, labelled);
    const std::vector<double> gradient = doublesOf(torch::autograd::grad({value}, {leaf})[0]);
    return {value.item<double>(), {gradient.begin(), gradient.end()}};
}

std::optional<GraphNet> trainedGraphNet(const ItemGraph& graph, const std::vector<char>& labelled, Rng rng,
                                        const GraphTraining& training, const Job& job) {
    const torch::AutoGradMode withGradient(true);
    GraphNet net(graph.features.cols, rng);
    Tensor parameters = torch::tensor(net.parameters).set_requires_grad(true);
    torch::optim::Adam adam({parameters}, torch::optim::AdamOptions(training.rate).weight_decay(training.weightDecay));
    for (int step = 0; step < training.steps; ++step) {
        if (job.cancelled()) return std::nullopt;
        adam.zero_grad();
        const Tensor mask = dropped(graph.features.rows, training.dropout, rng);
        lossOf(layersOf(parameters, graph, mask).out, labelled).backward();
        adam.step();
        job.report("Learning the graph", step + 1, training.steps);
    }
    std::copy_n(parameters.data_ptr<float>(), net.parameters.size(), net.parameters.begin());
    return net;
}

}  // namespace querent::select::geometry
