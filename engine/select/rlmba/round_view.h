#pragma once

#include "engine/core/ids.h"
#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/holdout_view.h"
#include "engine/select/rlmba/rl_mba.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select::rlmba {

/** What RL-MBA chooses from, worked out once a round. */
struct MbaView {
    HoldoutView holdout;
    std::vector<double> weights;  // [M]
    Matrix labelled;              // [L, D], fused
    Matrix fused;                 // [N, D]
    MbaCandidates candidates;
    std::vector<double> state;
};

/** One call of the strategy. Nothing is owned: all of it outlives the call. */
struct MbaCall {
    const SelectionInput& input;
    std::size_t count;  // of the batch
    std::uint64_t seed;
    const Job& job;
    const MbaParts& parts;
};

/**
 * Weights, fused features, candidates and state of a round. Where items are to be judged, all of the pool are
 * candidates.
 * @return what viewHoldout(), modalityWeights() and mbaCandidates() return
 */
Result<MbaView> viewRound(const MbaCall& call);

/**
 * The candidates for a batch of call.count among other items than the pool, with the view's weights and labelled items.
 * @return what mbaCandidates() returns
 */
Result<MbaCandidates> candidatesAmong(std::span<const ItemId> items, std::span<const ItemPrediction> predictions,
                                      const MbaView& view, const MbaCall& call);

}  // namespace querent::select::rlmba
