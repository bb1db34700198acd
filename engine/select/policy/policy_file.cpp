#include "engine/select/policy/policy_file.h"

#include "engine/core/files.h"
#include "engine/select/policy/number_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>

namespace querent::select::policy {
namespace {

constexpr const char* kKind = "policy";
constexpr std::uintmax_t kLargestFile = std::uintmax_t{64} << 20;  // a thousand times what one needs
constexpr std::int64_t kLargestCount = std::int64_t{1} << 53;      // room to count on from
constexpr double kLargest = 1e9;                                   // of a number; learnt ones are near 1

std::optional<std::int64_t> countOf(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < 0 || number > kLargestCount)
        return std::nullopt;
    return number;
}

PolicyLayout layoutOf(const NumberFile& file) {
    PolicyLayout layout;
    for (const auto& [key, value] : file.lines) {
        if (key == "feature") layout.features.push_back(value);
        if (key == "state") layout.states.push_back(value);
    }
    return layout;
}

}  // namespace

Policy::Policy(PolicyLayout names, std::uint64_t seed)
    : layout(std::move(names)),
      net(layout.features.size(), layout.states.size(), seed),
      adam(net.parameters().size()) {}

std::string packPolicy(const Policy& policy) {
    return packPolicyNumbers(policyNumbers(policy));
}

Result<Policy> unpackPolicy(std::string_view bytes, const PolicyLayout& expected, const std::filesystem::path& path) {
    const auto file = unpackPolicyNumbers(bytes, path);
    if (!file) return file.error();
    return policyOf(*file, expected, path);
}

NumberFile policyNumbers(const Policy& policy) {
    NumberFile file;
    file.lines = {{"start", policy.history.startVersion},
                  {"rounds", std::to_string(policy.history.rounds)},
                  {"rehearsed", std::to_string(policy.history.rehearsedEpisodes)},
                  {"steps", std::to_string(policy.adam.steps())}};
    for (const std::string& name : policy.layout.features)
        file.lines.emplace_back("feature", name);
    for (const std::string& name : policy.layout.states)
        file.lines.emplace_back("state", name);
    file.rows["parameters"].assign(policy.net.parameters().begin(), policy.net.parameters().end());
    file.rows["mean"] = policy.adam.mean();
    file.rows["square"] = policy.adam.square();
    return file;
}

std::string packPolicyNumbers(const NumberFile& file) {
    return packNumbers(file, kKind, kPolicyVersion);
}

Result<NumberFile> unpackPolicyNumbers(std::string_view bytes, const std::filesystem::path& path) {
    return unpackNumbers(bytes, kKind, kPolicyVersion, path);
}

Result<Policy> policyOf(const NumberFile& file, const PolicyLayout& expected, const std::filesystem::path& path) {
    if (layoutOf(file) != expected) {
        return fail(ErrorCode::InvalidArgument, "The policy looks at other features than this program offers.", path);
    }
    Policy policy(expected, 0);
    const std::vector<double>& parameters = file.row("parameters");
    const std::vector<double>& square = file.row("square");
    const auto rounds = countOf(file.line("rounds"));
    const auto rehearsed = countOf(file.line("rehearsed"));
    const auto steps = countOf(file.line("steps"));
    const std::size_t count = policy.net.parameters().size();
    const bool lengths = parameters.size() == count && square.size() == count && file.row("mean").size() == count;
    const bool bounded = std::all_of(file.rows.begin(), file.rows.end(), [](const auto& row) {
        return std::all_of(row.second.begin(), row.second.end(),
                           [](double value) { return std::abs(value) <= kLargest; });
    });
    const bool squares = std::all_of(square.begin(), square.end(), [](double value) { return value >= 0.0; });
    if (!lengths || !bounded || !squares || !rounds || !rehearsed || !steps) {
        return fail(ErrorCode::Corrupt, "The policy file holds a number that no policy has.", path);
    }
    std::copy(parameters.begin(), parameters.end(), policy.net.parameters().begin());
    policy.adam = Adam(file.row("mean"), square, *steps);
    policy.history = {file.line("start"), *rounds, *rehearsed};
    return policy;
}

Result<void> savePolicy(const Policy& policy, const std::filesystem::path& path) {
    return replaceWhole(path, packPolicy(policy));
}

Result<Policy> loadPolicy(const std::filesystem::path& path, const PolicyLayout& expected) {
    std::error_code problem;
    if (std::filesystem::file_size(path, problem) > kLargestFile && !problem)
        return fail(ErrorCode::Malformed, "This is not a policy file: it is far too large.", path);
    const Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    return unpackPolicy(*bytes, expected, path);
}

}  // namespace querent::select::policy
