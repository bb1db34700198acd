#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace querent::select {

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
};

/** One item of a batch. */
struct Pick {
    std::size_t index = 0;        // into the pool
    double score = 0.0;           // acquisition score, finite; comparable within one call only
    std::vector<Reason> reasons;  // the terms of the score, the first one first to read
    bool control = false;         // a random pick for comparison (selectWithControls)
};

/** An item that could not be scored, and why in one sentence. */
struct SetAside {
    std::size_t index = 0;
    std::string sentence;
};

/** The batch, best first, and the items nobody could judge. */
struct Selection {
    std::vector<Pick> picks;
    std::vector<SetAside> setAside;
};

struct StrategyInfo {
    std::string name;            // "entropy-mean": what the command line, files and the project call it
    std::string title;           // "Entropy (mean)": what people call it
    std::string sentence;        // one plain sentence for people
    std::string source;          // where it was published
    bool needsModel = false;     // predictions
    bool needsFeatures = false;  // poolFeatures, and labelledFeatures where something is labelled
    bool needsHoldout = false;
    bool needsSamples = false;       // ItemPrediction::samples
    bool needsCoalitions = false;    // ItemPrediction::coalitions
    bool needsSeveralMedia = false;  // says nothing that another strategy does not where items have one medium
    std::vector<TaskKind> tasks;
};

/** A rule that says what to label next. Without state between calls; any thread. */
class QueryStrategy {
 public:
    virtual ~QueryStrategy() = default;

    virtual const StrategyInfo& info() const = 0;

    /**
     * The `count` items to label next, best first, each at most once; the whole pool, ranked, when it is no larger.
     * The same input and seed give the same answer; equal scores are ordered by chance (the seed and the item's id,
     * never the place in the pool). Items with a number that is not finite are set aside and never picked.
     * @return InvalidArgument for an empty pool, an item that occurs twice, or input that is missing or of the wrong
     *         shape; Cancelled.
     */
    virtual Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                     const Job& job) const = 0;
};

}  // namespace querent::select
