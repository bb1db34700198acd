#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/training.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/models.h"
#include "engine/session/project/project.h"
#include "engine/session/ranking.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace querent::session {

/** What a batch is chosen from, as the project stands: copies that labels made meanwhile do not change. */
struct PoolState {
    learning::Snapshot pool;
    learning::Snapshot labelled;
    learning::Snapshot holdout;
    std::optional<UsableModel> model;
    std::string memory;  // of the strategy

    /** Where to look; refers to the lists here. */
    RankSources sources() const;
};

/**
 * @param strategy   whose memory is taken along
 * @param askedOnly  the answers are known already: what no round has asked about counts as unlabelled
 */
Result<PoolState> takePoolState(const Project& project, const std::string& strategy, bool askedOnly);

/** The labelled items that train; `askedOnly`: those that rounds have asked about. */
Result<learning::Snapshot> takeLabelled(const Project& project, bool askedOnly);

/** What a strategy remembers goes by its name: policies of several strategies live side by side. Empty: nothing yet. */
std::string memoryOf(const Project& project, const std::string& strategy);

/** Number and seed of the round that comes next. */
RoundRecord nextRound(const Project& project);

/**
 * Items of the pool that the strategy would ask about next, without freezing a round: the next round's batch, where
 * strategy, count and seed are the same.
 * @param wish  without a strategy and a count: the project's
 * @param seed  none: that of the next round
 */
Result<std::vector<QueryEntry>> rankPool(const Project& project, RankWish wish, std::optional<std::uint64_t> seed,
                                         const Job& job, const Note& note = {});

}  // namespace querent::session
