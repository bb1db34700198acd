#include "engine/select/tie_keys.h"

#include "engine/core/rng.h"

#include <algorithm>

namespace querent::select {

std::vector<double> tieKeys(std::span<const ItemId> pool, std::uint64_t seed) {
    const std::uint64_t base = deriveSeed(seed, "order of equals");
    std::vector<double> keys;
    keys.reserve(pool.size());
    for (const ItemId item : pool)
        keys.push_back(Rng(base ^ static_cast<std::uint64_t>(item.value)).uniform());
    return keys;
}

void keepBest(std::vector<Pick>& picks, std::span<const ItemId> pool, std::size_t count, std::uint64_t seed) {
    const std::vector<double> keys = tieKeys(pool, seed);
    std::sort(picks.begin(), picks.end(), [&keys](const Pick& a, const Pick& b) {
        return a.score != b.score ? a.score > b.score : keys[a.index] > keys[b.index];
    });
    if (picks.size() > count) picks.resize(count);
}

}  // namespace querent::select
