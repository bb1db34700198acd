#include "engine/select/rlmba/round_view.h"

#include "engine/select/policy/modality_weights.h"

#include <algorithm>
#include <utility>

namespace querent::select::rlmba {
namespace {

/** What is known of some items, once they are fused. */
CandidateInput inputOf(std::span<const ItemPrediction> predictions, const Matrix& fused, const MbaView& view,
                       const MbaCall& call) {
    return {
        call.input.task,       predictions,        &fused, &view.labelled, call.input.labelledPerClass, view.weights,
        call.input.multiLabel, call.parts.evidence};
}

}  // namespace

Result<MbaView> viewRound(const MbaCall& call) {
    const SelectionInput& input = call.input;
    auto holdout = viewHoldout(input);
    if (!holdout) return holdout.error();
    MbaView view;
    view.holdout = std::move(holdout).value();
    const std::size_t modalities = std::max<std::size_t>(1, view.holdout.top1.size());
    view.weights.assign(modalities, 1.0 / static_cast<double>(modalities));
    if (call.parts.weights && modalities > 1) {
        auto weights = policy::modalityWeights(view.holdout.top1);
        if (!weights) return weights.error();
        view.weights = std::move(weights).value();
    }
    view.labelled = fusedFeatures(input.labelled.predictions, view.weights);
    view.fused = fusedFeatures(*input.predictions, view.weights);
    // Whatever is to be judged must be among the candidates.
    const std::size_t factor = input.judged.empty() ? kCandidateFactor : input.pool.size();
    auto candidates = mbaCandidates(inputOf(*input.predictions, view.fused, view, call), input.pool,
                                    std::max<std::size_t>(1, call.count), call.seed, call.job, factor);
    if (!candidates) return candidates.error();
    view.candidates = std::move(candidates).value();
    view.state = policyState({input.labelled.count(), input.pool.size(), view.holdout.metric, input.progress,
                              input.labelledPerClass, view.weights});
    return view;
}

Result<MbaCandidates> candidatesAmong(std::span<const ItemId> items, std::span<const ItemPrediction> predictions,
                                      const MbaView& view, const MbaCall& call) {
    const Matrix fused = fusedFeatures(predictions, view.weights);
    return mbaCandidates(inputOf(predictions, fused, view, call), items, call.count, call.seed, call.job);
}

}  // namespace querent::select::rlmba
