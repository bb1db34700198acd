#include "engine/select/tie_keys.h"

#include "engine/core/rng.h"

namespace querent::select {

std::vector<double> tieKeys(std::span<const ItemId> pool, std::uint64_t seed) {
    const std::uint64_t base = deriveSeed(seed, "order of equals");
    std::vector<double> keys;
    keys.reserve(pool.size());
    for (const ItemId item : pool)
        keys.push_back(Rng(base ^ static_cast<std::uint64_t>(item.value)).uniform());
    return keys;
}

}  // namespace querent::select
