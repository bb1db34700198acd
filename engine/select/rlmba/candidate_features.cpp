#include "engine/select/rlmba/candidate_features.h"

#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/policy/item_terms.h"
#include "engine/select/policy/modality_weights.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace querent::select::rlmba {
namespace {

constexpr std::size_t kNeighbours = 8;
constexpr std::size_t kPoolSample = 250;
constexpr std::size_t kItemsBetweenLooks = 1024;  // how often to ask whether the job was cancelled
constexpr std::size_t kRowsBetweenLooks = 256;    // the same where each is compared with many

Error refuse(const char* sentence) {
    return fail(ErrorCode::InvalidArgument, sentence);
}

std::string nameOf(const ItemPrediction& prediction) {
    std::string name = "Item ";
    return name += std::to_string(prediction.item);
}

Result<void> checkClasses(const CandidateInput& input) {
    const std::size_t classes = input.labelledPerClass.size();
    for (const ItemPrediction& prediction : input.predictions) {
        bool fits = prediction.probabilities.size() == classes && prediction.evidence.size() == input.weights.size();
        for (const std::vector<float>& alpha : prediction.evidence)
            fits = fits && (alpha.empty() || alpha.size() == classes);
        if (!fits) {
            return fail(ErrorCode::InvalidArgument,
                        nameOf(prediction) + " was not predicted for all classes and modalities.");
        }
    }
    return {};
}

Result<void> checkBoxes(const CandidateInput& input) {
    const std::size_t classes = input.labelledPerClass.size();
    if (input.weights.size() != 1) return refuse("Boxes lie on one medium, so there must be one weight.");
    for (const ItemPrediction& prediction : input.predictions) {
        for (const Detection& box : prediction.boxes) {
            const bool known = box.label >= 0 && static_cast<std::size_t>(box.label) < classes;
            if (known && (box.classes.empty() || box.classes.size() == classes)) continue;
            return fail(ErrorCode::InvalidArgument, nameOf(prediction) + " was predicted with other classes.");
        }
    }
    return {};
}

Result<void> check(const CandidateInput& input) {
    if (input.predictions.empty()) return refuse("There is nothing to choose from.");
    if (input.labelledPerClass.empty() || input.weights.empty()) return refuse("There is no class, or no modality.");
    const Matrix* features = input.features;
    if (features == nullptr || features->cols == 0 || features->rows != input.predictions.size() ||
        features->values.size() != features->rows * features->cols) {
        return refuse("There must be one row of features an item.");
    }
    const Matrix* labelled = input.labelledFeatures;
    if (labelled != nullptr && labelled->rows > 0 && labelled->cols != features->cols) {
        return refuse("The features of the labelled items have another length than those of the pool.");
    }
    return input.task == TaskKind::Detect ? checkBoxes(input) : checkClasses(input);
}

/** Splits the pool into rows and leftOut. */
void sortOut(const CandidateInput& input, CandidateFeatures& result) {
    for (std::size_t i = 0; i < input.predictions.size(); ++i) {
        std::string problem = policy::predictionProblem(input.predictions[i], input.task == TaskKind::Detect);
        if (problem.empty() && !allFinite(input.features->row(i)))
            problem = "has a feature that is not a finite number.";
        if (problem.empty()) {
            result.rows.push_back(i);
        } else {
            result.leftOut.push_back({input.predictions[i].item, nameOf(input.predictions[i]) + " " + problem});
        }
    }
}

/** A random part of the rows that does not depend on their order; places within `rows`. */
std::vector<std::size_t> poolSample(const CandidateInput& input, const std::vector<std::size_t>& rows,
                                    std::uint64_t seed) {
    std::vector<ItemId> items;
    for (const std::size_t row : rows)
        items.emplace_back(input.predictions[row].item);
    const std::vector<double> keys = tieKeys(items, seed);
    std::vector<std::size_t> places(rows.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::sort(places.begin(), places.end(), [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    places.resize(std::min(places.size(), kPoolSample));
    return places;
}

/** One list a feature, [10][R], before ranking. */
using Columns = std::array<std::vector<double>, kCandidateFeatures.size()>;

/** The columns that follow from each prediction alone; false when cancelled. */
bool addTerms(const CandidateInput& input, CandidateFeatures& result, Columns& columns, const Job& job) {
    result.uncertainties.resize(input.weights.size());
    for (const std::size_t row : result.rows) {
        if (row % kItemsBetweenLooks == 0 && job.cancelled()) return false;
        const ItemPrediction& prediction = input.predictions[row];
        const policy::ItemTerms terms = input.task == TaskKind::Detect
                                            ? policy::boxTerms(prediction.boxes, input.labelledPerClass)
                                            : policy::classTerms(prediction, input.weights, input.labelledPerClass,
                                                                 input.multiLabel, input.evidence);
        columns[0].push_back(terms.entropy);
        columns[1].push_back(terms.margin);
        columns[2].push_back(terms.weightedUncertainty);
        columns[3].push_back(terms.smallestUncertainty);
        columns[6].push_back(terms.expectedRarity);
        columns[7].push_back(terms.predictedRarity);
        columns[8].push_back(terms.disagreement);
        columns[9].push_back(terms.top);
        for (std::size_t m = 0; m < terms.uncertainties.size(); ++m)
            result.uncertainties[m].push_back(terms.uncertainties[m]);
    }
    return true;
}

/** The columns that compare features; false when cancelled. */
bool addDistances(const CandidateInput& input, const CandidateFeatures& result, std::uint64_t seed, Columns& columns,
                  const Job& job) {
    Matrix features(result.rows.size(), input.features->cols);
    for (std::size_t i = 0; i < result.rows.size(); ++i)
        std::copy_n(input.features->row(result.rows[i]).begin(), features.cols, features.row(i).begin());
    geometry::NearestCentres centres(features);
    if (input.labelledFeatures != nullptr && !centres.addAll(*input.labelledFeatures, job)) return false;
    columns[4].assign(centres.squared().begin(), centres.squared().end());
    auto distances = neighbourDistances(features, poolSample(input, result.rows, seed), kNeighbours, job);
    if (distances) columns[5] = std::move(*distances);
    return distances.has_value();
}

/** The smallest distances seen so far, ascending. */
class Smallest {
 public:
    explicit Smallest(std::size_t count) : m_count(count) {}

    /** What a distance must be below to be of interest. */
    float limit() const {
        return m_squared.size() < m_count ? std::numeric_limits<float>::infinity() : m_squared.back();
    }
    void add(float squared) {
        if (squared >= limit()) return;
        if (m_squared.size() == m_count) m_squared.pop_back();
        m_squared.insert(std::upper_bound(m_squared.begin(), m_squared.end(), squared), squared);
    }
    double meanDistance() const {
        double sum = 0.0;
        for (const float squared : m_squared)
            sum += std::sqrt(static_cast<double>(squared));
        return m_squared.empty() ? 0.0 : sum / static_cast<double>(m_squared.size());
    }

 private:
    std::size_t m_count;
    std::vector<float> m_squared;
};

}  // namespace

std::optional<std::vector<double>> neighbourDistances(const Matrix& features, std::span<const std::size_t> sample,
                                                      std::size_t neighbours, const Job& job) {
    std::vector<double> distances;
    distances.reserve(features.rows);
    for (std::size_t i = 0; i < features.rows; ++i) {
        if (i % kRowsBetweenLooks == 0) {
            if (job.cancelled()) return std::nullopt;
            job.report("Comparing", static_cast<std::int64_t>(i), static_cast<std::int64_t>(features.rows));
        }
        Smallest nearest(neighbours);
        const auto row = features.row(i);
        for (const std::size_t other : sample) {
            if (other == i) continue;
            nearest.add(geometry::squaredDistance(row, features.row(other), nearest.limit()));
        }
        distances.push_back(nearest.meanDistance());
    }
    return distances;
}

Result<CandidateFeatures> candidateFeatures(const CandidateInput& input, std::uint64_t seed, const Job& job) {
    if (const auto checked = check(input); !checked) return checked.error();
    CandidateFeatures result;
    sortOut(input, result);
    Columns columns;
    if (!addTerms(input, result, columns, job) || !addDistances(input, result, seed, columns, job)) {
        return Job::stopped();
    }
    result.values = Matrix(result.rows.size(), columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const std::vector<double> ranks = policy::rankNormalised(columns[c]);
        for (std::size_t i = 0; i < ranks.size(); ++i)
            result.values.at(i, c) = static_cast<float>(ranks[i]);
    }
    return result;
}

std::vector<double> policyState(const RoundSituation& situation) {
    const auto classes = static_cast<double>(situation.labelledPerClass.size());
    const auto labelled = static_cast<double>(situation.labelled);
    const double all = labelled + static_cast<double>(situation.pool);
    const auto answers = static_cast<double>(
        std::accumulate(situation.labelledPerClass.begin(), situation.labelledPerClass.end(), std::int64_t{0}));
    std::vector<double> shares;
    for (const std::int64_t count : situation.labelledPerClass)
        shares.push_back(answers > 0.0 ? static_cast<double>(count) / answers : 1.0 / classes);
    return {all > 0.0 ? labelled / all : 0.0,
            situation.accuracy,
            situation.progress,
            policy::weightEvenness(shares),
            policy::weightEvenness(situation.weights),
            std::log(std::max(classes, 1.0)) / 3.0};
}

}  // namespace querent::select::rlmba
