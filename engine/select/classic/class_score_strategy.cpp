#include "engine/select/classic/class_score_strategy.h"

#include "engine/select/input_check.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr std::size_t kItemsBetweenLooks = 1024;  // how often to ask whether the job was cancelled

}  // namespace

ClassScoreStrategy::ClassScoreStrategy(StrategyInfo info) : m_info(std::move(info)) {
    m_info.needsModel = true;
    m_info.tasks = {TaskKind::Classify};
}

Result<Selection> ClassScoreStrategy::select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                             const Job& job) const {
    if (const auto checked = checkPool(input); !checked) return checked.error();
    if (const auto checked = checkClasses(input, m_info.name); !checked) return checked.error();
    Selection selection;
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
        if (const auto checked = check(input, i); !checked) return checked.error();
        const ItemPrediction& prediction = (*input.predictions)[i];
        std::vector<Reason> terms = judge(prediction, input.multiLabel);
        const bool finite =
            allFinite(prediction.probabilities) &&
            std::all_of(terms.begin(), terms.end(), [](const Reason& term) { return std::isfinite(term.value); });
        if (finite) {
            const double score = terms.front().value;
            selection.picks.push_back({i, score, std::move(terms), false});
        } else {
            selection.leftOut.push_back(unusableAnswer(input, i));
        }
    }
    keepBest(selection.picks, input.pool, count, seed);
    return selection;
}

}  // namespace querent::select::classic
