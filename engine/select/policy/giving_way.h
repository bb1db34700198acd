#pragma once

#include "engine/core/job.h"
#include "engine/core/mean_interval.h"
#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace querent::select::policy {

/** What a policy has brought beyond a rival, for people: "1.2 points better than entropy (95 %: -0.3 to +2.7)". */
std::string gainText(const MeanInterval& gain, const std::string& rival);

/** kGaveWayFigure: 1 where Selection::askedBy says that another strategy asks, 0 where a guard has let this one ask. */
Figure gaveWay(const Selection& selection);

/** The batch of the strategy of this name, for one that gives way to it (Selection::askedBy). */
Result<Selection> askOther(const std::string& name, const SelectionInput& input, std::size_t count, std::uint64_t seed,
                           const Job& job);

}  // namespace querent::select::policy
