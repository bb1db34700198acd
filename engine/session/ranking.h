#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/strategy.h"
#include "engine/session/learning/item_list.h"
#include "engine/session/learning/learner.h"

#include <filesystem>
#include <string>
#include <vector>

namespace querent::session {

/** What is asked for, whoever asks: a round, a look at the pool, a simulation. */
struct RankWish {
    std::string strategy;  // empty = the project's
    int count = 0;         // batch size, 0 = the project's
    std::uint64_t seed = 1;
    std::string device = "auto";
    int trainingSteps = 0;  // of the training that follows; 0 = the project's
};

/** What may be looked at. Lists are not owned and outlive the request. */
struct RankSources {
    const learning::ItemList* pool = nullptr;
    const learning::ItemList* labelled = nullptr;  // truth included
    const learning::ItemList* holdout = nullptr;   // validation, truth included; for strategies that need it
    int classes = 0;
    learning::ModelUse model;        // no file before the first training: see rank()
    std::filesystem::path features;  // the cache of instant::lookAt(); empty: nothing is kept
    std::string memory;              // what this strategy remembers of the rounds before
    double progress = 0.0;           // share of the labels that are planned, [0, 1]
};

/** One ranking of a pool: the strategy, what it may look at, and how many it should return. See rankRequest(). */
struct RankRequest {
    std::string strategy;
    std::size_t count = 0;
    double controlShare = 0.0;  // of the batch, replaced by random picks
    std::uint64_t seed = 1;
    std::string device = "auto";
    int trainingSteps = 0;  // of the training that follows; 0 = by the number of items
    bool multiLabel = false;
    TaskKind task = TaskKind::Detect;
    std::vector<Modality> media;
    RankSources from;
};

/** The only place where a request is made: the same wish and sources are ranked alike wherever they come from. */
RankRequest rankRequest(const ProjectSettings& settings, const RankWish& wish, RankSources sources);

struct Ranking {
    std::string strategy;                     // the one that ranked, which need not be the one that was asked for
    std::vector<QueryEntry> entries;          // best first; `item` is the picture's id in the pool
    std::vector<ItemPrediction> predictions;  // of the whole pool, where the strategy needed them
    std::vector<LeftOut> leftOut;             // items that could not be ranked
    std::vector<std::string> remarks;         // what people should know about this choice, a sentence each
    std::string memory;                       // to be kept for the strategy; empty when it learns nothing
    std::vector<Figure> figures;
};

/**
 * Predicts the pool as far as the strategy needs it, and ranks it. Deterministic by seed.
 *
 * Before there is a model, strategies that need features alone see those that nothing has been learnt for
 * (instant::lookAt), and TypiClust stands in for all others: with few labels what counts is to have met every kind of
 * item. Of a pool that nobody has looked at yet a random part is compared, so that nobody waits for minutes. Where
 * items cannot be looked at random picks stand in, and a remark says why.
 */
Result<Ranking> rank(learning::TaskLearner& learner, const RankRequest& request, const Job& job);

/**
 * Lets a strategy learn from what its last batch has brought.
 * @param memory  what it remembered when it chose the batch; nothing happens when it is empty
 * @param metric  the headline metric on validation of the model that was trained with the batch, [0, 1]
 */
Result<Lesson> learnFromReward(const std::string& strategy, const std::string& memory, double metric);

}  // namespace querent::session
