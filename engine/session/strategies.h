#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/strategy.h"

#include <string>
#include <vector>

namespace querent::session {

/** Those to offer to a project's people, in order: for its task and media, no ablations. Any thread. */
std::vector<StrategyInfo> strategiesFor(const ProjectSettings& settings);
std::vector<StrategyInfo> allStrategies();

/** NotFound with the names that exist, or InvalidArgument for a strategy that is not for this task or these media. */
Result<void> requireStrategy(const std::string& name, const ProjectSettings& settings);

}  // namespace querent::session
