#include "engine/select/controls.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>

namespace querent::select {

std::vector<Pick> mixControls(std::vector<Pick> picks, std::size_t poolSize, double share, std::uint64_t seed) {
    const double wanted = std::isnan(share) ? 0.0 : std::clamp(share, 0.0, 1.0);
    const auto controls = static_cast<std::size_t>(std::lround(wanted * static_cast<double>(picks.size())));
    picks.resize(picks.size() - controls);

    std::vector<char> kept(poolSize, 0);
    for (const Pick& pick : picks)
        kept.at(pick.index) = 1;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < poolSize; ++i) {
        if (kept[i] == 0) open.push_back(i);
    }
    Rng rng(seed, "controls");
    for (const std::size_t place : rng.sample(open.size(), controls)) {
        picks.push_back({open[place], 0.0, {{"control", 1.0}}, true});
    }
    return picks;
}

}  // namespace querent::select
