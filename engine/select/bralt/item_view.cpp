#include "engine/select/bralt/item_view.h"

#include "engine/select/geometry/principal.h"
#include "engine/select/input_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace querent::select::bralt {
namespace {

/** Items with what places are made of. */
struct Raw {
    std::vector<std::size_t> rows;  // of the source, by ascending id
    Matrix unit;                    // [N, D], of length 1; a row of 0 stays one
    std::vector<double> lengths;    // [N], before that
};

double lengthOf(std::span<const float> row) {
    double squares = 0.0;
    for (const float value : row)
        squares += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(squares);
}

Raw rawOf(const Matrix& features, std::vector<std::size_t> rows) {
    Raw raw{std::move(rows), {}, {}};
    raw.unit = Matrix(raw.rows.size(), features.cols);
    for (std::size_t i = 0; i < raw.rows.size(); ++i) {
        const auto row = features.row(raw.rows[i]);
        const double length = lengthOf(row);
        raw.lengths.push_back(length);
        for (std::size_t d = 0; d < features.cols && length > 0.0; ++d)
            raw.unit.at(i, d) = static_cast<float>(static_cast<double>(row[d]) / length);
    }
    return raw;
}

constexpr std::size_t kMostRows = 4000;  // more of them would not move the directions

/** Rows of both, at even steps where they are too many. */
Matrix sampleOf(const Matrix& pool, const Matrix& labelled) {
    const std::size_t count = pool.rows + labelled.rows;
    Matrix sample(std::min(count, kMostRows), pool.cols);
    for (std::size_t i = 0; i < sample.rows; ++i) {
        const std::size_t at = i * count / sample.rows;
        const auto row = at < pool.rows ? pool.row(at) : labelled.row(at - pool.rows);
        std::copy_n(row.begin(), pool.cols, sample.row(i).begin());
    }
    return sample;
}

/** Places of both, in the space of both. */
Result<std::pair<Matrix, Matrix>> placesOf(const Raw& pool, const Raw& labelled, const Job& job) {
    const auto components = geometry::principalComponents(sampleOf(pool.unit, labelled.unit), kPlaceWidth, job);
    if (!components) return components.error();
    const double spread = std::accumulate(components->variances.begin(), components->variances.end(), 0.0);
    const auto scale = static_cast<float>(spread > 0.0 ? 1.0 / std::sqrt(spread) : 0.0);
    const auto placed = [&](const Matrix& unit) {
        const Matrix along = geometry::project(*components, unit);
        Matrix places(unit.rows, kPlaceWidth);
        for (std::size_t i = 0; i < along.rows; ++i) {
            for (std::size_t k = 0; k < along.cols; ++k)
                places.at(i, k) = scale * along.at(i, k);
        }
        return places;
    };
    return std::pair(placed(pool.unit), placed(labelled.unit));
}

Judgement judgementOf(const SelectionInput& input) {
    const TaskKind task = input.predictions->front().probabilities.empty() ? TaskKind::Detect : TaskKind::Classify;
    const bool yesOrNo = input.multiLabel || task == TaskKind::Detect;
    Judgement judgement{task, input.multiLabel, input.classes, input.labelledPerClass, {}};
    judgement.labelledPerClass.resize(static_cast<std::size_t>(std::max(0, input.classes)), 0);
    judgement.curriculum.tau = knowNothingLoss(input.classes, yesOrNo);
    return judgement;
}

bool known(int label, int classes) {
    return label >= 0 && label < classes;
}

/** Whether an answer can be learnt from: classes that exist, and one where there must be one. */
bool answered(const ItemTruth& truth, const Judgement& judgement) {
    const auto exists = [&](int label) { return known(label, judgement.classes); };
    if (judgement.task == TaskKind::Detect) {
        return std::all_of(truth.boxes.begin(), truth.boxes.end(), [&](const auto& box) { return exists(box.label); });
    }
    return (judgement.multiLabel || truth.labels.size() == 1) &&
           std::all_of(truth.labels.begin(), truth.labels.end(), exists);
}

bool usable(const ItemPrediction& prediction, std::span<const float> features, const Judgement& judgement) {
    const bool boxes = judgement.task == TaskKind::Detect;
    if (!allFinite(features)) return false;
    if (!boxes) {
        return prediction.probabilities.size() == static_cast<std::size_t>(judgement.classes) &&
               allFinite(prediction.probabilities);
    }
    return std::all_of(prediction.boxes.begin(), prediction.boxes.end(), [&](const Detection& box) {
        const bool shape = box.classes.empty() || box.classes.size() == static_cast<std::size_t>(judgement.classes);
        return shape && known(box.label, judgement.classes) && std::isfinite(box.score) && allFinite(box.classes);
    });
}

PredictionTerms termsOf(const ItemPrediction& prediction, double length, const Judgement& judgement) {
    return judgement.task == TaskKind::Detect ? termsOfBoxes(prediction, length, judgement)
                                              : termsOfClasses(prediction, length, judgement);
}

Marked mark(const ItemPrediction& prediction, const ItemTruth& truth, double length, const Judgement& judgement) {
    return judgement.task == TaskKind::Detect ? markBoxes(prediction, truth, length, judgement)
                                              : markClasses(prediction, truth, length, judgement);
}

template <typename IdOf>
void sortById(std::vector<std::size_t>& rows, IdOf idOf) {
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return idOf(a) < idOf(b); });
}

