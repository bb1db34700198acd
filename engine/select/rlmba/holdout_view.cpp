#include "engine/select/rlmba/holdout_view.h"

#include "engine/learn/metrics/classification.h"
#include "engine/learn/metrics/evaluator.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace querent::select::rlmba {
namespace {

/** What one modality's head says, for the items that have the modality. */
std::vector<ItemPrediction> answersOf(const AnsweredItems& items, std::size_t modality) {
    std::vector<ItemPrediction> answers;
    for (const ItemPrediction& prediction : items.predictions) {
        if (modality >= prediction.evidence.size() || prediction.evidence[modality].empty()) continue;
        ItemPrediction answer;
        answer.item = prediction.item;
        answer.probabilities = prediction.evidence[modality];
        const float total = std::accumulate(answer.probabilities.begin(), answer.probabilities.end(), 0.0F);
        for (float& alpha : answer.probabilities)
            alpha /= total;
        answers.push_back(std::move(answer));
    }
    return answers;
}

std::size_t modalitiesOf(const AnsweredItems& items) {
    std::size_t count = 0;
    for (const ItemPrediction& prediction : items.predictions)
        count = std::max(count, prediction.evidence.size());
    return count;
}

}  // namespace

Result<HoldoutView> viewHoldout(const SelectionInput& input) {
    const AnsweredItems& holdout = input.holdout;
    if (holdout.count() == 0) {
        return fail(ErrorCode::InvalidArgument, "This strategy needs labelled validation items.");
    }
    HoldoutView view;
    if (input.task == TaskKind::Detect) {
        const auto map = learn::metrics::map50(holdout.truth, holdout.predictions, input.classes);
        if (!map) return map.error();
        view.metric = std::max(0.0, *map);
        return view;
    }
    const auto joint =
        learn::metrics::evaluateClasses(holdout.truth, holdout.predictions, input.classes, input.multiLabel);
    if (!joint) return joint.error();
    view.metric = std::max(0.0, input.multiLabel ? joint->figures.map : joint->figures.top1);
    view.nll = std::max(0.0, joint->figures.nll);
    view.calibration = std::max(0.0, joint->figures.ece);
    for (std::size_t m = 0; m < modalitiesOf(holdout); ++m) {
        const auto answers = answersOf(holdout, m);
        // One class each: which of the classes is likeliest does not depend on how they are scaled.
        const auto own = learn::metrics::evaluateClasses(holdout.truth, answers, input.classes, input.multiLabel);
        if (!own) return own.error();
        view.top1.push_back(std::max(0.0, own->figures.top1));
    }
    return view;
}

}  // namespace querent::select::rlmba
