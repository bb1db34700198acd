#include "engine/select/rl/mba_guard.h"

#include "engine/core/rng.h"
#include "engine/select/answered_trials.h"
#include "engine/select/giving_way.h"
#include "engine/select/rl/plackett_luce.h"
#include "engine/select/rl/rehearsal.h"
#include "engine/select/run_log.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace querent::select {
namespace {

constexpr double kNormal = 1.96;  // of a 95 % interval

/** One round that is prepared. */
struct Round {
    MbaMemory& memory;
    const SelectionInput& input;
    const MbaLook& look;
    const MbaParts& parts;
    std::size_t count;
    std::uint64_t seed;
    const Job& job;
    Selection& selection;
};

Result<void> rehearseFirst(const Round& round) {
    const auto report = rehearse(round.memory.policy, round.input, round.count, round.seed, round.job);
    if (!report) return report.error();
    Selection& selection = round.selection;
    if (!report->has_value()) {
        selection.remarks.push_back(
            "There are too few labels to rehearse on yet; the policy has practised on "
            "generated tasks.");
        return {};
    }
    const RehearsalReport& shown = **report;
    round.memory.gains = shown.nextGains;
    // The best of several rivals looks better than it is, and rehearsal is not the real thing: only a clear verdict
    // counts.
    const MeanInterval gain{shown.gain, kNormal * shown.standardError};
    if (gain.high() < 0.0) selection.askedBy = shown.rival;
    const std::int64_t episodes = round.memory.policy.history.rehearsedEpisodes;
    selection.figures.push_back({"rehearsed", static_cast<double>(episodes)});
    selection.figures.push_back({"rehearsal_gain", shown.gain});
    selection.figures.push_back(gaveWay(selection));
    selection.remarks.push_back("Rehearsal on the labelled items: the policy is " +
                                gainText(gain, "the best classic strategy, " + shown.rival) + ", so " +
                                (selection.askedBy.empty() ? "the policy" : shown.rival) + " asks in this round.");
    return {};
}

/** What the policy would label of items of validation. */
TrialChoice policysChoice(const Round& round) {
    return [&round](std::span<const std::size_t> open, std::size_t size,
                    const Job& job) -> Result<std::vector<std::size_t>> {
        std::vector<ItemId> items;
        std::vector<ItemPrediction> predictions;
        for (const std::size_t place : open) {
            predictions.push_back(round.input.holdout.predictions[place]);
            items.emplace_back(round.input.holdout.truth[place].item);
        }
        const auto candidates =
            candidatesAmong(items, predictions, round.look, round.input, size, round.parts, round.seed, job);
        if (!candidates) return candidates.error();
        const PlackettLuce batches(round.memory.policy.net.forward(candidates->values, round.look.state).logits);
        std::vector<std::size_t> chosen;
        for (const std::size_t k : batches.best(size))
            chosen.push_back(open[candidates->rows[k]]);
        return chosen;
    };
}

Result<void> tryFirst(const Round& round) {
    MbaMemory& memory = round.memory;
    const AnsweredProxy* const known = round.input.answeredProxy;
    if (known == nullptr || !*known || round.count == 0 || round.count >= round.input.pool.size()) return {};
    const TrialSettings settings;
    std::vector<std::size_t> all(round.input.pool.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::string search = searchName(round.input.pool, all, round.look.fused, round.count, round.seed);
    RunLog log(memory.stopped.name == search ? memory.stopped.runs : std::vector<double>());
    const std::vector<std::size_t> items = trialItems(round.input, settings, Rng(round.seed, "trial items"));
    const auto fresh = tryOnValidation(policysChoice(round), items, round.input, round.count, logged(*known, log),
                                       settings, Rng(round.seed, "trials"), round.job);
    memory.stopped = {};
    if (!fresh && fresh.error().code == ErrorCode::Cancelled) memory.stopped = {search, log.values()};
    if (!fresh) return fresh.error();
    remember(memory.trials, *fresh, settings);
    const TrialVerdict verdict = verdictOn(memory.trials, "the policy", settings);
    Selection& selection = round.selection;
    if (!verdict.asks) selection.askedBy = settings.rival;
    if (!memory.trials.empty()) selection.figures.push_back({"trial_gain", verdict.gain.mean});
    selection.figures.push_back(gaveWay(selection));
    selection.remarks.push_back(verdict.remark);
    return {};
}

}  // namespace

Result<void> beOnGuard(MbaMemory& memory, const SelectionInput& input, const MbaLook& look, const MbaParts& parts,
                       std::size_t count, std::uint64_t seed, const Job& job, Selection& selection) {
    memory.gains.clear();
    if (!parts.rehearses) return {};
    const Round round{memory, input, look, parts, count, seed, job, selection};
    const bool oneClass = input.task == TaskKind::Classify && !input.multiLabel;
    return oneClass ? rehearseFirst(round) : tryFirst(round);
}

}  // namespace querent::select