std::vector<std::size_t> poolRows(const SelectionInput& input, View& view) {
    std::vector<std::size_t> rows;
    for (const std::size_t i : usableRows(input, view.leftOut)) {
        if (usable((*input.predictions)[i], input.poolFeatures->row(i), view.judgement)) {
            rows.push_back(i);
        } else {
            view.leftOut.push_back(unusableAnswer(input, i));
        }
    }
    sortById(rows, [&](std::size_t i) { return input.pool[i].value; });
    return rows;
}

std::vector<std::size_t> labelledRows(const SelectionInput& input, View& view) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < input.labelled.count(); ++i) {
        if (!answered(input.labelled.truth[i], view.judgement)) continue;
        if (usable(input.labelled.predictions[i], input.labelledFeatures->row(i), view.judgement)) {
            rows.push_back(i);
        } else {
            ++view.unusable;
        }
    }
    sortById(rows, [&](std::size_t i) { return input.labelled.truth[i].item; });
    return rows;
}

Result<void> checkLabelled(const SelectionInput& input) {
    const std::size_t features = input.labelledFeatures ? input.labelledFeatures->rows : 0;
    const std::size_t count = input.labelled.count();
    if (input.labelled.predictions.size() == count && features >= count) return {};
    return fail(ErrorCode::InvalidArgument, "There are " + std::to_string(input.labelled.predictions.size()) +
                                                " predictions and " + std::to_string(features) +
                                                " rows of features for " + std::to_string(count) + " labelled items.");
}

}  // namespace

Result<View> viewItems(const SelectionInput& input, const Job& job) {
    if (const auto checked = checkLabelled(input); !checked) return checked.error();
    View view;
    view.judgement = judgementOf(input);
    view.rows = poolRows(input, view);
    if (view.rows.empty()) return view;
    Raw pool = rawOf(*input.poolFeatures, view.rows);
    Raw labelled;
    labelled.unit = Matrix(0, input.poolFeatures->cols);
    if (input.labelled.count() > 0) labelled = rawOf(*input.labelledFeatures, labelledRows(input, view));
    auto places = placesOf(pool, labelled, job);
    if (!places) return places.error();
    view.pool.places = std::move(places->first);
    view.labelled.places = std::move(places->second);
    view.pool.units = std::move(pool.unit);
    view.labelled.units = std::move(labelled.unit);
    for (std::size_t i = 0; i < pool.rows.size(); ++i) {
        view.pool.ids.push_back(input.pool[pool.rows[i]]);
        view.pool.terms.push_back(termsOf((*input.predictions)[pool.rows[i]], pool.lengths[i], view.judgement));
    }
    for (std::size_t i = 0; i < labelled.rows.size(); ++i) {
        const ItemPrediction& prediction = input.labelled.predictions[labelled.rows[i]];
        const ItemTruth& truth = input.labelled.truth[labelled.rows[i]];
        const Marked marked = mark(prediction, truth, labelled.lengths[i], view.judgement);
        view.labelled.ids.emplace_back(truth.item);
        view.labelled.terms.push_back(termsOf(prediction, labelled.lengths[i], view.judgement));
        view.labelled.groups.push_back(marked.group);
        view.labelled.scores.push_back(marked.score);
    }
    return view;
}

}  // namespace querent::select::bralt
