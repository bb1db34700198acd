#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/adam.h"
#include "engine/select/mgral/lookup_table.h"
#include "engine/select/mgral/lstm_agent.h"
#include "engine/select/mgral/probe_batches.h"
#include "engine/select/policy/trials.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::select::mgral {

/**
 * How long MGRAL searches. Every number is ours unless it says otherwise: the paper tries 200 batches before and 2,200
 * while it searches, on trainings that take hours; here a person waits.
 */
struct MgralSettings {
    std::size_t features = 64;  // of an item; more are projected onto so many. The paper: 256
    std::size_t records = 10;   // batches tried before the search. The paper: 200
    std::size_t realRuns = 6;   // batches tried during the search where the table does not know
    std::size_t iterations = 200;
    double work = 2e10;             // multiplications; fewer iterations where the pool is large,
    std::size_t fewest = 10;        // but not fewer than these
    std::size_t candidates = 5000;  // of a larger pool a random sample is searched, of at least four batches
    double decay = 0.5;             // gamma of the baseline; the paper
    bool bestSeen = true;           // the answer is the best batch that was seen, not always the agent's favourite
    AdamSettings adam;
    policy::TrialSettings guard;

    /** How often the proxy is asked at most, labels alone included: whoever offers one can plan with it. */
    std::size_t proxyRuns() const { return 1 + records + realRuns; }
};

/** What a search did and found. */
struct MgralOutcome {
    std::vector<std::size_t> batch;  // rows
    std::size_t proxyRuns = 0;
    std::size_t guesses = 0;       // rewards from the table,
    std::size_t extrapolated = 0;  // of which so many were not to be trusted, but no run was left
    std::size_t records = 0;       // in the table at the end
    double labelsAlone = 0.0;      // what the proxy says of no batch at all: the first baseline
    double firstReward = 0.0;
    double lastReward = 0.0;
    double baseline = 0.0;   // at the end
    double predicted = 0.0;  // what the table says of the batch
};

/**
 * The search of MGRAL (arXiv 2310.08387) for the batch that improves the model most. Fills a table with batches that
 * are tried on the proxy, then again and again lets the agent walk along the pool, draws a batch, takes its reward from
 * the table, or, where the table does not know such batches, from the proxy, and moves the agent along
 *     loss = -(m_k - ref) ln pi(S_k) / b,   then   ref = gamma ref + (1 - gamma) m_k,   ref_0 = proxy(labels alone)
 * Ours: batches are drawn by Plackett-Luce on the agent's logits (the paper does not say how); a new random order of
 * the pool for each walk; runs during the search are spread over it.
 * @param pool   n rows in an order that has nothing to do with their content
 * @param size   of the batch, 1..n - 1
 * @param proxy  of rows, ascending
 * @return Cancelled, or what the proxy returns; the agent has then learnt some of it
 */
Result<MgralOutcome> searchBatch(LstmAgent& agent, const ProbePool& pool, std::size_t size, const ProxyOfPool& proxy,
                                 const MgralSettings& settings, std::uint64_t seed, const Job& job);

}  // namespace querent::select::mgral
