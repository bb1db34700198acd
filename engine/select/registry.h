#pragma once

#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <memory>
#include <span>
#include <string_view>

namespace querent::select {

/** What there is to choose from, in the order in which to offer it. The registry owns it. Any thread. */
std::span<const StrategyInfo> strategies();

/** The strategy of that name; NotFound, naming those there are. */
Result<std::unique_ptr<QueryStrategy>> makeStrategy(std::string_view name);

}  // namespace querent::select
