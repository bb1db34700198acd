#pragma once

#include "engine/core/records.h"
#include "engine/session/strategies.h"

#include <QString>

#include <optional>
#include <string>

namespace querent::app::models {

/** What is known of a strategy; nothing for a name that this program does not know (a newer one's project). */
std::optional<StrategyInfo> strategyNamed(const std::string& name);

/** "RL-MBA", "Margin", ...; strategies without one of their parts say which: "RL-MBA (rl-mba-no-amcb)". */
QString strategyTitle(const std::string& name);

/** Its sentence, and what it needs before it can ask. */
QString strategyText(const StrategyInfo& choice);

/**
 * What a new project begins with: for classes the first that is offered, a learned one; for boxes, and for several
 * classes an item, a classic one. TypiClust asks until there is a model.
 */
QString recommendedStrategy(const ProjectSettings& settings);

/**
 * The strategy that asks in the place of the project's own while that one lacks labelled validation items: the first
 * that is offered and needs none. Empty where the project's own can ask.
 */
QString standInStrategy(const ProjectSettings& settings, const PoolCounts& counts);

}  // namespace querent::app::models
