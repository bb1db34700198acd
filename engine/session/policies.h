#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace querent::session {

/** What a selection policy has learnt from. */
struct PolicyHistory {
    std::string strategy;
    std::string startVersion;            // of the policy that it started from
    std::int64_t rounds = 0;             // real rounds, each an update
    std::int64_t rehearsedEpisodes = 0;  // replayed on labels that were there already
    bool own = false;                    // the project has its own; otherwise it is the one that comes with the program
};

/** The history of the strategy's policy; InvalidArgument for strategies without one that can be looked at. */
Result<PolicyHistory> policyHistory(const Project& project, const std::string& strategy);

/**
 * What a metric says about a strategy that learns; nothing for metrics that were measured. Such figures lie among the
 * metrics of the model that suggested (what a choice was made from) or that was trained (what a batch has brought).
 */
struct PolicyFigure {
    std::string name;  // "reward", "weight"
    int part = -1;     // the place of a medium among the project's, -1 for none
};
std::optional<PolicyFigure> policyFigure(const Metric& metric);

/** Writes the strategy's policy, without what belongs to the project alone. Whole or not at all. */
Result<void> savePolicy(const Project& project, const std::string& strategy, const std::filesystem::path& file);

/**
 * Makes a policy file the project's policy from the next suggestion on. The policy that was there is gone; what has
 * been asked stays asked. Refuses, and changes nothing, what is no policy, damaged, or of another version.
 */
Result<void> loadPolicy(Project& project, const std::string& strategy, const std::filesystem::path& file);

/** Back to the policy that comes with the program. */
Result<void> forgetPolicy(Project& project, const std::string& strategy);

/** How a new starting policy compares with classic strategies on generated tasks that it has not seen. */
struct PracticeComparison {
    std::string strategy;
    double gain = 0.0;  // of the policy over it, accuracy averaged over the rounds
    double low = 0.0;   // 95 % interval over tasks
    double high = 0.0;
};

/**
 * Trains a starting policy on generated tasks, writes it, and compares it. Same steps and seed, same policy. Minutes.
 * @param version  a line that says which it is
 */
Result<std::vector<PracticeComparison>> practiseStartPolicy(const std::filesystem::path& file, int steps, int tasks,
                                                            std::uint64_t seed, const std::string& version,
                                                            const Job& job);

}  // namespace querent::session
