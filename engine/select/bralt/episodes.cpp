#include "engine/select/bralt/episodes.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace querent::select::bralt {
namespace {

constexpr int kBlock = 30;       // episodes whose mean is looked at
constexpr int kPatience = 2;     // blocks without progress
constexpr int kBlind = 4;        // blind batches a task
constexpr double kMemory = 0.9;  // of the moving averages
constexpr double kLimit = 3.0;   // of an advantage
constexpr double kBonus = 1e-2;  // of entropy
constexpr double kGain = 1e-3;   // of a block over the best one, below which it is none

/** Rows by group, shuffled. */
std::vector<std::vector<std::size_t>> shuffledGroups(const Examples& examples, int groups, Rng& rng) {
    std::vector<std::vector<std::size_t>> rows(static_cast<std::size_t>(groups));
    for (std::size_t i = 0; i < examples.count(); ++i)
        rows[static_cast<std::size_t>(examples.groups[i])].push_back(i);
    for (std::vector<std::size_t>& group : rows)
        rng.shuffle(group);
    return rows;
}

/** n times share, rounded up or down by chance so that its mean is right. */
std::size_t shareOf(std::size_t n, double share, Rng& rng) {
    return std::min(n, static_cast<std::size_t>(static_cast<double>(n) * share + rng.uniform()));
}

std::size_t groupsAmong(const Examples& examples, const std::vector<std::size_t>& rows) {
    std::vector<int> groups;
    for (const std::size_t row : rows)
        groups.push_back(examples.groups[row]);
    std::sort(groups.begin(), groups.end());
    return static_cast<std::size_t>(std::unique(groups.begin(), groups.end()) - groups.begin());
}

/** A moving average of rewards and of their spread. */
class MovingAverage {
 public:
    /** How much better than usual this is, in deviations; then it is remembered. */
    double advantage(double value) {
        const double beyond = m_started ? value - m_mean : 0.0;
        m_square = m_started ? kMemory * m_square + (1.0 - kMemory) * beyond * beyond : 0.0;
        m_mean = m_started ? kMemory * m_mean + (1.0 - kMemory) * value : value;
        m_started = true;
        return m_square > 0.0 ? std::clamp(beyond / std::sqrt(m_square), -kLimit, kLimit) : 0.0;
    }
    double mean() const { return m_mean; }

 private:
    double m_mean = 0.0;
    double m_square = 0.0;
    bool m_started = false;
};

PartOrder blindParts(const std::vector<Cluster>& clusters, Rng& rng) {
    PartOrder order;
    for (const Cluster& cluster : clusters)
        order.push_back(rng.sample(cluster.parts.size(), cluster.parts.size()));
    return order;
}

/** What an episode brought. */
struct Outcome {
    std::vector<policy::Decision> decisions;
    double reward = 0.0;  // minus the distance
    double blind = 0.0;   // the same of blind batches, in the mean
};

std::optional<Outcome> playEpisode(const policy::PolicyNet& policy, const Examples& examples,
                                   const PracticeShape& shape, const SlicedWasserstein& slices, Rng& rng,
                                   const Job& job) {
    const PracticePool task = drawPractice(examples, shape, rng);
    const GroupMeans known = meansOf(examples, task.known, shape.groups);
    const auto clusters = clustersOf(examples, task.hidden, known, rng(), job);
    if (!clusters) return std::nullopt;
    const auto target = slices.shadows(examples.places, task.target);
    const auto rewardOf = [&](const PartOrder& order) {
        const auto batch = fillBatch(*clusters, order, known, task.batch);
        return -SlicedWasserstein::distance(slices.shadows(examples.places, batch), target);
    };
    Outcome outcome;
    outcome.decisions = decisionsOf(examples, task.hidden, *clusters, known);
    outcome.reward = rewardOf(drawParts(policy, outcome.decisions, rng));
    for (int i = 0; i < kBlind; ++i)
        outcome.blind += rewardOf(blindParts(*clusters, rng)) / kBlind;
    // A cluster of one part leaves nothing to decide.
    std::erase_if(outcome.decisions, [](const policy::Decision& decision) { return decision.candidates.rows < 2; });
    return outcome;
}

/** Whether the last blocks are no better than the best before them. */
bool settled(const std::vector<double>& gains) {
    const std::size_t blocks = gains.size() / kBlock;
    if (gains.size() % kBlock != 0 || blocks < kPatience + 2) return false;
    std::vector<double> means;
    for (std::size_t b = 0; b < blocks; ++b) {
        const auto begin = gains.begin() + static_cast<std::ptrdiff_t>(b * kBlock);
        means.push_back(std::accumulate(begin, begin + kBlock, 0.0) / kBlock);
    }
    const auto recent = means.end() - kPatience;
    return *std::max_element(recent, means.end()) < *std::max_element(means.begin(), recent) + kGain;
}

double meanOf(const std::vector<double>& values, std::size_t begin, std::size_t end) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(end);
    return begin == end ? 0.0 : std::accumulate(first, last, 0.0) / static_cast<double>(end - begin);
}

