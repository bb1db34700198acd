#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/select/geometry/graph_net.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace querent::select::geometry {

/** How many items a graph may have; its cost grows with the square. Ours; the authors take 10,000 of the pool. */
struct GraphBounds {
    std::size_t pool = 2000;
    std::size_t labelled = 1000;    // and no more than there are of the pool, but
    std::size_t fewLabelled = 100;  // so many in any case
};

/** What the graph says of items. */
struct GraphView {
    Matrix layers;                 // [N, kHidden + 1]: the hidden layer and u beside it, of the pool; 0 where unusable
    std::vector<double> likeness;  // [N], s in [0, 1]: how much an item is like those that are labelled
    Matrix labelledLayers;         // [n, kHidden + 1], of the labelled items in the graph
};

/**
 * A graph of the pool and of what is labelled, its network trained. Of a large pool a part by chance (by tieKeys) is in
 * the graph, and of the labelled ones one by the seed; every other item of the pool is taken for the most similar (by
 * cosine) one in it (ours). Items come in the order of their keys, so that the order of the pool does not matter.
 * @param usable  rows of the pool
 * @return nothing when cancelled
 */
std::optional<GraphView> lookAtGraph(const SelectionInput& input, const std::vector<std::size_t>& usable,
                                     std::uint64_t seed, const Job& job, const GraphBounds& bounds = {});

}  // namespace querent::select::geometry
