#pragma once

#include "engine/core/detection.h"
#include "engine/learn/networks/locations.h"

#include <cstdint>
#include <vector>

namespace querent::learn::losses {

inline constexpr std::int64_t kBackground = -1;
inline constexpr std::int64_t kIgnored = -2;

/** What each location of one picture should say. */
struct Targets {
    std::vector<std::int64_t> labels;  // [L] class, kBackground or kIgnored
    std::vector<float> boxes;          // [L * 4] the true box of positive locations, zeros elsewhere
    std::vector<float> weights;        // [L] 1 / sqrt(locations that answer for the same box), 0 where none does
};

/**
 * Centre sampling (FCOS, Tian et al. 2019, section 3.2 and its journal version, section 3.3): a location answers for a
 * box when it is inside of it, within 1.5 strides of its centre, and the box suits its level; of several boxes, the
 * smallest. A box that would get no location gets the one nearest to its centre. Locations in a crowd box that answer
 * for nothing are ignored.
 * @param boxes in input pixels, labels in [0, C)
 */
Targets assignTargets(const networks::Locations& locations, const std::vector<TrueBox>& boxes);

}  // namespace querent::learn::losses
