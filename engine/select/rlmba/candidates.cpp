#include "engine/select/rlmba/candidates.h"

#include "engine/select/policy/item_terms.h"
#include "engine/select/policy/modality_weights.h"
#include "engine/select/rlmba/budget_kmeans.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace querent::select::rlmba {
namespace {

/** Distances to the clusters' centres, [R]; the rows are clustered in an order that the pool's does not decide. */
Result<std::vector<double>> diversityOf(const Matrix& features, const std::vector<std::size_t>& rows,
                                        std::span<const double> ties, std::size_t batch, std::uint64_t seed,
                                        const Job& job) {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ties[a] < ties[b]; });
    Matrix sorted(rows.size(), features.cols);
    for (std::size_t i = 0; i < order.size(); ++i)
        std::copy_n(features.row(rows[order[i]]).begin(), features.cols, sorted.row(i).begin());
    const auto clusters = budgetKMeans(sorted, batch, seed, job);
    if (!clusters) return clusters.error();
    std::vector<double> distances(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        distances[order[i]] = clusters->distances[i];
    return distances;
}

/** Keeps the rows of the candidate set. */
MbaCandidates keep(CandidateFeatures all, const std::vector<double>& scores, const std::vector<double>& distances,
                   const std::vector<std::size_t>& chosen) {
    MbaCandidates kept;
    kept.leftOut = std::move(all.leftOut);
    kept.values = Matrix(chosen.size(), all.values.cols + 2);
    const std::vector<double> diversity = minMaxNormalised(distances);
    const std::vector<double> scoreRanks = policy::rankNormalised(scores);
    const std::vector<double> distanceRanks = policy::rankNormalised(distances);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
        const std::size_t row = chosen[k];
        kept.rows.push_back(all.rows[row]);
        kept.scores.push_back(scores[row]);
        kept.diversity.push_back(diversity[row]);
        std::copy_n(all.values.row(row).begin(), all.values.cols, kept.values.row(k).begin());
        kept.values.at(k, all.values.cols) = static_cast<float>(scoreRanks[row]);
        kept.values.at(k, all.values.cols + 1) = static_cast<float>(distanceRanks[row]);
    }
    for (const std::vector<double>& uncertainty : all.uncertainties) {
        const std::vector<double> normalised = minMaxNormalised(uncertainty);
        std::vector<double>& column = kept.uncertainties.emplace_back();
        for (const std::size_t row : chosen)
            column.push_back(normalised[row]);
    }
    return kept;
}

/** Adds one prediction's fused features to a row of zeros. */
void fuse(const ItemPrediction& prediction, std::span<const double> weights, std::span<float> row) {
    std::vector<bool> present;
    for (const std::vector<float>& features : prediction.features)
        present.push_back(features.size() == row.size());
    if (std::find(present.begin(), present.end(), true) == present.end() || present.size() != weights.size()) {
        std::copy_n(prediction.embedding.begin(), std::min(prediction.embedding.size(), row.size()), row.begin());
        return;
    }
    const std::vector<double> shares = policy::presentWeights(weights, present);
    for (std::size_t m = 0; m < shares.size(); ++m) {
        for (std::size_t d = 0; present[m] && d < row.size(); ++d)
            row[d] += static_cast<float>(shares[m]) * prediction.features[m][d];
    }
}

}  // namespace

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

policy::PolicyLayout policyLayout() {
    policy::PolicyLayout layout{{kCandidateFeatures.begin(), kCandidateFeatures.end()},
                                {kRoundStates.begin(), kRoundStates.end()}};
    layout.features.insert(layout.features.end(), {"unified score", "diversity"});
    return layout;
}

Result<MbaCandidates> mbaCandidates(const CandidateInput& input, std::span<const ItemId> pool, std::size_t batch,
                                    std::uint64_t seed, const Job& job, std::size_t factor) {
    auto all = candidateFeatures(input, seed, job);
    if (!all) return all.error();
    if (all->rows.empty()) {
        MbaCandidates none;
        none.leftOut = std::move(all->leftOut);
        return none;
    }
    const std::vector<double> keys = tieKeys(pool, seed);
    std::vector<double> ties;
    for (const std::size_t row : all->rows)
        ties.push_back(keys[row]);
    const auto distances = diversityOf(*input.features, all->rows, ties, batch, seed, job);
    if (!distances) return distances.error();
    const auto scores = unifiedScores(all->uncertainties, input.weights, *distances);
    if (!scores) return scores.error();
    const std::vector<std::size_t> chosen = candidateSet(*scores, ties, batch, factor);
    return keep(std::move(*all), *scores, *distances, chosen);
}

Matrix fusedFeatures(std::span<const ItemPrediction> predictions, std::span<const double> weights) {
    std::size_t length = 0;
    std::size_t embedding = 0;
    for (const ItemPrediction& prediction : predictions) {
        for (const std::vector<float>& features : prediction.features)
            length = std::max(length, features.size());
        embedding = std::max(embedding, prediction.embedding.size());
    }
    if (length == 0) length = embedding;
    Matrix fused(predictions.size(), length);
    for (std::size_t i = 0; i < predictions.size(); ++i)
        fuse(predictions[i], weights, fused.row(i));
    return fused;
}

}  // namespace querent::select::rlmba
