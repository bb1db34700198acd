#pragma once

#include "engine/core/result.h"
#include "engine/select/adam.h"
#include "engine/select/policy/number_file.h"
#include "engine/select/policy/policy_net.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace querent::select::policy {

/**
 * What a policy looks at, by name and in order. Nothing in it belongs to a task: neither classes nor feature lengths
 * of a project, so that a policy can move from one project to another. A name is one line that is not empty.
 */
struct PolicyLayout {
    std::vector<std::string> features;
    std::vector<std::string> states;

    bool operator==(const PolicyLayout&) const = default;
};

/** What a policy has learnt from. */
struct PolicyProvenance {
    std::string startVersion;            // of the policy it started from, one line; empty when it started anew
    std::int64_t rounds = 0;             // real rounds, each an update
    std::int64_t rehearsedEpisodes = 0;  // episodes replayed on labels that were there already

    bool operator==(const PolicyProvenance&) const = default;
};

/** A policy with all that its learning goes on from. */
struct Policy {
    PolicyLayout layout;
    PolicyProvenance history;
    PolicyNet net;
    Adam adam;

    /** A new one, which draws uniformly. */
    Policy(PolicyLayout names, std::uint64_t seed);
};

/**
 * Policies as files of a few tens of kilobytes (NumberFile): layout and history, parameters, Adam's means and squares.
 * The same policy gives the same bytes.
 */
inline constexpr int kPolicyVersion = 1;

std::string packPolicy(const Policy& policy);

/**
 * @param expected  what this program offers a policy; another layout is refused
 * @param path      for the error's sentence alone
 * @return Malformed when these are no policy; Corrupt when some are missing or changed; NewerVersion and Unsupported
 *         for other versions; InvalidArgument for another layout
 */
Result<Policy> unpackPolicy(std::string_view bytes, const PolicyLayout& expected,
                            const std::filesystem::path& path = {});

/** The two steps of packing and of unpacking, for files that hold more than a policy. Errors as above. */
NumberFile policyNumbers(const Policy& policy);
std::string packPolicyNumbers(const NumberFile& file);
Result<NumberFile> unpackPolicyNumbers(std::string_view bytes, const std::filesystem::path& path = {});
Result<Policy> policyOf(const NumberFile& file, const PolicyLayout& expected, const std::filesystem::path& path = {});

/** Whole or not at all; Io. */
Result<void> savePolicy(const Policy& policy, const std::filesystem::path& path);

/** NotFound, Io, or what unpackPolicy() returns. */
Result<Policy> loadPolicy(const std::filesystem::path& path, const PolicyLayout& expected);

}  // namespace querent::select::policy
