#pragma once

#include "engine/core/result.h"
#include "engine/select/rlmba/memory.h"
#include "engine/select/rlmba/round_view.h"
#include "engine/select/strategy.h"

#include <vector>

namespace querent::select::rlmba {

/** The figures that the guard may tell. */
std::vector<Term> guardFigures();

/**
 * RL-MBA's guard: decides who asks in this round, the policy or a classic strategy, with remarks and figures. Where
 * items have one class, it rehearses on the labelled ones, and the policy gives way to the best classic strategy if the
 * whole 95 % interval says that this one is better. Boxes, and items of several classes, cannot be rehearsed: there
 * trials on validation decide (answered_trials.h), and the policy must be shown to be better, because what it has
 * practised on was of one class. With too few labels to rehearse on, and where nothing can be tried, the policy asks;
 * nothing is tried where all of the pool is asked about.
 * @param memory     learns from rehearsal; keeps trials and their runs, when cancelled as well
 * @param selection  askedBy, remarks and figures are filled in
 * @return Cancelled; what rehearse() and tryOnValidation() return
 */
Result<void> decideWhoAsks(MbaMemory& memory, const MbaCall& call, const MbaView& view, Selection& selection);

}  // namespace querent::select::rlmba
