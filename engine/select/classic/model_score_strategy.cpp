#include "engine/select/classic/model_score_strategy.h"

#include "engine/select/classic/terms.h"
#include "engine/select/input_check.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr std::size_t kItemsBetweenLooks = 1024;  // how often to ask whether the job was cancelled

/** Reasons that people can read beside the score: how sure the model is of its best answer. */
double topScoreOf(const ItemPrediction& prediction) {
    double top = 0.0;
    for (const float p : prediction.probabilities)
        top = std::max(top, static_cast<double>(p));
    for (const Detection& box : prediction.boxes)
        top = std::max(top, box.score);
    return top;
}

}  // namespace

ModelScoreStrategy::ModelScoreStrategy(StrategyInfo info, const ModelScore& score)
    : m_info(std::move(info)), m_score(score) {
    m_info.needsModel = true;
    m_info.reasons = {score.term, kTopScore};
}

Result<Selection> ModelScoreStrategy::select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                             const Job& job) const {
    if (const auto checked = checkPool(input); !checked) return checked.error();
    if (const auto checked = checkPredictions(input); !checked) return checked.error();
    const auto& all = *input.predictions;
    if (std::none_of(all.begin(), all.end(), [&](const ItemPrediction& p) { return m_score.known(m_score.of(p)); }))
        return fail(ErrorCode::InvalidArgument, "The strategy " + m_info.name + " asks " + m_score.head +
                                                    ", which this model does not have: train a model first.");
    Selection selection;
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
        const double score = m_score.of(all[i]);
        if (std::isfinite(score) && m_score.known(score)) {
            selection.picks.push_back(
                {i, score, {{m_score.term.name, score}, {kTopScore.name, topScoreOf(all[i])}}, false});
        } else {
            selection.leftOut.push_back(unusableAnswer(input, i));
        }
    }
    keepBest(selection.picks, input.pool, count, seed);
    return selection;
}

}  // namespace querent::select::classic
