#pragma once

#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::select {

/**
 * Replaces the last round(share * picks) of a batch by controls: items drawn uniformly from the pool without those that
 * stay, marked `control`, with score 0 and the one reason "control". They show what the same labels would have brought
 * without the strategy. A replaced pick may be drawn again as a control. The batch never grows or shrinks.
 * @param poolSize  picks index into [0, poolSize)
 * @param share     in [0, 1]; clamped, NaN counts as 0
 */
std::vector<Pick> mixControls(std::vector<Pick> picks, std::size_t poolSize, double share, std::uint64_t seed);

}  // namespace querent::select
