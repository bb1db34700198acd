#pragma once

#include "engine/select/strategy.h"

namespace querent::select::classic {

/** A number that a model's own heads give an item, and what to say where they give none. */
struct ModelScore {
    double (*of)(const ItemPrediction&) = nullptr;  // not finite: this item has none
    bool (*known)(double) = nullptr;                // whether the model has such a head at all
    Term term;                                      // the first reason
    const char* head = nullptr;                     // "a head that expects losses"
};

/**
 * Ranks items by a number that the model says of each, the largest first. Where the model has no head for it, as those
 * of older versions, the call fails with a sentence: such a model must be trained first.
 */
class ModelScoreStrategy : public QueryStrategy {
 public:
    /** That it needs a model follows, and the reasons. */
    ModelScoreStrategy(StrategyInfo info, const ModelScore& score);

    const StrategyInfo& info() const override { return m_info; }
    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override;

 private:
    StrategyInfo m_info;
    ModelScore m_score;
};

}  // namespace querent::select::classic
