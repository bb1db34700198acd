#include "engine/select/rl/mba_look.h"

#include "engine/select/rl/modality_weights.h"

#include <algorithm>
#include <utility>

namespace querent::select {
namespace {

Result<MbaCandidates> candidatesOf(std::span<const ItemId> items, const std::vector<ItemPrediction>& predictions,
                                   const Matrix& fused, const MbaLook& look, const SelectionInput& input,
                                   std::size_t count, std::size_t factor, const MbaParts& parts, std::uint64_t seed,
                                   const Job& job) {
    const CandidateInput seen{input.task,   predictions,      &fused,        &look.labelled, input.labelledPerClass,
                              look.weights, input.multiLabel, parts.evidence};
    return mbaCandidates(seen, items, std::max<std::size_t>(1, count), seed, job, factor);
}

}  // namespace

Result<MbaLook> lookAround(const SelectionInput& input, std::size_t count, const MbaParts& parts, std::uint64_t seed,
                           const Job& job) {
    auto holdout = viewHoldout(input);
    if (!holdout) return holdout.error();
    MbaLook look;
    look.holdout = std::move(holdout).value();
    const std::size_t modalities = std::max<std::size_t>(1, look.holdout.top1.size());
    look.weights.assign(modalities, 1.0 / static_cast<double>(modalities));
    if (parts.weights && modalities > 1) {
        auto weights = modalityWeights(look.holdout.top1);
        if (!weights) return weights.error();
        look.weights = std::move(weights).value();
    }
    look.labelled = fusedFeatures(input.labelled.predictions, look.weights);
    look.fused = fusedFeatures(*input.predictions, look.weights);
    // Whatever is to be judged must be among the candidates.
    const std::size_t factor = input.judged.empty() ? kCandidateFactor : input.pool.size();
    auto candidates =
        candidatesOf(input.pool, *input.predictions, look.fused, look, input, count, factor, parts, seed, job);
    if (!candidates) return candidates.error();
    look.candidates = std::move(candidates).value();
    look.state = policyState({input.labelled.count(), input.pool.size(), look.holdout.metric, input.progress,
                              input.labelledPerClass, look.weights});
    return look;
}

Result<MbaCandidates> candidatesAmong(std::span<const ItemId> items, const std::vector<ItemPrediction>& predictions,
                                      const MbaLook& look, const SelectionInput& input, std::size_t count,
                                      const MbaParts& parts, std::uint64_t seed, const Job& job) {
    const Matrix fused = fusedFeatures(predictions, look.weights);
    return candidatesOf(items, predictions, fused, look, input, count, kCandidateFactor, parts, seed, job);
}

}  // namespace querent::select
