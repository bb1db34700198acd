#include "engine/select/policy/trials.h"

#include "engine/select/input_check.h"
#include "engine/select/policy/giving_way.h"
#include "engine/select/policy/item_terms.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::policy {
namespace {

using Places = std::vector<std::size_t>;  // in the holdout

/** What the rival would label of these places. */
Result<Places> rivalsChoice(const SelectionInput& input, const Places& open, std::size_t size, const std::string& rival,
                            std::uint64_t seed, const Job& job) {
    const HoldoutPart items = partOfHoldout(input, open);
    SelectionInput part;
    part.pool = items.ids;
    part.predictions = &items.predictions;
    part.classes = input.classes;
    part.labelledPerClass = input.labelledPerClass;
    part.multiLabel = input.multiLabel;
    part.task = input.task;
    const auto selection = askOther(rival, part, size, seed, job);
    if (!selection) return selection.error();
    Places chosen;
    for (const Pick& pick : selection->picks)
        chosen.push_back(open[pick.index]);
    return chosen;
}

Places sorted(Places places) {
    std::sort(places.begin(), places.end());
    return places;
}

/** What a model is worth that has learnt from this choice. */
Result<double> worthOf(const Places& choice, const Places& measured, const ProxyOfAnswered& answered, const Job& job) {
    const auto worth = answered(choice, measured, job);
    if (worth && !std::isfinite(*worth)) return fail(ErrorCode::Internal, "A trial gave a number that is not finite.");
    return worth;
}

}  // namespace

HoldoutPart partOfHoldout(const SelectionInput& input, std::span<const std::size_t> places) {
    HoldoutPart part;
    for (const std::size_t place : places) {
        part.ids.emplace_back(input.holdout.truth[place].item);
        part.predictions.push_back(input.holdout.predictions[place]);
    }
    return part;
}

std::vector<std::size_t> trialItems(const SelectionInput& input, const TrialSettings& settings, Rng rng) {
    const AnsweredItems& holdout = input.holdout;
    Places usable;
    const std::size_t features = holdout.predictions.empty() ? 0 : holdout.predictions.front().embedding.size();
    for (std::size_t i = 0; i < holdout.count(); ++i) {
        const ItemPrediction& prediction = holdout.predictions[i];
        const bool whole = features > 0 && prediction.embedding.size() == features;
        const bool finite = allFinite(prediction.embedding) && allFinite(prediction.probabilities);
        if (whole && finite && predictionProblem(prediction, true).empty()) usable.push_back(i);
    }
    rng.shuffle(usable);
    usable.resize(std::min(usable.size(), settings.mostItems));
    return usable;
}

Result<std::vector<double>> tryOnValidation(const TrialChoice& choice, std::span<const std::size_t> items,
                                            const SelectionInput& input, std::size_t count,
                                            const ProxyOfAnswered& answered, const TrialSettings& settings, Rng rng,
                                            const Job& job) {
    std::vector<double> differences;
    if (items.size() < settings.fewestItems) return differences;
    for (int trial = 0; trial < settings.trials; ++trial) {
        job.report("Comparing with " + settings.rival, trial, settings.trials);
        Places order(items.begin(), items.end());
        rng.shuffle(order);
        const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
        const Places open(order.begin(), middle);
        const Places measured = sorted({middle, order.end()});
        const std::size_t size = std::clamp<std::size_t>(count, 1, open.size() / 2);
        auto own = choice(open, size, job);
        if (!own) return own.error();
        auto rivals = rivalsChoice(input, open, size, settings.rival, rng(), job);
        if (!rivals) return rivals.error();
        own = sorted(std::move(own).value());
        rivals = sorted(std::move(rivals).value());
        if (own->size() != rivals->size()) continue;
        differences.push_back(0.0);
        if (*own == *rivals) continue;
        const auto mine = worthOf(*own, measured, answered, job);
        if (!mine) return mine.error();
        const auto theirs = worthOf(*rivals, measured, answered, job);
        if (!theirs) return theirs.error();
        differences.back() = *mine - *theirs;
    }
    return differences;
}

RunLog TrialMemory::begin(const std::string& name) {
    const bool same = search.name == name;
    if (same) trials.resize(trials.size() - std::min(search.trials, trials.size()));
    search.trials = 0;
    return RunLog(same ? search.runs : std::vector<double>());
}

void TrialMemory::add(std::span<const double> fresh, const TrialSettings& settings) {
    trials.insert(trials.end(), fresh.begin(), fresh.end());
    if (trials.size() > settings.mostTrials)
        trials.erase(trials.begin(), trials.end() - static_cast<std::ptrdiff_t>(settings.mostTrials));
    search.trials = fresh.size();
}

void packTrials(const TrialMemory& memory, NumberFile& file) {
    file.rows["trials"] = memory.trials;
    if (memory.search.name.empty()) return;
    file.lines.emplace_back("search", memory.search.name);
    file.rows["runs"] = memory.search.runs;
    file.rows["search_trials"] = {static_cast<double>(memory.search.trials)};
}

TrialMemory unpackTrials(const NumberFile& file) {
    TrialMemory memory{file.row("trials"), {file.line("search"), file.row("runs")}};
    const std::vector<double>& own = file.row("search_trials");
    // No more than there are: a number of a file's may be too large for any whole one.
    const auto most = static_cast<double>(memory.trials.size());
    if (!own.empty() && own.front() > 0.0) memory.search.trials = static_cast<std::size_t>(std::min(own.front(), most));
    return memory;
}

TrialVerdict verdictOn(std::span<const double> trials, const std::string& learned, const TrialSettings& settings) {
    const std::string rivalAsks = settings.rival + " asks in this round.";
    if (trials.empty()) {
        return {false, {}, "There are too few validation items to see whether " + learned + " helps, so " + rivalAsks};
    }
    TrialVerdict verdict;
    verdict.gain = meanInterval(trials);
    const bool enough = trials.size() >= settings.fewestTrials;
    verdict.asks = enough && verdict.gain.low() > 0.0;
    verdict.remark = "Trials on validation items with their answers (" + std::to_string(trials.size()) +
                     (enough ? "" : " of " + std::to_string(settings.fewestTrials) + " that are needed") +
                     "): " + learned + " is " + gainText(verdict.gain, settings.rival) + ", so " +
                     (verdict.asks ? learned + " asks in this round." : rivalAsks);
    return verdict;
}

}  // namespace querent::select::policy
