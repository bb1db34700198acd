#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/bralt/item_view.h"

#include <algorithm>
#include <cmath>

namespace querent::select::bralt {
namespace {

constexpr double kOverlap = 0.5;  // at which a predicted box is a true one's
constexpr double kPresent = 0.5;  // probability from which a picture is predicted to have a class
constexpr double kLeast = 1e-12;

/** One yes-or-no answer a class; a box without them has its score for its class. */
std::vector<float> answersOf(const Detection& box, int classes) {
    if (!box.classes.empty()) return box.classes;
    std::vector<float> answers(static_cast<std::size_t>(classes), 0.0F);
    answers[static_cast<std::size_t>(box.label)] = static_cast<float>(box.score);
    return answers;
}

bool counts(const Detection& box) {
    return box.score >= boxes::kScoreFloor;
}

/** Residual and loss of a picture, box by box. */
struct Sum {
    double squares = 0.0;
    double loss = 0.0;
    double boxes = 0.0;

    void add(double square, double probability) {
        squares += square;
        loss -= std::log(std::max(kLeast, probability));
        boxes += 1.0;
    }
    double score(double length, const Judgement& judgement) const {
        return boxes == 0.0 ? 0.0 : trustScore(loss / boxes, std::sqrt(squares), length, judgement.curriculum);
    }
};

/** The true box that a predicted one overlaps most, of those that are left; their count when there is none. */
std::size_t partnerOf(const Detection& box, const std::vector<TrueBox>& boxes, const std::vector<char>& taken) {
    std::size_t best = boxes.size();
    double overlap = kOverlap;
    for (std::size_t t = 0; t < boxes.size(); ++t) {
        const double own = iou(box.box, boxes[t].box);
        if (taken[t] != 0 || boxes[t].crowd || own < overlap) continue;
        overlap = own;
        best = t;
    }
    return best;
}

}  // namespace

PredictionTerms termsOfBoxes(const ItemPrediction& prediction, double length, const Judgement& judgement) {
    PredictionTerms terms;
    Sum sum;
    std::vector<int> labels;
    for (const Detection& box : prediction.boxes) {
        if (!counts(box)) continue;
        const double p = std::clamp(box.score, 0.0, 1.0);
        double squares = 0.0;
        for (const float other : answersOf(box, judgement.classes))
            squares += static_cast<double>(other) * (1.0 - static_cast<double>(other));
        sum.squares += squares;
        sum.loss += boxes::boxEntropy({box.box, box.label, p, {}});  // the mean of its loss
        sum.boxes += 1.0;
        terms.entropy += boxes::boxEntropy(box);
        terms.certainty = std::max(terms.certainty, p);
        if (p >= kPresent) labels.push_back(box.label);
    }
    terms.expected = sum.score(length, judgement);
    terms.predicted = judgement.groupOf(labels);
    return terms;
}

Marked markBoxes(const ItemPrediction& prediction, const ItemTruth& truth, double length, const Judgement& judgement) {
    std::vector<const Detection*> boxes;
    for (const Detection& box : prediction.boxes) {
        if (counts(box)) boxes.push_back(&box);
    }
    std::stable_sort(boxes.begin(), boxes.end(), [](const auto* a, const auto* b) { return a->score > b->score; });
    std::vector<char> taken(truth.boxes.size(), 0);
    Sum sum;
    for (const Detection* box : boxes) {
        const std::vector<float> answers = answersOf(*box, judgement.classes);
        const std::size_t partner = partnerOf(*box, truth.boxes, taken);
        const bool found = partner < truth.boxes.size();
        if (found) taken[partner] = 1;
        const int label = found ? truth.boxes[partner].label : -1;
        const auto own = found ? static_cast<double>(answers[static_cast<std::size_t>(label)]) : 1.0 - box->score;
        sum.add(std::pow(residualLength(answers, label), 2), own);
    }
    std::vector<int> labels;
    for (std::size_t t = 0; t < truth.boxes.size(); ++t) {
        if (truth.boxes[t].crowd) continue;
        labels.push_back(truth.boxes[t].label);
        if (taken[t] == 0) sum.add(std::pow(1.0 - boxes::kScoreFloor, 2), boxes::kScoreFloor);
    }
    return {judgement.groupOf(labels), sum.score(length, judgement)};
}

}  // namespace querent::select::bralt
