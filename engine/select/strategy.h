#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"

#include <cstddef>
#include <cstdint>
#include <functional>
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
 * Trains a copy of the model for a short time on what is labelled and on these items of the pool, whose answers it is
 * not told, and measures it on validation: the headline metric, [0, 1]. Slow: seconds.
 * @param batch  indices into the pool, all different; none: on what is labelled alone
 */
using Proxy = std::function<Result<double>(std::span<const std::size_t> batch, const Job& job)>;

/**
 * What answers bring, which nobody knows of the pool: the same on validation, whose items the model has not been
 * trained on either. Learns from the items `learnt` with their answers, and measures on the items `measured`; both
 * indices into SelectionInput::holdout, all different.
 */
using AnsweredProxy = std::function<Result<double>(std::span<const std::size_t> learnt,
                                                   std::span<const std::size_t> measured, const Job& job)>;

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
    const Proxy* proxy = nullptr;
    const AnsweredProxy* answeredProxy = nullptr;
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

/** An item that could not be scored, and why in one sentence. */
struct SetAside {
    std::size_t index = 0;
    std::string sentence;
};

/** A number about a round or a policy, for charts: "weight" of modality 1, "advantage". */
struct Figure {
    std::string name;  // one word, lower case
    double value = 0.0;
    int part = -1;  // the modality that it belongs to, in the project's order; -1 = none

    bool operator==(const Figure&) const = default;
};

/** The batch, best first, and the items nobody could judge. */
struct Selection {
    std::vector<Pick> picks;
    std::vector<SetAside> setAside;
    std::string memory = {};                // to be given to the next call; empty for strategies that learn nothing
    std::string askedBy = {};               // the strategy whose picks these are, where it gave way to another one
    std::vector<std::string> remarks = {};  // what people should know about this choice, a sentence each
    std::vector<Figure> figures = {};
};

/** What a strategy remembers after a round. */
struct Lesson {
    std::string memory;
    std::vector<Figure> figures;
};

struct StrategyInfo {
    std::string name;              // "entropy-mean": what the command line, files and the project call it
    std::string title;             // "Entropy (mean)": what people call it
    std::string sentence;          // one plain sentence for people
    std::string source;            // where it was published
    bool needsModel = false;       // predictions
    bool needsFeatures = false;    // poolFeatures, and labelledFeatures where something is labelled
    bool needsLabelled = false;    // SelectionInput::labelled
    bool needsHoldout = false;     // SelectionInput::holdout
    bool needsProxy = false;       // SelectionInput::proxy or answeredProxy, for some of its choices
    bool learns = false;           // has a memory that goes from round to round
    bool judges = false;           // SelectionInput::judged is understood: scores depend on the pool around an item
    bool ablation = false;         // a strategy without one of its parts, for comparisons: not to be offered to people
    bool needsSamples = false;     // ItemPrediction::samples
    bool needsCoalitions = false;  // ItemPrediction::coalitions
    bool needsSeveralMedia = false;  // says nothing that another strategy does not where items have one medium
    std::vector<TaskKind> tasks;
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