PracticeReport reportOf(const std::vector<double>& rewards, double baseline) {
    const std::size_t count = rewards.size();
    const std::size_t some = std::min<std::size_t>(kBlock, count);
    return {static_cast<int>(count), meanOf(rewards, 0, some), meanOf(rewards, count - some, count), baseline};
}

}  // namespace

PracticePool drawPractice(const Examples& examples, const PracticeShape& shape, Rng& rng) {
    PracticePool task;
    const double kept = std::min(1.0, static_cast<double>(shape.mostExamples) / static_cast<double>(examples.count()));
    for (std::vector<std::size_t>& group : shuffledGroups(examples, shape.groups, rng)) {
        if (kept < 1.0)
            group.resize(std::min(group.size(), std::max<std::size_t>(1, shareOf(group.size(), kept, rng))));
        const auto known = static_cast<std::ptrdiff_t>(shareOf(group.size(), 0.25, rng));
        task.known.insert(task.known.end(), group.begin(), group.begin() + known);
        task.hidden.insert(task.hidden.end(), group.begin() + known, group.end());
    }
    if (task.hidden.empty()) std::swap(task.hidden, task.known);
    std::sort(task.known.begin(), task.known.end());
    std::sort(task.hidden.begin(), task.hidden.end());
    const std::size_t groups = groupsAmong(examples, task.hidden);
    const double share = static_cast<double>(shape.batch) / static_cast<double>(std::max<std::size_t>(1, shape.pool));
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(task.hidden.size())));
    const std::size_t most = std::max<std::size_t>(1, task.hidden.size() / 2);
    task.batch = std::min(most, std::max(groups, wanted));
    const std::size_t perGroup = (task.batch + groups - 1) / groups;
    task.target =
        trustSet({examples.ids, examples.groups, examples.scores}, task.hidden, shape.groups, perGroup, rng());
    return task;
}

Result<PracticeReport> practise(policy::PolicyNet& policy, const Examples& examples, const PracticeShape& shape,
                                std::uint64_t seed, const Job& job) {
    Rng rng(seed, "practice");
    const SlicedWasserstein slices(kPlaceWidth, seed);
    Adam adam(policy.parameters().size());
    policy::ReinforceSettings settings;
    settings.entropyBonus = kBonus;
    MovingAverage average, baseline;
    std::vector<double> rewards, gains;
    const Job quiet(job.token());  // clustering has its own phase, which would only flicker
    for (int episode = 0; episode < shape.episodes && !settled(gains); ++episode) {
        if (job.cancelled()) return Job::stopped();
        job.report("Practising", episode, shape.episodes);
        auto outcome = playEpisode(policy, examples, shape, slices, rng, quiet);
        if (!outcome) return Job::stopped();
        rewards.push_back(outcome->reward);
        gains.push_back(outcome->reward - outcome->blind);
        baseline.advantage(rewards.back());
        const double advantage = average.advantage(gains.back());
        for (policy::Decision& decision : outcome->decisions)
            decision.advantage = advantage;
        if (outcome->decisions.empty()) continue;
        const auto learnt = policy::reinforce(policy, adam, outcome->decisions, settings);
        if (!learnt) return learnt.error();
    }
    return reportOf(rewards, baseline.mean());
}

}  // namespace querent::select::bralt
