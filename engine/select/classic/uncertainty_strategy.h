#pragma once

#include "engine/select/strategy.h"

#include <span>

namespace querent::select::classic {

/** How the boxes of a picture make one number. */
enum class Aggregate {
    Sum,   // many doubtful boxes are worth more than one
    Mean,  // does not favour crowded pictures
    Max,   // the most doubtful box decides
};

/** What makes one number of an item's doubts: for boxes, and for classes where the strategy knows them. */
struct Measures {
    double (*box)(const Detection&) = nullptr;
    Aggregate aggregate = Aggregate::Sum;
    double (*classes)(std::span<const float>, bool) = nullptr;  // null: boxes only
};

/**
 * Ranks items by what the model doubts about them: about their class, or about their boxes of score >= kScoreFloor.
 *
 * A picture in which the model sees nothing is scored as if it held one box of probability kScoreFloor: the model
 * cannot rule such a box out. So it comes after every picture with a truly doubtful box, but before those whose every
 * box is all but certain; with 0 it would never be looked at, and an object that is missed altogether would never be
 * found.
 *
 * Reasons: the measure, "boxes" (how many passed the floor; not for classes), "top score" (of all boxes, 0 without one;
 * the largest probability).
 */
class UncertaintyStrategy : public QueryStrategy {
 public:
    /** `term` is the first reason. The reasons and tasks of `info` follow. */
    UncertaintyStrategy(StrategyInfo info, const Term& term, const Measures& measures);

    const StrategyInfo& info() const override { return m_info; }
    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override;

 private:
    Pick judgeBoxes(std::size_t index, const ItemPrediction& prediction) const;
    Pick judgeClasses(std::size_t index, const ItemPrediction& prediction, bool multiLabel) const;

    StrategyInfo m_info;
    Term m_term;
    Measures m_measures;
};

}  // namespace querent::select::classic
