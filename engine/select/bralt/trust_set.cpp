#include "engine/select/bralt/trust_set.h"

#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace querent::select::bralt {

double knowNothingLoss(int classes, bool yesOrNo) {
    return yesOrNo ? std::numbers::ln2 : std::log(static_cast<double>(std::max(1, classes)));
}

double lastLayerGradient(double residual, double length) {
    return residual * std::sqrt(length * length + 1.0);
}

double trustScore(double loss, double residual, double length, const CurriculumSettings& settings) {
    return superLossWeight(loss, settings.tau, settings.lambda) * lastLayerGradient(residual, length);
}

double residualLength(std::span<const float> probabilities, int answer) {
    double squares = 0.0;
    for (std::size_t c = 0; c < probabilities.size(); ++c) {
        const double truth = static_cast<int>(c) == answer ? 1.0 : 0.0;
        squares += std::pow(static_cast<double>(probabilities[c]) - truth, 2);
    }
    return std::sqrt(squares);
}

double expectedTrustScore(std::span<const float> probabilities, double length, const CurriculumSettings& settings) {
    double sum = 0.0;
    for (std::size_t c = 0; c < probabilities.size(); ++c) {
        const auto p = static_cast<double>(probabilities[c]);
        if (p <= 0.0) continue;
        sum += p * trustScore(-std::log(p), residualLength(probabilities, static_cast<int>(c)), length, settings);
    }
    return sum;
}

std::vector<std::size_t> trustSet(const ScoredExamples& examples, std::span<const std::size_t> rows, int groupCount,
                                  std::size_t perGroup, std::uint64_t seed) {
    const std::vector<double> keys = tieKeys(examples.items, seed);
    std::vector<std::vector<std::size_t>> groups(static_cast<std::size_t>(groupCount));
    for (const std::size_t row : rows)
        groups[static_cast<std::size_t>(examples.groups[row])].push_back(row);
    std::vector<std::size_t> chosen;
    for (std::vector<std::size_t>& group : groups) {
        std::sort(group.begin(), group.end(), [&](std::size_t a, std::size_t b) {
            const double x = examples.scores[a], y = examples.scores[b];
            return x != y ? x > y : keys[a] > keys[b];
        });
        group.resize(std::min(group.size(), perGroup));
        chosen.insert(chosen.end(), group.begin(), group.end());
    }
    return chosen;
}

}  // namespace querent::select::bralt
