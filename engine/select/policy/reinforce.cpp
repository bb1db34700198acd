#include "engine/select/policy/reinforce.h"

#include "engine/select/input_check.h"
#include "engine/select/policy/plackett_luce.h"

#include <algorithm>
#include <cmath>

namespace querent::select::policy {
namespace {

Result<void> check(const PolicyNet& net, const Decision& decision) {
    const Matrix& candidates = decision.candidates;
    if (candidates.cols != net.features() || candidates.values.size() != candidates.rows * candidates.cols ||
        decision.state.size() != net.states()) {
        return fail(ErrorCode::InvalidArgument, "A decision does not have the shape that the policy looks at.");
    }
    std::vector<bool> drawn(candidates.rows, false);
    for (const std::size_t row : decision.chosen) {
        if (row >= candidates.rows || drawn[row]) {
            return fail(ErrorCode::InvalidArgument, "A batch names a candidate twice, or one that is not there.");
        }
        drawn[row] = true;
    }
    if (decision.chosen.empty()) return fail(ErrorCode::InvalidArgument, "A batch to learn from is empty.");
    const bool finite =
        allFinite(candidates.values) && std::isfinite(decision.advantage) &&
        std::all_of(decision.state.begin(), decision.state.end(), [](double value) { return std::isfinite(value); });
    if (!finite) return fail(ErrorCode::InvalidArgument, "A decision holds a number that is not finite.");
    return {};
}

/** Adds a decision's part of the gradient and of the report. */
void addDecision(const PolicyNet& net, const Decision& decision, double entropyBonus, double share,
                 std::vector<double>& gradient, ReinforceReport& report) {
    const PolicyNet::Activations activations = net.forward(decision.candidates, decision.state);
    const PlackettLuce batches(activations.logits);
    const WithGradient logPi = batches.logProbabilityGradient(decision.chosen);
    const WithGradient entropy = batches.drawEntropy(decision.chosen);
    const auto size = static_cast<double>(decision.chosen.size());
    std::vector<double> logitGradient(activations.logits.size());
    for (std::size_t i = 0; i < logitGradient.size(); ++i) {
        logitGradient[i] =
            -share * (decision.advantage * logPi.gradient[i] + entropyBonus * entropy.gradient[i]) / size;
    }
    const std::vector<double> part = net.backward(activations, logitGradient);
    for (std::size_t i = 0; i < part.size(); ++i)
        gradient[i] += part[i];
    report.logProbability += share * logPi.value;
    report.entropy += share * entropy.value / size;
}

}  // namespace

Result<ReinforceReport> reinforce(PolicyNet& net, Adam& adam, std::span<const Decision> decisions,
                                  const ReinforceSettings& settings) {
    if (decisions.empty()) return fail(ErrorCode::InvalidArgument, "There is no decision to learn from.");
    for (const Decision& decision : decisions) {
        if (const auto checked = check(net, decision); !checked) return checked.error();
    }
    std::vector<double> gradient(net.parameters().size(), 0.0);
    ReinforceReport report;
    const double share = 1.0 / static_cast<double>(decisions.size());
    for (const Decision& decision : decisions)
        addDecision(net, decision, settings.entropyBonus, share, gradient, report);
    report.gradientNorm = adam.step(net.parameters(), gradient, settings.adam);
    if (!std::isfinite(report.gradientNorm)) {
        return fail(ErrorCode::InvalidArgument, "The policy's gradient is not finite; the policy is unchanged.");
    }
    return report;
}

}  // namespace querent::select::policy
