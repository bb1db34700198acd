#pragma once

#include "engine/core/job.h"
#include "engine/core/mean_interval.h"
#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/select/policy/number_file.h"
#include "engine/select/policy/run_log.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace querent::select::policy {

/** How a learned strategy is compared with a classic one on validation items. All numbers are ours. */
struct TrialSettings {
    int trials = 4;                 // a round
    std::size_t fewestTrials = 12;  // of this round and earlier ones, before the learned strategy may ask
    std::size_t mostTrials = 24;    // the latest that count: what has been learnt changes
    std::size_t mostItems = 120;    // of validation, by chance
    std::size_t fewestItems = 8;    // of validation; at least 4
    std::string rival = "entropy";
};

/** Validation items that trials can be held on, places in SelectionInput::holdout in random order. */
std::vector<std::size_t> trialItems(const SelectionInput& input, const TrialSettings& settings, Rng rng);

/** Some validation items as a pool of their own. */
struct HoldoutPart {
    std::vector<ItemId> ids;
    std::vector<ItemPrediction> predictions;
};

/** @param places  in SelectionInput::holdout */
HoldoutPart partOfHoldout(const SelectionInput& input, std::span<const std::size_t> places);

/** Which `size` of the places `open`, different ones in random order, a strategy would label; asked trial by trial. */
using TrialChoice = std::function<Result<std::vector<std::size_t>>(std::span<const std::size_t> open, std::size_t size,
                                                                   const Job& job)>;

/**
 * Tries whether a learned strategy finds better items than a classic one, where rewards and rehearsal cannot tell. Both
 * choose from a random half of validation, whose answers are known and on which the model was not trained; a copy of
 * the model learns from each choice with its answers and is measured on the other half.
 * @param items     trialItems()
 * @param count     of the real batch; a quarter of the items at most
 * @param answered  Proxy::ofAnswered
 * @return the metric after the strategy's choice minus that after the rival's, in [-1, 1], for each trial; none with
 *         fewer than fewestItems items, and none of a trial for which one of the two could not choose as many as the
 *         other; Cancelled; Internal where `answered` gives no number; what `choice` and `answered` return
 */
Result<std::vector<double>> tryOnValidation(const TrialChoice& choice, std::span<const std::size_t> items,
                                            const SelectionInput& input, std::size_t count,
                                            const ProxyOfAnswered& answered, const TrialSettings& settings, Rng rng,
                                            const Job& job);

/** The trials of the latest rounds, oldest first, and the search that the last of them are of. */
struct TrialMemory {
    std::vector<double> trials;
    SearchRecord search;

    /** What is known of a search's runs. Its own trials are forgotten: they are held again, from these runs. */
    RunLog begin(const std::string& name);
    /** Adds the trials of a round, and forgets the oldest. */
    void add(std::span<const double> fresh, const TrialSettings& settings);
};

/** Rows and lines of a memory's file. */
void packTrials(const TrialMemory& memory, NumberFile& file);
/** Empty where the file has none. */
TrialMemory unpackTrials(const NumberFile& file);

/** Who asks after these trials, the latest last, and why. */
struct TrialVerdict {
    bool asks = false;   // the learned strategy
    MeanInterval gain;   // in [-1, 1]; trials share items, so that it is somewhat too narrow
    std::string remark;  // a sentence for people
};

/**
 * The learned strategy asks where there have been enough trials and the whole interval of its gain lies above 0.
 * @param learned  what people call it in a sentence: "the policy"
 */
TrialVerdict verdictOn(std::span<const double> trials, const std::string& learned, const TrialSettings& settings);

}  // namespace querent::select::policy
