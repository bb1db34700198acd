#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/rlmba/practice.h"

#include <cstdint>
#include <string>

namespace querent::select::rlmba {

/**
 * Trains a policy on generated tasks alone. Same settings and seed, same policy.
 * @param version  what the policy will be called in policy::PolicyProvenance::startVersion
 * @return InvalidArgument for settings out of their range; Cancelled
 */
Result<policy::Policy> trainStartPolicy(const PracticeSettings& settings, std::string version, std::uint64_t seed,
                                        const Job& job);

/** Tasks of these sizes by chance. */
TaskSource generatedTasks(const TaskSizes& sizes);

/** The policy that comes with the program: trainStartPolicy()'s, from resources/policies. Any thread. */
Result<policy::Policy> startPolicy();

}  // namespace querent::select::rlmba
