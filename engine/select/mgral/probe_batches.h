#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/rng.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace querent::select::mgral {

/** What probeBatches() looks at; a row an item. Nothing is owned. */
struct ProbePool {
    const Matrix& features;                  // [n, D], agentSpace()
    const std::vector<double>& uncertainty;  // [n]
    const std::vector<double>& rarity;       // [n], how much an item promises of classes that are rare so far
};

/**
 * The batches of `size` items that fill MGRAL's table before the search. The paper draws them uniformly; ours are only
 * every other one, as a table of such batches alone cannot say anything about the batches of an agent that has come to
 * prefer something. The others are, in turn: the most doubtful items, the items farthest from each other, the
 * neighbourhood of one item, the items that promise most of rare classes; from the second turn on each is drawn from a
 * random half of the pool.
 * @param size  1..n
 * @return nothing when cancelled
 */
std::optional<std::vector<std::vector<std::size_t>>> probeBatches(const ProbePool& pool, std::size_t size,
                                                                  std::size_t count, Rng& rng, const Job& job);

}  // namespace querent::select::mgral
