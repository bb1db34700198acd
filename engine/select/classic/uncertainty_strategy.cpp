#include "engine/select/classic/uncertainty_strategy.h"

#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/boxes/terms.h"
#include "engine/select/classic/terms.h"
#include "engine/select/input_check.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr std::size_t kItemsBetweenLooks = 1024;  // how often to ask whether the job was cancelled

bool finite(const ItemPrediction& prediction) {
    return allFinite(prediction.probabilities) &&
           std::all_of(prediction.boxes.begin(), prediction.boxes.end(),
                       [](const Detection& box) { return std::isfinite(box.score) && allFinite(box.classes); });
}

}  // namespace

UncertaintyStrategy::UncertaintyStrategy(StrategyInfo info, const Term& term, const Measures& measures)
    : m_info(std::move(info)), m_term(term), m_measures(measures) {
    m_info.needsModel = true;
    m_info.tasks = {TaskKind::Detect};
    if (measures.classes != nullptr) m_info.tasks.push_back(TaskKind::Classify);
    m_info.reasons = {term, boxes::kBoxes, kTopScore};
}

Pick UncertaintyStrategy::judgeClasses(std::size_t index, const ItemPrediction& prediction, bool multiLabel) const {
    const std::vector<float>& p = prediction.probabilities;
    const double score = m_measures.classes(p, multiLabel);
    return {index, score, {{m_term.name, score}, {kTopScore.name, *std::max_element(p.begin(), p.end())}}, false};
}

Pick UncertaintyStrategy::judgeBoxes(std::size_t index, const ItemPrediction& prediction) const {
    double sum = 0.0;
    double largest = 0.0;
    double boxes = 0.0;
    double topScore = 0.0;
    for (const Detection& box : prediction.boxes) {
        topScore = std::max(topScore, box.score);
        if (box.score < boxes::kScoreFloor) continue;
        const double value = m_measures.box(box);
        sum += value;
        largest = std::max(largest, value);
        boxes += 1.0;
    }
    double score = 0.0;
    if (boxes == 0.0) {
        score = m_measures.box(Detection{{}, 0, boxes::kScoreFloor, {}});
    } else if (m_measures.aggregate == Aggregate::Max) {
        score = largest;
    } else {
        score = m_measures.aggregate == Aggregate::Mean ? sum / boxes : sum;
    }
    return {index, score, {{m_term.name, score}, {boxes::kBoxes.name, boxes}, {kTopScore.name, topScore}}, false};
}

Result<Selection> UncertaintyStrategy::select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                              const Job& job) const {
    if (const auto checked = checkPool(input); !checked) return checked.error();
    if (const auto checked = checkPredictions(input); !checked) return checked.error();
    const bool byClass = !input.predictions->front().probabilities.empty();
    if (byClass && m_measures.classes == nullptr)
        return fail(ErrorCode::InvalidArgument, "The strategy " + m_info.name + " is for boxes, not for classes.");
    Selection selection;
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
        const ItemPrediction& prediction = (*input.predictions)[i];
        if (finite(prediction)) {
            selection.picks.push_back(byClass ? judgeClasses(i, prediction, input.multiLabel)
                                              : judgeBoxes(i, prediction));
        } else {
            selection.leftOut.push_back(unusableAnswer(input, i));
        }
    }
    keepBest(selection.picks, input.pool, count, seed);
    return selection;
}

}  // namespace querent::select::classic
