#include "engine/select/mgral/search.h"

#include "engine/core/rng.h"
#include "engine/select/policy/plackett_luce.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace querent::select::mgral {
namespace {

using Batch = std::vector<std::size_t>;

/** How many walks there is time for; the same on every machine. */
std::size_t iterationsFor(const LstmAgent& agent, std::size_t items, const MgralSettings& settings) {
    // A walk forwards, one back and the sums of the gradients.
    const double walk = 3.0 * static_cast<double>(agent.parameters().size()) * static_cast<double>(items);
    const double affordable = std::min(settings.work / walk, static_cast<double>(settings.iterations));
    return std::max(std::min(settings.fewest, settings.iterations), static_cast<std::size_t>(affordable));
}

class Search {
 public:
    Search(LstmAgent& agent, const ProbePool& pool, std::size_t size, const ProxyOfPool& proxy,
           const MgralSettings& settings, std::uint64_t seed, const Job& job)
        : m_agent(agent),
          m_pool(pool),
          m_size(size),
          m_proxy(proxy),
          m_settings(settings),
          m_adam(agent.parameters().size()),
          m_rng(seed, "mgral"),
          m_job(job),
          m_iterations(iterationsFor(agent, pool.features.rows, settings)) {}

    Result<MgralOutcome> run() {
        if (const auto filled = fillTable(); !filled) return filled.error();
        for (m_iteration = 0; m_iteration < m_iterations; ++m_iteration) {
            m_job.report("Searching", static_cast<std::int64_t>(m_iteration), static_cast<std::int64_t>(m_iterations));
            if (const auto done = iterate(); !done) return done.error();
        }
        return conclude();
    }

 private:
    Result<double> tryOut(const Batch& batch) {
        m_job.report("Trying batches", static_cast<std::int64_t>(m_outcome.proxyRuns),
                     static_cast<std::int64_t>(m_settings.proxyRuns()));
        Batch rows = batch;
        std::sort(rows.begin(), rows.end());
        const Result<double> metric = m_proxy(rows, m_job);
        if (!metric) return metric;
        if (!std::isfinite(*metric)) {
            return fail(ErrorCode::Internal, "Trying a batch gave a metric that is not a number.");
        }
        ++m_outcome.proxyRuns;
        if (!batch.empty()) m_table.add(meanRow(m_pool.features, batch), *metric);
        return metric;
    }

    Result<void> fillTable() {
        const auto alone = tryOut({});
        if (!alone) return alone.error();
        m_outcome.labelsAlone = m_baseline = *alone;
        const auto batches = probeBatches(m_pool, m_size, std::max<std::size_t>(1, m_settings.records), m_rng, m_job);
        if (!batches) return Job::stopped();
        for (const Batch& batch : *batches) {
            if (const auto tried = tryOut(batch); !tried) return tried.error();
        }
        m_probes = m_outcome.proxyRuns;
        return {};
    }

    Result<double> rewardOf(const Batch& batch) {
        const LookupTable::Guess guess = m_table.guess(meanRow(m_pool.features, batch));
        const std::size_t used = m_outcome.proxyRuns - m_probes;
        const bool due = used * m_iterations <= m_iteration * m_settings.realRuns && used < m_settings.realRuns;
        if (!guess.trusted && due) return tryOut(batch);
        ++m_outcome.guesses;
        if (!guess.trusted) ++m_outcome.extrapolated;
        return guess.value;
    }

    Result<void> iterate() {
        Batch order(m_pool.features.rows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        m_rng.shuffle(order);
        const auto pass = m_agent.forward(m_pool.features, order, m_job);
        if (!pass) return Job::stopped();
        const policy::PlackettLuce policy(pass->logits);
        const auto places = policy.sample(m_size, m_rng);
        Batch batch;
        for (const std::size_t place : places)
            batch.push_back(order[place]);
        const auto reward = rewardOf(batch);
        if (!reward) return reward.error();
        m_seen.push_back(std::move(batch));
        if (m_iteration == 0) m_outcome.firstReward = *reward;
        m_outcome.lastReward = *reward;
        const double advantage = *reward - m_baseline;
        m_baseline = m_settings.decay * m_baseline + (1.0 - m_settings.decay) * *reward;
        std::vector<double> toLogits = policy.logProbabilityGradient(places).gradient;
        for (double& number : toLogits)
            number *= -advantage / static_cast<double>(m_size);
        const auto gradient = m_agent.backward(m_pool.features, *pass, toLogits, m_job);
        if (!gradient) return Job::stopped();
        m_adam.step(m_agent.parameters(), *gradient, m_settings.adam);
        return {};
    }

    Result<MgralOutcome> conclude() {
        Batch order(m_pool.features.rows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto pass = m_agent.forward(m_pool.features, order, m_job);
        if (!pass) return Job::stopped();
        m_outcome.batch = policy::PlackettLuce(pass->logits).best(m_size);
        m_outcome.predicted = m_table.guess(meanRow(m_pool.features, m_outcome.batch)).value;
        // By what the table knows now, which is more than it knew when they were drawn.
        for (const Batch& batch : m_seen) {
            const double value = m_table.guess(meanRow(m_pool.features, batch)).value;
            if (!m_settings.bestSeen || value <= m_outcome.predicted) continue;
            m_outcome.batch = batch;
            m_outcome.predicted = value;
        }
        m_outcome.baseline = m_baseline;
        m_outcome.records = m_table.size();
        return m_outcome;
    }

    LstmAgent& m_agent;
    const ProbePool& m_pool;
    std::size_t m_size;
    const ProxyOfPool& m_proxy;
    const MgralSettings& m_settings;
    Adam m_adam;
    Rng m_rng;
    const Job& m_job;
    std::size_t m_iterations;
    std::size_t m_iteration = 0;
    std::size_t m_probes = 0;  // runs before the search
    LookupTable m_table;
    std::vector<Batch> m_seen;
    double m_baseline = 0.0;
    MgralOutcome m_outcome;
};

}  // namespace

Result<MgralOutcome> searchBatch(LstmAgent& agent, const ProbePool& pool, std::size_t size, const ProxyOfPool& proxy,
                                 const MgralSettings& settings, std::uint64_t seed, const Job& job) {
    return Search(agent, pool, size, proxy, settings, seed, job).run();
}

}  // namespace querent::select::mgral
