#include "engine/session/policies.h"

#include "engine/select/policy/policy_file.h"
#include "engine/select/registry.h"
#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/start_policy.h"
#include "engine/session/project/project_internal.h"

#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace querent::session {
namespace {

constexpr std::array<const char*, 5> kRivals = {"random", "margin", "entropy", "badge", "coreset"};
constexpr std::string_view kFigurePrefix = "policy_";  // then the name, and :1, :2 for media
constexpr double kNormal = 1.96;                       // of a 95 % interval

// RL-MBA's are the policies that fit any project; what other strategies learn belongs to a project's features.
Result<void> requirePolicy(const std::string& strategy) {
    const auto made = select::makeStrategy(strategy);
    if (!made) return made.error();
    if (strategy.starts_with("rl-mba") && (*made)->info().learns) return {};
    return fail(ErrorCode::InvalidArgument, "The strategy " + strategy + " has no policy that could be moved.");
}

std::optional<std::string> storedPolicy(const Project& project, const std::string& strategy) {
    std::optional<std::string> bytes;
    project.read([&](store::ProjectFile& file) { bytes = project::valueOr(file.policies().get(strategy)); });
    return bytes;
}

Result<select::policy::Policy> policyOf(const Project& project, const std::string& strategy) {
    if (const auto checked = requirePolicy(strategy); !checked) return checked.error();
    const auto bytes = storedPolicy(project, strategy);
    return bytes ? select::policy::unpackPolicy(*bytes, select::rlmba::policyLayout(), project.file())
                 : select::rlmba::startPolicy();
}

}  // namespace

std::optional<PolicyFigure> policyFigure(const Metric& metric) {
    if (!metric.name.starts_with(kFigurePrefix)) return std::nullopt;
    PolicyFigure figure{metric.name.substr(kFigurePrefix.size()), -1};
    const std::size_t colon = figure.name.find(':');
    if (colon == std::string::npos) return figure;
    int number = 0;
    const char* end = figure.name.data() + figure.name.size();
    std::from_chars(figure.name.data() + colon + 1, end, number);
    figure.part = number - 1;
    figure.name.resize(colon);
    return figure;
}

Result<PolicyHistory> policyHistory(const Project& project, const std::string& strategy) {
    const auto policy = policyOf(project, strategy);
    if (!policy) return policy.error();
    return PolicyHistory{strategy, policy->history.startVersion, policy->history.rounds,
                         policy->history.rehearsedEpisodes, storedPolicy(project, strategy).has_value()};
}

Result<void> savePolicy(const Project& project, const std::string& strategy, const std::filesystem::path& file) {
    const auto policy = policyOf(project, strategy);
    if (!policy) return policy.error();
    return select::policy::savePolicy(*policy, file);
}

Result<void> loadPolicy(Project& project, const std::string& strategy, const std::filesystem::path& file) {
    if (const auto checked = requirePolicy(strategy); !checked) return checked;
    const auto policy = select::policy::loadPolicy(file, select::rlmba::policyLayout());
    if (!policy) return policy.error();
    return project.write(
        [&](store::ProjectFile& store) { return store.policies().set(strategy, select::policy::packPolicy(*policy)); });
}

Result<void> forgetPolicy(Project& project, const std::string& strategy) {
    if (const auto checked = requirePolicy(strategy); !checked) return checked;
    return project.write([&](store::ProjectFile& store) { return store.policies().remove(strategy); });
}

Result<std::vector<PracticeComparison>> practiseStartPolicy(const std::filesystem::path& file, int steps, int tasks,
                                                            std::uint64_t seed, const std::string& version,
                                                            const Job& job) {
    select::rlmba::PracticeSettings settings;
    settings.steps = steps;
    const auto policy = select::rlmba::trainStartPolicy(settings, version, seed, job);
    if (!policy) return policy.error();
    if (const auto saved = select::policy::savePolicy(*policy, file); !saved) return saved.error();
    std::vector<std::unique_ptr<select::QueryStrategy>> owned;
    std::vector<const select::QueryStrategy*> rivals;
    for (const char* name : kRivals) {
        owned.push_back(std::move(select::makeStrategy(name)).value());
        rivals.push_back(owned.back().get());
    }
    const auto gains = select::rlmba::gainsOver(policy->net, select::rlmba::Draw::Sampled, rivals,
                                                select::rlmba::generatedTasks(settings.sizes), settings.sizes, tasks,
                                                deriveSeed(seed, "new tasks"), job);
    if (job.cancelled()) return Job::stopped();
    std::vector<PracticeComparison> comparisons;
    for (std::size_t i = 0; i < gains.size(); ++i) {
        const double half = kNormal * gains[i].standardError;
        comparisons.push_back({kRivals[i], gains[i].mean, gains[i].mean - half, gains[i].mean + half});
    }
    return comparisons;
}

}  // namespace querent::session
