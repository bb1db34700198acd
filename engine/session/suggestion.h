#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/item_list.h"
#include "engine/session/learner.h"

#include <string>
#include <vector>

namespace querent::session {

/** One ranking of a pool: the strategy, what it may look at, and how many it should return. */
struct RankRequest {
    std::string strategy;
    std::size_t count = 0;
    double controlShare = 0.0;  // of the batch, replaced by random picks
    std::uint64_t seed = 1;
    std::string device = "auto";
    ModelUse model;  // no file before the first training: strategies that need one give way to random
    const ItemList* pool = nullptr;
    const ItemList* labelled = nullptr;  // truth included
    int classes = 0;
    bool multiLabel = false;
};

struct Ranking {
    std::string strategy;             // the one that ranked: "random" when there was no model for the one asked for
    std::vector<QueryEntry> entries;  // best first; `item` is the picture's id in the pool
    std::vector<ItemPrediction> predictions;  // of the whole pool, where the strategy needed them
    std::vector<std::string> setAside;        // pictures that could not be ranked, a sentence each
};

/** Predicts the pool as far as the strategy needs it, and ranks it. Deterministic by seed. */
Result<Ranking> rank(TaskLearner& learner, const RankRequest& request, const Job& job);

/** NotFound with the names that exist, or InvalidArgument for a strategy that is not for this task or these media. */
Result<void> requireStrategy(const std::string& name, const ProjectSettings& settings);

}  // namespace querent::session
