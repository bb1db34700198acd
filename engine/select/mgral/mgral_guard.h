#pragma once

#include "engine/core/job.h"
#include "engine/core/mean_interval.h"
#include "engine/core/result.h"
#include "engine/select/mgral/lstm_agent.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace querent::select {

/** How MGRAL's guard compares. All numbers are ours. */
struct GuardSettings {
    int trials = 4;                 // a round
    std::size_t fewestTrials = 12;  // of this round and earlier ones, before an agent may ask
    std::size_t mostTrials = 24;    // the latest that count: an agent changes
    std::size_t mostItems = 120;    // of validation, by chance
    std::size_t fewestItems = 8;
    std::string rival = "entropy";
};

/**
 * Tries whether an agent finds better items than a classic strategy. MGRAL's own reward cannot tell: it is what
 * unlabelled items do for a model, not what their answers do. So both choose from a random half of validation, whose
 * answers are known and on which the model was not trained, and a copy of the model learns from each choice with its
 * answers and is measured on the other half.
 * @param features  of an item as the agent sees it at most: MgralSettings::features
 * @param answered  SelectionInput::answeredProxy
 * @return the metric after the agent's choice minus that after the rival's, for each trial; none with fewer than
 *         fewestItems usable validation items; Cancelled; what `answered` returns
 */
Result<std::vector<double>> tryOnValidation(const LstmAgent& agent, const SelectionInput& input, std::size_t count,
                                            std::size_t features, const AnsweredProxy& answered,
                                            const GuardSettings& settings, std::uint64_t seed, const Job& job);

/** Who asks after these trials, the latest last, and why. */
struct GuardVerdict {
    bool agentAsks = false;
    MeanInterval gain;   // trials share items, so that it is somewhat too narrow
    std::string remark;  // a sentence for people
};

/** The agent asks where there have been enough trials and the whole interval of its gain lies above 0. */
GuardVerdict verdictOn(std::span<const double> trials, const GuardSettings& settings);

}  // namespace querent::select
