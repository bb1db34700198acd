#include "engine/select/rlmba/practice.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace querent::select::rlmba {
namespace {

double meanFrom(const std::vector<double>& values, std::size_t first) {
    if (first >= values.size()) return values.empty() ? 0.0 : values.back();
    return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), 0.0) /
           static_cast<double>(values.size() - first);
}

/** Fills in the advantages of a task's rollouts and moves their decisions to `all`. */
void compare(std::vector<TaskRun>& runs, std::vector<policy::Decision>& all) {
    const std::size_t rounds = runs.front().decisions.size();
    for (std::size_t t = 0; t < rounds; ++t) {
        double mean = 0.0;
        for (const TaskRun& run : runs)
            mean += meanFrom(run.accuracies, t) / static_cast<double>(runs.size());
        for (TaskRun& run : runs)
            run.decisions[t].advantage = meanFrom(run.accuracies, t) - mean;
    }
    for (TaskRun& run : runs)
        std::move(run.decisions.begin(), run.decisions.end(), std::back_inserter(all));
}

/** Their mean is 0 already; the smallest deviation keeps chance from being blown up where nothing differs. */
void scale(std::vector<policy::Decision>& decisions) {
    double square = 0.0;
    for (const policy::Decision& decision : decisions)
        square += decision.advantage * decision.advantage / static_cast<double>(decisions.size());
    const double deviation = std::max(std::sqrt(square), 1e-3);
    for (policy::Decision& decision : decisions)
        decision.advantage = std::clamp(decision.advantage / deviation, -2.0, 2.0);
}

/** The decisions of one step; fewer, or none, when cancelled. */
std::vector<policy::Decision> episodes(const policy::PolicyNet& net, const TaskSource& source,
                                       const PracticeSettings& settings, Rng& rng, const Job& job) {
    std::vector<policy::Decision> decisions;
    for (int t = 0; t < settings.tasks && !job.cancelled(); ++t) {
        const PracticeTask task = source(rng);
        // One start for all rollouts, so that what differs is what was chosen.
        const std::uint64_t start = rng();
        std::vector<TaskRun> runs;
        for (int r = 0; r < settings.rollouts; ++r)
            runs.push_back(runTask(task, settings.sizes, net, Draw::Sampled, start, rng()));
        compare(runs, decisions);
    }
    scale(decisions);
    return decisions;
}

/** What a rival has done so far. */
struct Record {
    std::vector<double> gains;  // of the policy over it, one a task
    std::vector<double> sums;   // of its accuracy after each round

    void add(double own, const std::vector<double>& accuracies) {
        gains.push_back(own - meanFrom(accuracies, 0));
        sums.resize(std::max(sums.size(), accuracies.size()));
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += accuracies.empty() ? 0.0 : accuracies[std::min(i, accuracies.size() - 1)];
    }

    /** Of at least two tasks. */
    RivalGain result() const {
        const auto count = static_cast<double>(gains.size());
        RivalGain gain{std::accumulate(gains.begin(), gains.end(), 0.0) / count, 0.0, sums};
        double square = 0.0;
        for (const double value : gains)
            square += (value - gain.mean) * (value - gain.mean);
        gain.standardError = std::sqrt(square / (count - 1.0) / count);
        for (double& sum : gain.curve)
            sum /= count;
        return gain;
    }
};

}  // namespace

Result<std::int64_t> practise(policy::Policy& policy, const TaskSource& source, const PracticeSettings& settings,
                              Rng& rng, const Job& job) {
    if (settings.steps < 1 || settings.tasks < 1 || settings.rollouts < 2 || settings.sizes.rounds < 1 ||
        settings.sizes.batch < 1) {
        return fail(ErrorCode::InvalidArgument, "Practice needs steps, tasks, rounds and at least two rollouts.");
    }
    std::int64_t count = 0;
    for (int step = 0; step < settings.steps; ++step) {
        const std::vector<policy::Decision> decisions = episodes(policy.net, source, settings, rng, job);
        if (job.cancelled()) break;
        if (decisions.empty()) return fail(ErrorCode::InvalidArgument, "There is nothing to practise on.");
        policy::ReinforceSettings learning = settings.learning;
        learning.adam.rate *= 1.0 - static_cast<double>(step) / static_cast<double>(settings.steps);
        const auto report = policy::reinforce(policy.net, policy.adam, decisions, learning);
        if (!report) return report.error();
        count += static_cast<std::int64_t>(settings.tasks) * settings.rollouts;
        job.report("Practising", step + 1, settings.steps);
    }
    return count;
}

std::vector<RivalGain> gainsOver(const policy::PolicyNet& policy, Draw draw,
                                 std::span<const QueryStrategy* const> rivals, const TaskSource& source,
                                 const TaskSizes& sizes, int tasks, std::uint64_t seed, const Job& job) {
    Rng rng(seed, "comparison");
    std::vector<Record> records(rivals.size());
    for (int t = 0; t < tasks && !job.cancelled(); ++t) {
        const PracticeTask task = source(rng);
        const std::uint64_t start = rng();
        const std::uint64_t draws = rng();
        const double own = meanFrom(runTask(task, sizes, policy, draw, start, draws).accuracies, 0);
        for (std::size_t r = 0; r < rivals.size(); ++r)
            records[r].add(own, labelTask(task, sizes, choiceOf(*rivals[r], sizes.batch, draws), start));
        job.report("Comparing", t + 1, tasks);
    }
    std::vector<RivalGain> found;
    for (const Record& record : records) {
        if (record.gains.size() >= 2) found.push_back(record.result());
    }
    return found;
}

}  // namespace querent::select::rlmba
