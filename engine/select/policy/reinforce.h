#pragma once

#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/adam.h"
#include "engine/select/policy/policy_net.h"

#include <cstddef>
#include <span>
#include <vector>

namespace querent::select::policy {

/** One decision of a policy and what came of it. */
struct Decision {
    Matrix candidates;                // [K, F]
    std::vector<double> state;        // [S]
    std::vector<std::size_t> chosen;  // rows of `candidates`, in the order they were drawn; all different, at least one
    double advantage = 0.0;           // Advantage::value
};

struct ReinforceSettings {
    double entropyBonus = 1e-3;  // ours
    AdamSettings adam;
};

/** What an update did: means over its decisions. */
struct ReinforceReport {
    double logProbability = 0.0;  // of a batch, before the update
    double entropy = 0.0;         // nats a draw, PlackettLuce::drawEntropy()
    double gradientNorm = 0.0;    // before clipping
};

/**
 * One step of REINFORCE (RL-MBA, Eq. 13; Williams 1992), a one-step reward without discount, on the mean over the
 * decisions of
 *     loss = (-A ln pi(batch | state) - bonus H(batch)) / b
 * Dividing by b (ours) makes the rate mean the same for batches of any size.
 * @return InvalidArgument, and nothing is changed, for no decision, shapes that do not fit the network, a batch that is
 *         empty or names a candidate twice or one that is not there, or numbers that are not finite
 */
Result<ReinforceReport> reinforce(PolicyNet& net, Adam& adam, std::span<const Decision> decisions,
                                  const ReinforceSettings& settings = {});

}  // namespace querent::select::policy
