#include "engine/select/bralt/item_view.h"

#include <algorithm>
#include <cmath>

namespace querent::select::bralt {
namespace {

constexpr double kLeast = 1e-12;

double binaryEntropy(double p) {
    const auto part = [](double x) { return x > 0.0 ? -x * std::log(x) : 0.0; };
    return part(p) + part(1.0 - p);
}

PredictionTerms termsOfYesOrNo(const ItemPrediction& prediction, double length, const Judgement& judgement) {
    PredictionTerms terms;
    double squares = 0.0;
    std::vector<int> labels;
    for (std::size_t c = 0; c < prediction.probabilities.size(); ++c) {
        const auto p = static_cast<double>(prediction.probabilities[c]);
        squares += p * (1.0 - p);  // the mean of (p - y)^2
        terms.entropy += binaryEntropy(p);
        terms.certainty += std::max(p, 1.0 - p);
        if (p > 0.5) labels.push_back(static_cast<int>(c));
    }
    const auto classes = static_cast<double>(prediction.probabilities.size());
    terms.certainty /= classes;
    // The entropy of an answer is the mean of its loss.
    terms.expected =
        trustScore(terms.entropy / classes, std::sqrt(std::max(0.0, squares)), length, judgement.curriculum);
    terms.predicted = judgement.groupOf(labels);
    return terms;
}

Marked markYesOrNo(const ItemPrediction& prediction, const ItemTruth& truth, double length,
                   const Judgement& judgement) {
    double squares = 0.0;
    double loss = 0.0;
    for (std::size_t c = 0; c < prediction.probabilities.size(); ++c) {
        const bool yes = std::find(truth.labels.begin(), truth.labels.end(), static_cast<int>(c)) != truth.labels.end();
        const auto p = static_cast<double>(prediction.probabilities[c]);
        squares += std::pow(p - (yes ? 1.0 : 0.0), 2);
        loss -= std::log(std::max(kLeast, yes ? p : 1.0 - p));
    }
    loss /= static_cast<double>(prediction.probabilities.size());
    return {judgement.groupOf(truth.labels), trustScore(loss, std::sqrt(squares), length, judgement.curriculum)};
}

}  // namespace

int Judgement::groupOf(std::span<const int> labels) const {
    int group = classes;
    for (const int label : labels) {
        const auto answers = [this](int c) { return labelledPerClass[static_cast<std::size_t>(c)]; };
        const bool rarer = group == classes || answers(label) < answers(group);
        if (rarer || (answers(label) == answers(group) && label < group)) group = label;
    }
    return group;
}

PredictionTerms termsOfClasses(const ItemPrediction& prediction, double length, const Judgement& judgement) {
    if (judgement.multiLabel) return termsOfYesOrNo(prediction, length, judgement);
    PredictionTerms terms;
    const std::vector<float>& probabilities = prediction.probabilities;
    for (const float p : probabilities)
        terms.entropy -= p > 0.0F ? static_cast<double>(p) * std::log(static_cast<double>(p)) : 0.0;
    const auto best = std::max_element(probabilities.begin(), probabilities.end());
    terms.certainty = static_cast<double>(*best);
    terms.predicted = static_cast<int>(best - probabilities.begin());
    terms.expected = expectedTrustScore(probabilities, length, judgement.curriculum);
    return terms;
}

Marked markClasses(const ItemPrediction& prediction, const ItemTruth& truth, double length,
                   const Judgement& judgement) {
    if (judgement.multiLabel) return markYesOrNo(prediction, truth, length, judgement);
    const int answer = truth.labels.front();
    const auto p = static_cast<double>(prediction.probabilities[static_cast<std::size_t>(answer)]);
    const double residual = residualLength(prediction.probabilities, answer);
    return {answer, trustScore(-std::log(std::max(kLeast, p)), residual, length, judgement.curriculum)};
}

}  // namespace querent::select::bralt
