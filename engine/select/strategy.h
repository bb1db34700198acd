#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/proxy.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/core/strategy.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace querent::select {

/** Items whose answers are known, and what the model says about them. Nothing is owned. */
struct AnsweredItems {
    std::span<const ItemPrediction> predictions;  // [L], as full as those of the pool
    std::span<const ItemTruth> truth;             // [L], row i is of the same item

    std::size_t count() const { return truth.size(); }
};

/**
 * What a strategy may look at. Nothing is owned: all of it outlives the call. What a strategy does not need
 * (StrategyInfo) may be null or empty.
 */
struct SelectionInput {
    std::span<const ItemId> pool;                              // [N], unlabelled, all different
    const std::vector<ItemPrediction>* predictions = nullptr;  // [N], row i says what the model sees in pool[i]
    const Matrix* poolFeatures = nullptr;                      // [N, D]
    const Matrix* labelledFeatures = nullptr;                  // [L, D]; null or no rows when nothing is labelled
    int classes = 0;
    std::vector<std::int64_t> labelledPerClass;  // [classes], answers that people have given so far
    bool multiLabel = false;                     // classification: each probability is a yes or no by itself
    TaskKind task = TaskKind::Classify;
    std::vector<Modality> media = {};  // [M], the order of ItemPrediction::evidence; may be empty
    AnsweredItems labelled = {};       // what the model was trained on
    AnsweredItems holdout = {};        // validation: never trained on, never asked about
    double progress = 0.0;             // share of the labels that are planned, [0, 1]
    const Proxy* proxy = nullptr;      // null where there is nothing to train or to measure copies of the model on
    /** Selection::memory or Lesson::memory of the same strategy's last call in this project; empty at first. */
    std::string_view memory = {};
    /** False where items are only to be scored: nothing is to be learnt or remembered. */
    bool mayLearn = true;
    /**
     * With StrategyInfo::judges: instead of a batch, these items of the pool with the scores and reasons that they have
     * in it; indices into the pool, all different.
     */
    std::span<const std::size_t> judged = {};
};

/** One item of a batch. */
struct Pick {
    std::size_t index = 0;        // into the pool
    double score = 0.0;           // acquisition score, finite; comparable within one call only
    std::vector<Reason> reasons;  // the terms of the score, the first one first to read
    bool control = false;         // a random pick for comparison (selectWithControls)
};

/** The batch, best first, and the items nobody could judge. */
struct Selection {
    std::vector<Pick> picks;
    std::vector<LeftOut> leftOut;           // items that could not be judged
    std::string memory = {};                // to be given to the next call; empty for strategies that learn nothing
    std::string askedBy = {};               // the strategy whose picks these are, where it gave way to another one
    std::vector<std::string> remarks = {};  // what people should know about this choice, a sentence each
    std::vector<Figure> figures = {};
};

/**
 * A rule that says what to label next. Without state between calls: what it has learnt goes in and out as bytes that
 * whoever calls keeps. Any thread.
 */
class QueryStrategy {
 public:
    virtual ~QueryStrategy() = default;

    virtual const StrategyInfo& info() const = 0;

    /**
     * The `count` items to label next, best first, each at most once; the whole pool, ranked, when it is no larger.
     * The same input and seed give the same answer; equal scores are ordered by chance (the seed and the item's id,
     * never the place in the pool). Items with a number that is not finite are set aside and never picked.
     * @return InvalidArgument for an empty pool, an item that occurs twice, or input that is missing or of the wrong
     *         shape; Cancelled. A strategy that was cancelled after it had learnt something returns that, Selection::
     *         memory, without picks.
     */
    virtual Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                     const Job& job) const = 0;

    /**
     * Learns from what its last batch has brought.
     * @param memory  Selection::memory of that batch
     * @param metric  the headline metric, on validation, of the model that was trained with it, [0, 1]
     * @return what `memory` cannot be read as: see NumberFile
     */
    virtual Result<Lesson> learn(std::string_view memory, double metric) const {
        static_cast<void>(metric);
        return Lesson{std::string(memory), {}};
    }
};

}  // namespace querent::select
