#include "engine/select/rlmba/guard.h"

#include "engine/core/policy_figures.h"
#include "engine/core/rng.h"
#include "engine/select/policy/giving_way.h"
#include "engine/select/policy/plackett_luce.h"
#include "engine/select/policy/run_log.h"
#include "engine/select/policy/trials.h"
#include "engine/select/rlmba/rehearsal.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace querent::select::rlmba {
namespace {

constexpr double kNormal = 1.96;  // of a 95 % interval

constexpr Term kRehearsed{"rehearsed"};  // episodes

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
    selection.figures.push_back({kRehearsed.name, static_cast<double>(episodes)});
    selection.figures.push_back({kRehearsalGainFigure.name, shown.gain});
    selection.figures.push_back(policy::gaveWay(selection));
    const std::string unsure = gain.mean < 0.0 && selection.askedBy.empty() ? ", too little to be sure of" : "";
    selection.remarks.push_back("Rehearsal on the labelled items: the policy is " +
                                policy::gainText(gain, "the best classic strategy, " + shown.rival) + unsure + ", so " +
                                (selection.askedBy.empty() ? "the policy" : shown.rival) + " asks in this round.");
    return {};
}

/** What the policy would label of items of validation: a draw, as in the real round. */
policy::TrialChoice policysChoice(const policy::PolicyNet& policy, const MbaCall& call, const MbaView& view, Rng rng) {
    return [&policy, &call, &view, rng](std::span<const std::size_t> open, std::size_t size,
                                        const Job& job) mutable -> Result<std::vector<std::size_t>> {
        const policy::HoldoutPart part = policy::partOfHoldout(call.input, open);
        const auto candidates =
            candidatesAmong(part.ids, part.predictions, view, {call.input, size, call.seed, job, call.parts});
        if (!candidates) return candidates.error();
        const policy::PlackettLuce batches(policy.forward(candidates->values, view.state).logits);
        std::vector<std::size_t> chosen;
        for (const std::size_t k : batches.sample(size, rng))
            chosen.push_back(open[candidates->rows[k]]);
        return chosen;
    };
}

/** This round's trials; when cancelled, their runs stay in the memory. */
Result<std::vector<double>> freshTrials(MbaMemory& memory, const MbaCall& call, const MbaView& view,
                                        const policy::TrialSettings& settings) {
    const policy::PolicyNet& policy = memory.policy.net;
    const std::string search = policy::searchName(call.input, view.fused, policy.parameters(), call.count, call.seed);
    policy::RunLog log = memory.trials.begin(search);
    // A seed may be the same in every round, the trials must not be.
    const std::uint64_t seed = deriveSeed(call.seed, std::to_string(call.input.labelled.count()));
    const std::vector<std::size_t> items = policy::trialItems(call.input, settings, Rng(seed, "trial items"));
    auto fresh = policy::tryOnValidation(policysChoice(policy, call, view, Rng(seed, "trial draws")), items, call.input,
                                         call.count, policy::logged(call.input.proxy->ofAnswered, log), settings,
                                         Rng(seed, "trials"), call.job);
    if (fresh || !log.values().empty()) memory.trials.search = {search, log.values()};
    return fresh;
}

Result<void> tryFirst(MbaMemory& memory, const MbaCall& call, const MbaView& view, Selection& selection) {
    if (call.count == 0 || call.count >= call.input.pool.size()) return {};
    if (call.input.proxy == nullptr || !call.input.proxy->ofAnswered) {
        selection.remarks.emplace_back("The policy could not be tried, so it asks without having been shown to help.");
        return {};
    }
    const policy::TrialSettings settings;
    const auto fresh = freshTrials(memory, call, view, settings);
    if (!fresh) return fresh.error();
    memory.trials.add(*fresh, settings);
    const policy::TrialVerdict verdict =
        policy::verdictOn(fresh->empty() ? *fresh : memory.trials.trials, "the policy", settings);
    if (!verdict.asks) selection.askedBy = settings.rival;
    if (!fresh->empty()) selection.figures.push_back({kTrialGainFigure.name, verdict.gain.mean});
    selection.figures.push_back(policy::gaveWay(selection));
    selection.remarks.push_back(verdict.remark);
    return {};
}

}  // namespace

std::vector<Term> guardFigures() {
    return {kRehearsed, kRehearsalGainFigure, kTrialGainFigure, kGaveWayFigure};
}

Result<void> decideWhoAsks(MbaMemory& memory, const MbaCall& call, const MbaView& view, Selection& selection) {
    memory.gains.clear();
    if (!call.parts.rehearses) return {};
    const bool oneClass = call.input.task == TaskKind::Classify && !call.input.multiLabel;
    return oneClass ? rehearseFirst(memory, call, selection) : tryFirst(memory, call, view, selection);
}

}  // namespace querent::select::rlmba
