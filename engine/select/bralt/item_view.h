#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/result.h"
#include "engine/select/bralt/trust_set.h"
#include "engine/select/strategy.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace querent::select::bralt {

/** What one prediction says by itself. */
struct PredictionTerms {
    double expected = 0.0;   // the trust score it can be expected to have, >= 0
    double entropy = 0.0;    // nats
    double certainty = 0.0;  // the largest probability, [0, 1]
    int predicted = 0;       // group
};

/** What its answer adds. */
struct Marked {
    int group = 0;
    double score = 0.0;  // trust score, >= 0
};

/**
 * How items are judged. Groups are what a TrustSet is balanced over: the classes, and one more, number `classes`, for
 * items without any. An item of several classes belongs to the one that is labelled least (ours).
 */
struct Judgement {
    TaskKind task = TaskKind::Classify;
    bool multiLabel = false;
    int classes = 0;
    std::vector<std::int64_t> labelledPerClass;  // [classes]
    CurriculumSettings curriculum;

    int groups() const { return classes + 1; }
    /** The group of an item with these classes. */
    int groupOf(std::span<const int> labels) const;
};

/**
 * One class an item: as trust_set.h has it. Multi-label, ours: the classes are independent, so what is expected of the
 * residual's square and of the loss is summed over them; the loss is their mean.
 * @param length  |z|
 */
PredictionTerms termsOfClasses(const ItemPrediction& prediction, double length, const Judgement& judgement);
Marked markClasses(const ItemPrediction& prediction, const ItemTruth& truth, double length, const Judgement& judgement);

/**
 * Boxes, ours: the papers know none. A picture's residual is that of its boxes one after the other, as if each had rows
 * of the last layer to itself: |r|^2 = sum of |p_k - y_k|^2. True boxes are matched with predicted ones of at least
 * kScoreFloor, the surest first, at an overlap of one half; predicted ones without a partner should have been nothing,
 * true ones without a partner were predicted with kScoreFloor. The loss is the mean of -ln(probability of what is true)
 * over all of these. Expected values: each predicted box is its class with its probability, or nothing. A picture
 * belongs to the class, of those that it has (is predicted to have with at least one half), that is labelled least.
 */
PredictionTerms termsOfBoxes(const ItemPrediction& prediction, double length, const Judgement& judgement);
Marked markBoxes(const ItemPrediction& prediction, const ItemTruth& truth, double length, const Judgement& judgement);

/** Items, row i of each list is of the same one; ascending by id, so that the order of the pool does not matter. */
struct Items {
    std::vector<ItemId> ids;
    Matrix units;   // [N, D], features scaled to length 1; says the same whatever else is in the pool
    Matrix places;  // [N, kPlaceWidth]
    std::vector<PredictionTerms> terms;

    std::size_t count() const { return ids.size(); }
};

/** Labelled items. */
struct Examples : Items {
    std::vector<int> groups;
    std::vector<double> scores;
};

/** The length of places: principal components of features of length 1, filled up with 0. */
inline constexpr std::size_t kPlaceWidth = 32;

/** All that BRAL-T looks at. */
struct View {
    Judgement judgement;
    Items pool;
    std::vector<std::size_t> rows;  // [pool.count()], places in SelectionInput::pool
    Examples labelled;
    std::vector<LeftOut> leftOut;
    std::size_t unusable = 0;  // labelled items with a number that is not finite
};

/**
 * Looks at pool and labelled items. Features are scaled to length 1 and seen along the principal components of both
 * together, divided by the root of the mean squared length, so that a place's numbers are of the same size in any
 * project. Items without class probabilities are pictures with boxes.
 * @return InvalidArgument when shapes of what is labelled do not fit; Cancelled
 */
Result<View> viewItems(const SelectionInput& input, const Job& job);

}  // namespace querent::select::bralt
