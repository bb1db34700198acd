#include "engine/select/rlmba/memory.h"

#include "engine/select/policy/number_file.h"
#include "engine/select/rlmba/candidates.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::select::rlmba {
namespace {

std::optional<policy::Decision> decisionOf(const policy::NumberFile& file, const policy::PolicyLayout& layout) {
    const std::vector<double>& candidates = file.row("candidates");
    const std::size_t cols = layout.features.size();
    policy::Decision decision;
    decision.candidates = Matrix(candidates.size() / cols, cols);
    if (candidates.size() % cols != 0) return std::nullopt;
    std::transform(candidates.begin(), candidates.end(), decision.candidates.values.begin(),
                   [](double value) { return static_cast<float>(value); });
    decision.state = file.row("state");
    for (const double row : file.row("chosen")) {
        if (row < 0.0 || row != std::floor(row) || row >= static_cast<double>(decision.candidates.rows)) {
            return std::nullopt;
        }
        decision.chosen.push_back(static_cast<std::size_t>(row));
    }
    if (decision.state.size() != layout.states.size()) return std::nullopt;
    return decision;
}

}  // namespace

std::string packMemory(const MbaMemory& memory) {
    policy::NumberFile file = policy::policyNumbers(memory.policy);
    file.rows["rewards"] = memory.rewards;
    file.rows["gains"] = memory.gains;
    policy::packTrials(memory.trials, file);
    if (memory.before) file.rows["before"] = {*memory.before};
    if (memory.pending) {
        const policy::Decision& decision = *memory.pending;
        file.rows["candidates"].assign(decision.candidates.values.begin(), decision.candidates.values.end());
        file.rows["state"] = decision.state;
        file.rows["chosen"].assign(decision.chosen.begin(), decision.chosen.end());
    }
    return policy::packPolicyNumbers(file);
}

Result<MbaMemory> unpackMemory(std::string_view bytes) {
    const auto file = policy::unpackPolicyNumbers(bytes);
    if (!file) return file.error();
    auto policy = policy::policyOf(*file, policyLayout());
    if (!policy) return policy.error();
    MbaMemory memory{std::move(policy).value()};
    memory.rewards = file->row("rewards");
    memory.gains = file->row("gains");
    memory.trials = policy::unpackTrials(*file);
    if (!file->row("before").empty()) memory.before = file->row("before").front();
    if (file->row("chosen").empty()) return memory;
    memory.pending = decisionOf(*file, memory.policy.layout);
    if (!memory.pending) return fail(ErrorCode::Corrupt, "What the policy remembers of its last batch is damaged.");
    return memory;
}

}  // namespace querent::select::rlmba
