#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/learning/item_list.h"
#include "engine/session/learning/learner.h"

#include <string>
#include <vector>

namespace querent::session {

/** A number about a round, for charts; `part` is the place of a medium among the project's, -1 for none. */
struct RoundFigure {
    std::string name;
    double value = 0.0;
    int part = -1;
};

/** One ranking of a pool: the strategy, what it may look at, and how many it should return. */
struct RankRequest {
    std::string strategy;
    std::size_t count = 0;
    double controlShare = 0.0;  // of the batch, replaced by random picks
    std::uint64_t seed = 1;
    std::string device = "auto";
    learning::ModelUse model;  // no file before the first training: strategies that need one give way to random
    const learning::ItemList* pool = nullptr;
    const learning::ItemList* labelled = nullptr;  // truth included
    const learning::ItemList* holdout = nullptr;   // validation, truth included; for strategies that need it
    int classes = 0;
    bool multiLabel = false;
    TaskKind task = TaskKind::Detect;
    std::vector<Modality> media;
    double progress = 0.0;  // share of the labels that are planned, [0, 1]
    std::string memory;     // what this strategy remembers of the rounds before
    int trainingSteps = 0;  // of the training that follows; 0 = by the number of items
};

struct Ranking {
    std::string strategy;             // the one that ranked: "random" when there was no model for the one asked for
    std::vector<QueryEntry> entries;  // best first; `item` is the picture's id in the pool
    std::vector<ItemPrediction> predictions;  // of the whole pool, where the strategy needed them
    std::vector<std::string> setAside;        // pictures that could not be ranked, a sentence each
    std::vector<std::string> remarks;         // what people should know about this choice, a sentence each
    std::string memory;                       // to be kept for the strategy; empty when it learns nothing
    std::vector<RoundFigure> figures;
};

/** Predicts the pool as far as the strategy needs it, and ranks it. Deterministic by seed. */
Result<Ranking> rank(learning::TaskLearner& learner, const RankRequest& request, const Job& job);

/** What the strategy is told about its last batch, and what it wants to remember of it. */
struct Lesson {
    std::string memory;
    std::vector<RoundFigure> figures;
};

/**
 * Pays a strategy for its last batch.
 * @param memory  what it remembered when it chose the batch; nothing happens when it is empty
 * @param metric  the headline metric on validation of the model that was trained with the batch, [0, 1]
 */
Result<Lesson> pay(const std::string& strategy, const std::string& memory, double metric);

/** NotFound with the names that exist, or InvalidArgument for a strategy that is not for this task or these media. */
Result<void> requireStrategy(const std::string& name, const ProjectSettings& settings);

}  // namespace querent::session
