#include "engine/session/simulation/long_tail.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>

namespace querent::session::simulation {

std::vector<std::size_t> longTailPlaces(std::span<const int> labels, int classes, double ratio) {
    std::vector<std::vector<std::size_t>> byClass(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0) continue;
        byClass[static_cast<std::size_t>(labels[i])].push_back(i);
    }
    Rng rng(0, "long tail");
    std::vector<std::size_t> places;
    double share = 1.0;
    for (const std::vector<std::size_t>& items : byClass) {
        const auto wanted = std::lround(share * static_cast<double>(items.size()));
        for (const std::size_t at : rng.sample(items.size(), static_cast<std::size_t>(std::max(1L, wanted))))
            places.push_back(items[at]);
        share *= ratio;
    }
    std::sort(places.begin(), places.end());
    return places;
}

}  // namespace querent::session::simulation
