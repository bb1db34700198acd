#pragma once

#include "engine/select/mgral/search.h"
#include "engine/select/strategy.h"

#include <memory>

namespace querent::select::mgral {

/**
 * MGRAL: an agent walks along the pool and learns, from what batches bring a copy of the model, which batch to ask
 * for (searchBatch()). Without a proxy, and where nothing is to be learnt, the agent of the last round only scores.
 * Score and first reason: "selection score", d of a walk in an order by chance; "uncertainty": entropy of the answer,
 * of boxes the sum. Memory: the agent.
 */
std::unique_ptr<QueryStrategy> makeMgral(const MgralSettings& settings);
std::unique_ptr<QueryStrategy> makeMgral();

}  // namespace querent::select::mgral
