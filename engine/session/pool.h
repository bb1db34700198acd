#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/training.h"
#include "engine/session/instant/instant_answers.h"
#include "engine/session/learning/snapshot.h"
#include "engine/session/models.h"
#include "engine/session/project/project.h"
#include "engine/session/ranking.h"

#include <cstdint>
#include <filesystem>
#include <memory>
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
    std::string memory;                   // of the strategy
    std::filesystem::path features = {};  // RankSources::features

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

/** What items are seen by for instant::InstantAnswers. */
enum class SeenBy {
    Nothing,  // features that nothing has been learnt for: at once
    Model,    // the current model's last layer; NotFound where none is usable
};

/** What the answers so far say of all items, by the features that are asked for; slow at first, see there. */
Result<std::shared_ptr<instant::InstantAnswers>> takeInstantAnswers(const Project& project, SeenBy by,
                                                                    const std::string& device, const Job& job);

}  // namespace querent::session
