#include "engine/select/rl/start_policy.h"

#include "engine/select/rl/candidate_features.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

namespace querent::select {
namespace {

double meanFrom(const std::vector<double>& values, std::size_t first) {
    return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), 0.0) /
           static_cast<double>(values.size() - first);
}

/** Fills in the advantages of a task's rollouts and moves their decisions to `all`. */
void compare(std::vector<TaskRun>& runs, std::vector<Decision>& all) {
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
void scale(std::vector<Decision>& decisions) {
    double square = 0.0;
    for (const Decision& decision : decisions)
        square += decision.advantage * decision.advantage / static_cast<double>(decisions.size());
    const double deviation = std::max(std::sqrt(square), 1e-3);
    for (Decision& decision : decisions)
        decision.advantage = std::clamp(decision.advantage / deviation, -2.0, 2.0);
}

std::vector<Decision> practise(const PolicyNet& net, const StartSettings& settings, Rng& rng) {
    std::vector<Decision> decisions;
    for (int t = 0; t < settings.tasks; ++t) {
        const GeneratedTask task(settings.sizes, rng);
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

bool possible(const StartSettings& settings) {
    const TaskSizes& sizes = settings.sizes;
    const int classes = std::max(4, sizes.maxClasses);
    const std::size_t needed =
        2 * static_cast<std::size_t>(classes) + sizes.batch * static_cast<std::size_t>(std::max(0, sizes.rounds));
    return settings.steps >= 1 && settings.tasks >= 1 && settings.rollouts >= 2 && sizes.rounds >= 1 &&
           sizes.batch >= 1 && sizes.validation >= 1 && sizes.pool >= needed;
}

}  // namespace

Result<Policy> trainStartPolicy(const StartSettings& settings, std::string version, std::uint64_t seed,
                                const Job& job) {
    if (!possible(settings)) {
        return fail(ErrorCode::InvalidArgument, "The generated tasks are too small to practise on.");
    }
    Policy policy(policyLayout(), seed);
    policy.history.startVersion = std::move(version);
    Rng rng(seed, "practice");
    for (int step = 0; step < settings.steps; ++step) {
        if (job.cancelled()) return Job::stopped();
        const std::vector<Decision> decisions = practise(policy.net, settings, rng);
        const auto report = reinforce(policy.net, policy.adam, decisions, settings.learning);
        if (!report) return report.error();
        job.report("Practising", step + 1, settings.steps);
    }
    return policy;
}

PolicyGain gainOverRandom(const PolicyNet& policy, const TaskSizes& sizes, int tasks, Draw draw, std::uint64_t seed) {
    Rng rng(seed, "comparison");
    std::vector<double> gains;
    for (int t = 0; t < tasks; ++t) {
        const GeneratedTask task(sizes, rng);
        const std::uint64_t start = rng();
        const std::uint64_t draws = rng();
        Rng random(draws, "random");
        const auto any = [&](const PracticeView& view) { return random.sample(view.items.size(), sizes.batch); };
        gains.push_back(meanFrom(runTask(task, sizes, policy, draw, start, draws).accuracies, 0) -
                        meanFrom(labelTask(task, sizes, any, start), 0));
    }
    PolicyGain gain{meanFrom(gains, 0), 0.0};
    double square = 0.0;
    for (const double g : gains)
        square += (g - gain.mean) * (g - gain.mean);
    const auto count = static_cast<double>(tasks);
    gain.standardError = std::sqrt(square / (count - 1.0) / count);
    return gain;
}

}  // namespace querent::select
