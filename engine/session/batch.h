#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/core/strategy.h"
#include "engine/session/learning/learner.h"
#include "engine/session/project/project.h"
#include "engine/session/ranking.h"

#include <vector>

namespace querent::session {

/**
 * Completes a ranking by what the model sees in its batch, where the strategy did not need to know. Items that cannot
 * be read are added to those left out.
 */
Result<void> lookAtBatch(Ranking& ranking, const RankRequest& request, learning::TaskLearner& learner, const Job& job);

/**
 * The round, its batch, what the model sees in it (ghosts: what people are offered, best first) and what the strategy
 * remembers: all of it is stored, or nothing.
 * @param classes  by class number
 */
Result<void> freeze(Project& project, const RoundRecord& record, const Ranking& ranking,
                    const std::vector<ClassLabel>& classes);

/** What was learnt before the wish to stop is not lost; always Cancelled, or why it could not be kept. */
Error keepMemory(Project& project, const Ranking& ranking);

/** Figures as metrics of the model that they were worked out with; a medium's number counts from 1, as ids do. */
std::vector<Metric> metricsOf(const std::vector<Figure>& figures, ModelId model);

}  // namespace querent::session
