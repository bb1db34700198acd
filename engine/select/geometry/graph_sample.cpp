#include "engine/select/geometry/graph_sample.h"

#include "engine/core/rng.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>

namespace querent::select::geometry {
namespace {

constexpr std::size_t kRowsBetweenLooks = 16;

/** The items of a graph: those of the pool first. */
struct Sample {
    std::vector<std::size_t> pool;      // rows
    std::vector<std::size_t> outside;   // usable rows that are not in the graph
    std::vector<std::size_t> labelled;  // rows
};

Sample sampleOf(const SelectionInput& input, std::vector<std::size_t> usable, std::uint64_t seed,
                const GraphBounds& bounds) {
    const std::vector<double> keys = tieKeys(input.pool, seed);
    std::sort(usable.begin(), usable.end(), [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    Sample sample;
    const auto inside = usable.begin() + static_cast<std::ptrdiff_t>(std::min(usable.size(), bounds.pool));
    sample.pool.assign(usable.begin(), inside);
    sample.outside.assign(inside, usable.end());
    if (!input.labelledFeatures) return sample;
    std::vector<std::size_t> finite;
    for (std::size_t i = 0; i < input.labelledFeatures->rows; ++i) {
        if (allFinite(input.labelledFeatures->row(i))) finite.push_back(i);
    }
    const std::size_t most = std::min(bounds.labelled, std::max(bounds.fewLabelled, sample.pool.size()));
    for (const std::size_t place : Rng(seed, "labelled in the graph").sample(finite.size(), most))
        sample.labelled.push_back(finite[place]);
    return sample;
}

Matrix featuresOf(const SelectionInput& input, const Sample& sample) {
    Matrix features(sample.pool.size() + sample.labelled.size(), input.poolFeatures->cols);
    std::size_t at = 0;
    const auto put = [&](std::span<const float> row) {
        std::copy(row.begin(), row.end(), features.row(at).begin());
        ++at;
    };
    for (const std::size_t row : sample.pool)
        put(input.poolFeatures->row(row));
    for (const std::size_t row : sample.labelled)
        put(input.labelledFeatures->row(row));
    return features;
}

/** The most similar item of the graph. */
std::size_t nearestIn(const ItemGraph& graph, const std::vector<float>& unit) {
    std::size_t best = 0;
    float most = -2.0F;
    for (std::size_t i = 0; i < graph.features.rows; ++i) {
        const float likeness = dotProduct(graph.features.row(i), unit);
        if (likeness <= most) continue;
        most = likeness;
        best = i;
    }
    return best;
}

void putLayers(const GraphNet::Activations& seen, std::size_t node, std::span<float> row) {
    const auto hidden = seen.hidden.row(node);
    std::copy(hidden.begin(), hidden.end(), row.begin());
    row.back() = seen.out[node];
}

}  // namespace

std::optional<GraphView> lookAtGraph(const SelectionInput& input, const std::vector<std::size_t>& usable,
                                     std::uint64_t seed, const Job& job, const GraphBounds& bounds) {
    const Sample sample = sampleOf(input, usable, seed, bounds);
    const auto graph = itemGraph(featuresOf(input, sample), job);
    if (!graph) return std::nullopt;
    std::vector<char> labelled(graph->features.rows, 0);
    std::fill(labelled.begin() + static_cast<std::ptrdiff_t>(sample.pool.size()), labelled.end(), char{1});
    const auto net = trainedGraphNet(*graph, labelled, Rng(seed, "graph"), {}, job);
    if (!net) return std::nullopt;
    const GraphNet::Activations seen = net->forward(*graph);

    GraphView view{Matrix(input.pool.size(), GraphNet::kHidden + 1), std::vector<double>(input.pool.size(), 0.0),
                   Matrix(sample.labelled.size(), GraphNet::kHidden + 1)};
    const auto put = [&](std::size_t row, std::size_t node) {
        putLayers(seen, node, view.layers.row(row));
        view.likeness[row] = 1.0 / (1.0 + std::exp(-static_cast<double>(seen.out[node])));
    };
    for (std::size_t i = 0; i < sample.pool.size(); ++i)
        put(sample.pool[i], i);
    for (std::size_t i = 0; i < sample.labelled.size(); ++i)
        putLayers(seen, sample.pool.size() + i, view.labelledLayers.row(i));
    for (std::size_t i = 0; i < sample.outside.size(); ++i) {
        if (i % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        const std::size_t row = sample.outside[i];
        put(row, nearestIn(*graph, unitVector(input.poolFeatures->row(row))));
    }
    return view;
}

}  // namespace querent::select::geometry
