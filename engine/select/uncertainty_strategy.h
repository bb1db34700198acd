#pragma once

#include "engine/select/strategy.h"

#include <string>

namespace querent::select {

/** How the boxes of a picture make one number. */
enum class Aggregate {
    Sum,   // many doubtful boxes are worth more than one
    Mean,  // does not favour crowded pictures
    Max,   // the most doubtful box decides
};

/**
 * Ranks pictures by what the model doubts about their boxes of score >= kScoreFloor.
 *
 * A picture in which the model sees nothing is scored as if it held one box of probability kScoreFloor: the model
 * cannot rule such a box out. So it comes after every picture with a truly doubtful box, but before those whose every
 * box is all but certain; with 0 it would never be looked at, and an object that is missed altogether would never be
 * found.
 *
 * Reasons: the measure, "boxes" (how many passed the floor), "top score" (of all boxes, 0 without one).
 */
class UncertaintyStrategy : public QueryStrategy {
 public:
    using BoxMeasure = double (*)(const Detection&);

    /** `term` is the name of the first reason. */
    UncertaintyStrategy(StrategyInfo info, std::string term, BoxMeasure measure, Aggregate aggregate);

    const StrategyInfo& info() const override { return m_info; }
    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override;

 private:
    Pick judge(std::size_t index, const ItemPrediction& prediction) const;

    StrategyInfo m_info;
    std::string m_term;
    BoxMeasure m_measure;
    Aggregate m_aggregate;
};

}  // namespace querent::select
