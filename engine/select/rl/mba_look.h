#pragma once

#include "engine/core/ids.h"
#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/rl/holdout_view.h"
#include "engine/select/rl/mba_candidates.h"
#include "engine/select/rl/rl_mba.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select {

/** What RL-MBA chooses from, worked out once a round. */
struct MbaLook {
    HoldoutView holdout;
    std::vector<double> weights;  // [M]
    Matrix labelled;              // [L, D], fused
    Matrix fused;                 // [N, D]
    MbaCandidates candidates;
    std::vector<double> state;
};

/**
 * Weights, fused features, candidates and state of a round. Where items are to be judged, all of the pool are
 * candidates.
 * @return what viewHoldout(), modalityWeights() and mbaCandidates() return
 */
Result<MbaLook> lookAround(const SelectionInput& input, std::size_t count, const MbaParts& parts, std::uint64_t seed,
                           const Job& job);

/** The candidates among other items than the pool, with the weights and the labelled items of this look. */
Result<MbaCandidates> candidatesAmong(std::span<const ItemId> items, const std::vector<ItemPrediction>& predictions,
                                      const MbaLook& look, const SelectionInput& input, std::size_t count,
                                      const MbaParts& parts, std::uint64_t seed, const Job& job);

}  // namespace querent::select
