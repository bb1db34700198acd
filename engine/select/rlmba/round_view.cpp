#include "engine/select/rlmba/round_view.h"

#include "engine/select/policy/modality_weights.h"

#include <algorithm>
#include <utility>

namespace querent::select::rlmba {
namespace {

/** What is known of some items, once they are fused. */
CandidateInput inputOf(std::span<const ItemPrediction> predictions, const Matrix& fused, const MbaLook& look,
                       const MbaCall& call) {
    return {
        call.input.task,       predictions,        &fused, &look.labelled, call.input.labelledPerClass, look.weights,
        call.input.multiLabel, call.parts.evidence};
}

}  // namespace

Result<MbaLook> lookAround(const MbaCall& call) {
    const SelectionInput& input = call.input;
    auto holdout = viewHoldout(input);
    if (!holdout) return holdout.error();
    MbaLook look;
    look.holdout = std::move(holdout).value();
    const std::size_t modalities = std::max<std::size_t>(1, look.holdout.top1.size());
    look.weights.assign(modalities, 1.0 / static_cast<double>(modalities));
    if (call.parts.weights && modalities > 1) {
        auto weights = policy::modalityWeights(look.holdout.top1);
        if (!weights) return weights.error();
        look.weights = std::move(weights).value();
    }
    look.labelled = fusedFeatures(input.labelled.predictions, look.weights);
    look.fused = fusedFeatures(*input.predictions, look.weights);
    // Whatever is to be judged must be among the candidates.
    const std::size_t factor = input.judged.empty() ? kCandidateFactor : input.pool.size();
    auto candidates = mbaCandidates(inputOf(*input.predictions, look.fused, look, call), input.pool,
                                    std::max<std::size_t>(1, call.count), call.seed, call.job, factor);
    if (!candidates) return candidates.error();
    look.candidates = std::move(candidates).value();
    look.state = policyState({input.labelled.count(), input.pool.size(), look.holdout.metric, input.progress,
                              input.labelledPerClass, look.weights});
    return look;
}

Result<MbaCandidates> candidatesAmong(std::span<const ItemId> items, std::span<const ItemPrediction> predictions,
                                      const MbaLook& look, const MbaCall& call) {
    const Matrix fused = fusedFeatures(predictions, look.weights);
    return mbaCandidates(inputOf(predictions, fused, look, call), items, call.count, call.seed, call.job);
}

}  // namespace querent::select::rlmba
