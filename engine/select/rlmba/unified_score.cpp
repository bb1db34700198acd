#include "engine/select/rlmba/unified_score.h"

#include "engine/select/policy/modality_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace querent::select::rlmba {

std::vector<double> minMaxNormalised(std::span<const double> values) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    std::vector<double> normalised(values.begin(), values.end());
    for (double& value : normalised) {
        if (!std::isnan(value)) value = high > low ? (value - low) / (high - low) : 0.0;
    }
    return normalised;
}

Result<std::vector<double>> unifiedScores(const std::vector<std::vector<double>>& uncertainties,
                                          std::span<const double> weights, std::span<const double> distances,
                                          double diversityWeight) {
    const auto wrong = [&](const std::vector<double>& row) { return row.size() != distances.size(); };
    if (weights.size() != uncertainties.size() || std::any_of(uncertainties.begin(), uncertainties.end(), wrong)) {
        return fail(ErrorCode::InvalidArgument, "The uncertainties do not fit the weights or the distances.");
    }
    if (!std::all_of(distances.begin(), distances.end(), [](double d) { return std::isfinite(d); })) {
        return fail(ErrorCode::InvalidArgument, "A distance is not a finite number.");
    }
    std::vector<std::vector<double>> normalised;
    for (const std::vector<double>& row : uncertainties)
        normalised.push_back(minMaxNormalised(row));
    std::vector<double> scores = minMaxNormalised(distances);
    std::vector<bool> present(weights.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        scores[i] *= diversityWeight;
        for (std::size_t m = 0; m < weights.size(); ++m)
            present[m] = !std::isnan(normalised[m][i]);
        const std::vector<double> shares = policy::presentWeights(weights, present);
        for (std::size_t m = 0; m < weights.size(); ++m) {
            if (present[m]) scores[i] += shares[m] * normalised[m][i];
        }
    }
    return scores;
}

std::vector<std::size_t> candidateSet(std::span<const double> scores, std::span<const double> ties, std::size_t batch,
                                      std::size_t factor) {
    std::vector<std::size_t> rows(scores.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return scores[a] != scores[b] ? scores[a] > scores[b] : ties[a] < ties[b];
    });
    rows.resize(std::min(rows.size(), factor * batch));
    return rows;
}

}  // namespace querent::select::rlmba
