#pragma once

#include "engine/core/job.h"
#include "engine/select/bralt/groups.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace querent::select::bralt {

/**
 * What stands in for the policy where a choice of groups would be too coarse, or nothing is labelled to practise on
 * (ours): a TrustSet by expectation. The predicted groups take turns, the one that is labelled least first; each turn
 * takes the item of the group with the largest expected score times the distance to the nearest item taken so far;
 * equal ones by tie key. A longer batch begins with the shorter one. After 500 items the distance is left out.
 * @return rows of `items`, best first; nothing when cancelled
 */
std::optional<std::vector<std::size_t>> takeTurns(const Items& items, const std::vector<std::int64_t>& labelledPerGroup,
                                                  std::size_t count, std::uint64_t seed, const Job& job);

}  // namespace querent::select::bralt
