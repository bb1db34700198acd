#pragma once

#include "engine/core/job.h"
#include "engine/core/mean_interval.h"
#include "engine/core/result.h"
#include "engine/select/mgral/lstm_agent.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace querent::select {

/** How MGRAL's guard compares. All numbers are ours. */
struct GuardSettings {
    int trials = 6;               // at least 2
    std::size_t mostItems = 120;  // of validation, by chance
    std::size_t fewestItems = 8;
    std::string rival = "entropy";
};

/**
 * Whether an agent finds better items than a classic strategy. MGRAL's own reward cannot tell: it is what unlabelled
 * items do for a model, not what their answers do. So both choose from a random half of validation, whose answers are
 * known and on which the model was not trained, and a copy of the model learns from each choice with its answers and is
 * measured on the other half; several times, paired, with Student's interval. The halves of several trials share items,
 * so the interval is somewhat too narrow.
 * @param features  of an item as the agent sees it at most: MgralSettings::features
 * @param answered  SelectionInput::answeredProxy
 * @return nothing with fewer than fewestItems usable validation items; Cancelled; what `answered` returns
 */
Result<std::optional<MeanInterval>> compareOnValidation(const LstmAgent& agent, const SelectionInput& input,
                                                        std::size_t count, std::size_t features,
                                                        const AnsweredProxy& answered, const GuardSettings& settings,
                                                        std::uint64_t seed, const Job& job);

}  // namespace querent::select
