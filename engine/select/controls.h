#pragma once

#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>

namespace querent::select {

/**
 * The strategy's batch, in which the last round(share * batch) picks are replaced by controls: items drawn uniformly
 * from the pool without those that stay and those that the strategy set aside. They show what the same labels would
 * have brought without the strategy. A replaced pick may be drawn again as a control. The batch never grows or shrinks.
 *
 * Nothing but Pick::control tells them from the rest, so that nobody labels them with less care: they stand at random
 * places among the picks, which stay best first, and carry the score and the reasons that the strategy itself gives
 * them once the picks are labelled.
 * @param share  in [0, 1]; clamped, NaN counts as 0
 * @param seed   decides everything: what the strategy draws, the controls and their places
 * @return what QueryStrategy::select() returns
 */
Result<Selection> selectWithControls(const QueryStrategy& strategy, const SelectionInput& input, std::size_t count,
                                     double share, std::uint64_t seed, const Job& job);

}  // namespace querent::select
