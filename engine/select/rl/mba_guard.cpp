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

Result<void> rehearseFirst(MbaMemory& memory, const MbaCall& call, Selection& selection) {
    const auto report = rehearse(memory.policy, call.input, call.count, call.seed, call.job);
    if (!report) return report.error();
    if (!report->has_value()) {
        selection.remarks.push_back(
            "There are too few labels to rehearse on yet; the policy has practised on "
            "generated tasks.");
        return {};
    }
    const RehearsalReport& shown = **report;
    memory.gains = shown.nextGains;
    // The best of several rivals looks better than it is, and rehearsal is not the real thing: only a clear verdict
    // counts.
    const MeanInterval gain{shown.gain, kNormal * shown.standardError};
    if (gain.high() < 0.0) selection.askedBy = shown.rival;
    const std::int64_t episodes = memory.policy.history.rehearsedEpisodes;
    selection.figures.push_back({"rehearsed", static_cast<double>(episodes)});
    selection.figures.push_back({"rehearsal_gain", shown.gain});
    selection.figures.push_back(gaveWay(selection));
    selection.remarks.push_back("Rehearsal on the labelled items: the policy is " +
                                gainText(gain, "the best classic strategy, " + shown.rival) + ", so " +
                                (selection.askedBy.empty() ? "the policy" : shown.rival) + " asks in this round.");
    return {};
}

/** What the policy would label of items of validation. */
TrialChoice policysChoice(const PolicyNet& policy, const MbaCall& call, const MbaLook& look) {
    return [&](std::span<const std::size_t> open, std::size_t size, const Job&) -> Result<std::vector<std::size_t>> {
        std::vector<ItemId> items;
        std::vector<ItemPrediction> predictions;
        for (const std::size_t place : open) {
            predictions.push_back(call.input.holdout.predictions[place]);
            items.emplace_back(call.input.holdout.truth[place].item);
        }
        const auto candidates = candidatesAmong(items, predictions, size, look, call);
        if (!candidates) return candidates.error();
        std::vector<std::size_t> chosen;
        for (const std::size_t k : PlackettLuce(policy.forward(candidates->values, look.state).logits).best(size))
            chosen.push_back(open[candidates->rows[k]]);
        return chosen;
    };
}

/** This round's trials; when cancelled, those that were made stay in the memory. */
Result<std::vector<double>> freshTrials(MbaMemory& memory, const MbaCall& call, const MbaLook& look,
                                        const TrialSettings& settings) {
    const SelectionInput& input = call.input;
    std::vector<std::size_t> all(input.pool.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::string search = searchName(input.pool, all, look.fused, call.count, call.seed);
    RunLog log(memory.stopped.name == search ? memory.stopped.runs : std::vector<double>());
    const std::vector<std::size_t> items = trialItems(input, settings, Rng(call.seed, "trial items"));
    auto fresh = tryOnValidation(policysChoice(memory.policy.net, call, look), items, input, call.count,
                                 logged(*input.answeredProxy, log), settings, Rng(call.seed, "trials"), call.job);
    memory.stopped = {};
    if (!fresh && fresh.error().code == ErrorCode::Cancelled) memory.stopped = {search, log.values()};
    return fresh;
}

Result<void> tryFirst(MbaMemory& memory, const MbaCall& call, const MbaLook& look, Selection& selection) {
    const AnsweredProxy* const known = call.input.answeredProxy;
    if (known == nullptr || !*known || call.count == 0 || call.count >= call.input.pool.size()) return {};
    const TrialSettings settings;
    const auto fresh = freshTrials(memory, call, look, settings);
    if (!fresh) return fresh.error();
    remember(memory.trials, *fresh, settings);
    const TrialVerdict verdict = verdictOn(memory.trials, "the policy", settings);
    if (!verdict.asks) selection.askedBy = settings.rival;
    if (!memory.trials.empty()) selection.figures.push_back({"trial_gain", verdict.gain.mean});
    selection.figures.push_back(gaveWay(selection));
    selection.remarks.push_back(verdict.remark);
    return {};
}

}  // namespace

Result<void> beOnGuard(MbaMemory& memory, const MbaCall& call, const MbaLook& look, Selection& selection) {
    memory.gains.clear();
    if (!call.parts.rehearses) return {};
    const bool oneClass = call.input.task == TaskKind::Classify && !call.input.multiLabel;
    return oneClass ? rehearseFirst(memory, call, selection) : tryFirst(memory, call, look, selection);
}

}  // namespace querent::select
