#pragma once

#include "engine/core/result.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/policy/reinforce.h"
#include "engine/select/policy/trials.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace querent::select::rlmba {

/** What RL-MBA carries from round to round: its policy, and what belongs to this project alone. */
struct MbaMemory {
    policy::Policy policy;
    std::vector<double> rewards = {};  // r_t of the rounds so far, oldest first
    std::optional<policy::Decision> pending =
        {};                             // the batch that is being labelled; none where another strategy asked
    std::optional<double> before = {};  // metric on validation of the model that chose it; none: nothing to be paid for
    std::vector<double> gains = {};     // what classic strategies are expected to gain with such a batch; may be empty
    policy::TrialMemory trials = {};    // of what cannot be rehearsed
};

/** A policy file (policy_file.h) with further rows: what loads policies loads the policy of a memory. */
std::string packMemory(const MbaMemory& memory);

/** What unpackPolicy() returns; Corrupt too when the further rows do not fit. A mere policy file has none of them. */
Result<MbaMemory> unpackMemory(std::string_view bytes);

}  // namespace querent::select::rlmba
