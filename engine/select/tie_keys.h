#pragma once

#include "engine/core/ids.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select {

/**
 * One number in [0, 1) an item, by chance, from the seed and the item's id alone: an item keeps its number when the
 * pool is reordered or shrinks. Strategies rank by it where their scores are equal. [N], row i is pool[i]'s.
 */
std::vector<double> tieKeys(std::span<const ItemId> pool, std::uint64_t seed);

/** Sorts picks by score, the highest first, equal ones by their keys, and keeps the first `count`. */
void keepBest(std::vector<Pick>& picks, std::span<const ItemId> pool, std::size_t count, std::uint64_t seed);

}  // namespace querent::select
