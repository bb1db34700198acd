#pragma once

#include "engine/select/strategy.h"

#include <vector>

namespace querent::select::classic {

/** Ranks items by one number each that follows from the item's prediction of classes; the largest first. */
class ClassScoreStrategy : public QueryStrategy {
 public:
    /** The tasks of `info` and that it needs a model follow. */
    explicit ClassScoreStrategy(StrategyInfo info);

    const StrategyInfo& info() const override { return m_info; }
    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override;

 private:
    /** Whether item `index` was asked what judge() looks at; InvalidArgument where it was not. */
    virtual Result<void> check(const SelectionInput& input, std::size_t index) const = 0;
    /** The terms of the score, the score itself first; an item with one that is not finite is set aside. */
    virtual std::vector<Reason> judge(const ItemPrediction& prediction, bool multiLabel) const = 0;

    StrategyInfo m_info;
};

}  // namespace querent::select::classic
