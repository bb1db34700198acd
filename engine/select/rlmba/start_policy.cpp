#include "engine/select/rlmba/start_policy.h"

#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/start_policy_bytes.h"

#include <algorithm>
#include <utility>

namespace querent::select::rlmba {
namespace {

bool possible(const PracticeSettings& settings) {
    const TaskSizes& sizes = settings.sizes;
    const int classes = std::max(4, sizes.maxClasses);
    const std::size_t needed =
        2 * static_cast<std::size_t>(classes) + sizes.batch * static_cast<std::size_t>(std::max(0, sizes.rounds));
    return sizes.validation >= 1 && sizes.pool >= needed;
}

}  // namespace

Result<policy::Policy> trainStartPolicy(const PracticeSettings& settings, std::string version, std::uint64_t seed,
                                        const Job& job) {
    if (!possible(settings)) {
        return fail(ErrorCode::InvalidArgument, "The generated tasks are too small to practise on.");
    }
    policy::Policy policy(policyLayout(), seed);
    policy.history.startVersion = std::move(version);
    // It begins by preferring close calls: from drawing uniformly, half of the practice would go into finding that out.
    const auto& names = policy.layout.features;
    const auto margin = std::find(names.begin(), names.end(), "joint margin") - names.begin();
    policy.net.direct()[static_cast<std::size_t>(margin)] = 1.0;
    Rng rng(seed, "practice");
    const auto practised = practise(policy, generatedTasks(settings.sizes), settings, rng, job);
    if (!practised) return practised.error();
    if (job.cancelled()) return Job::stopped();
    return policy;
}

TaskSource generatedTasks(const TaskSizes& sizes) {
    return [sizes](Rng& rng) -> PracticeTask { return GeneratedTask(sizes, rng); };
}

Result<policy::Policy> startPolicy() {
    return policy::unpackPolicy(startPolicyBytes(), policyLayout());
}

}  // namespace querent::select::rlmba
