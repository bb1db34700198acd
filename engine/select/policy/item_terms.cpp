#include "engine/select/policy/item_terms.h"

#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/classic/class_uncertainty.h"
#include "engine/select/input_check.h"
#include "engine/select/policy/evidence.h"
#include "engine/select/policy/modality_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace querent::select::policy {
namespace {

double surprise(double p) {
    return p > 0.0 ? -p * std::log(p) : 0.0;
}

double rarity(std::int64_t answers) {
    return 1.0 / static_cast<double>(answers + 1);
}

/** Entropy of the mean minus the mean of the entropies, of heads [H][C] that each add up to 1. */
double divergence(const std::vector<std::vector<double>>& heads) {
    const auto count = static_cast<double>(heads.size());
    double sum = 0.0;
    for (std::size_t c = 0; c < heads.front().size(); ++c) {
        double mean = 0.0;
        for (const std::vector<double>& head : heads) {
            mean += head[c] / count;
            sum -= surprise(head[c]) / count;
        }
        sum += surprise(mean);
    }
    return std::max(0.0, sum);
}

/** Entropy of the mean prediction over the largest possible, in [0, 1]; multi-label: the mean over the classes. */
double meanEntropy(const std::vector<float>& evidence, bool multiLabel) {
    const auto classes = static_cast<double>(evidence.size());
    double total = 0.0;
    for (const float alpha : evidence)
        total += static_cast<double>(alpha);
    double sum = 0.0;
    for (const float each : evidence) {
        const auto alpha = static_cast<double>(each);
        const double p = alpha / (multiLabel ? alpha + 1.0 : total);
        sum += multiLabel ? (surprise(p) + surprise(1.0 - p)) / classes : surprise(p);
    }
    const double most = multiLabel ? std::log(2.0) : std::log(classes);
    return most > 0.0 ? sum / most : 0.0;
}

double modalityUncertainty(const std::vector<float>& evidence, bool multiLabel, bool variance) {
    if (evidence.empty()) return std::numeric_limits<double>::quiet_NaN();
    if (!variance) return meanEntropy(evidence, multiLabel);
    const std::vector<double> alpha(evidence.begin(), evidence.end());
    return multiLabel ? multiLabelUncertainty(alpha) : scaledUncertainty(alpha);
}

void addUncertainties(const ItemPrediction& prediction, std::span<const double> weights, bool multiLabel, bool variance,
                      ItemTerms& terms) {
    std::vector<bool> present;
    terms.smallestUncertainty = 1.0;
    for (const std::vector<float>& evidence : prediction.evidence) {
        terms.uncertainties.push_back(modalityUncertainty(evidence, multiLabel, variance));
        present.push_back(!evidence.empty());
        if (present.back()) terms.smallestUncertainty = std::min(terms.smallestUncertainty, terms.uncertainties.back());
    }
    const std::vector<double> shares = presentWeights(weights, present);
    for (std::size_t m = 0; m < shares.size(); ++m) {
        if (present[m]) terms.weightedUncertainty += shares[m] * terms.uncertainties[m];
    }
}

/** One more box's rarities. A box without a class vector is of its one class. */
void addRarity(const Detection& box, std::span<const std::int64_t> labelledPerClass, ItemTerms& terms) {
    const auto add = [&](std::size_t label, double p) {
        const double value = p * rarity(labelledPerClass[label]);
        terms.expectedRarity += value;
        terms.predictedRarity = std::max(terms.predictedRarity, value);
    };
    for (std::size_t c = 0; c < box.classes.size(); ++c)
        add(c, static_cast<double>(box.classes[c]));
    if (box.classes.empty()) add(static_cast<std::size_t>(box.label), box.score);
}

}  // namespace

double disagreement(std::span<const std::vector<float>> evidence, bool multiLabel) {
    std::vector<std::vector<double>> present;
    for (const std::vector<float>& alpha : evidence) {
        if (!alpha.empty()) present.emplace_back(alpha.begin(), alpha.end());
    }
    if (present.empty()) return 0.0;
    if (!multiLabel) {
        for (std::vector<double>& head : present) {
            double total = 0.0;
            for (const double alpha : head)
                total += alpha;
            for (double& alpha : head)
                alpha /= total;
        }
        return divergence(present);
    }
    double sum = 0.0;
    for (std::size_t c = 0; c < present.front().size(); ++c) {
        std::vector<std::vector<double>> answers;
        for (const std::vector<double>& head : present)
            answers.push_back({head[c] / (head[c] + 1.0), 1.0 / (head[c] + 1.0)});
        sum += divergence(answers);
    }
    return sum;
}

ItemTerms classTerms(const ItemPrediction& prediction, std::span<const double> weights,
                     std::span<const std::int64_t> labelledPerClass, bool multiLabel, bool variance) {
    const std::vector<float>& p = prediction.probabilities;
    ItemTerms terms;
    terms.entropy = classic::classEntropy(p, multiLabel);
    terms.margin = classic::classMargin(p, multiLabel);
    addUncertainties(prediction, weights, multiLabel, variance, terms);
    const auto best = std::max_element(p.begin(), p.end());
    terms.top = static_cast<double>(*best);
    terms.predictedRarity = rarity(labelledPerClass[static_cast<std::size_t>(best - p.begin())]);
    for (std::size_t c = 0; c < p.size(); ++c)
        terms.expectedRarity += static_cast<double>(p[c]) * rarity(labelledPerClass[c]);
    terms.disagreement = disagreement(prediction.evidence, multiLabel);
    return terms;
}

ItemTerms boxTerms(std::span<const Detection> boxes, std::span<const std::int64_t> labelledPerClass) {
    ItemTerms terms;
    bool seen = false;
    for (const Detection& box : boxes) {
        terms.top = std::max(terms.top, box.score);
        if (box.score < boxes::kScoreFloor) continue;
        seen = true;
        terms.entropy += boxes::boxEntropy(box);
        terms.margin += boxes::boxMargin(box);
        addRarity(box, labelledPerClass, terms);
    }
    if (!seen) {
        const Detection nothing{{}, 0, boxes::kScoreFloor, {}};
        terms.entropy = boxes::boxEntropy(nothing);
        terms.margin = boxes::boxMargin(nothing);
    }
    const PictureUncertainty uncertainty = pictureUncertainty(boxes);
    terms.weightedUncertainty = uncertainty.total;
    terms.smallestUncertainty = uncertainty.mean;
    terms.uncertainties = {uncertainty.total};
    return terms;
}

std::string predictionProblem(const ItemPrediction& prediction, bool boxes) {
    const auto finiteBox = [](const Detection& box) { return std::isfinite(box.score) && allFinite(box.classes); };
    if (boxes) {
        const bool finite = std::all_of(prediction.boxes.begin(), prediction.boxes.end(), finiteBox);
        return finite ? "" : "was predicted with a number that is not finite.";
    }
    if (!allFinite(prediction.probabilities)) return "was predicted with a number that is not finite.";
    bool any = false;
    for (const std::vector<float>& alpha : prediction.evidence) {
        any = any || !alpha.empty();
        const bool good =
            std::all_of(alpha.begin(), alpha.end(), [](float a) { return std::isfinite(a) && a >= 1.0F; });
        if (!good) return "has evidence that is below 1 or not finite.";
    }
    return any ? "" : "has no evidence from any modality.";
}

std::vector<double> rankNormalised(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size(), 0.5);
    if (values.size() < 2) return ranks;
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        const double rank = 0.5 * static_cast<double>(begin + end - 1) / static_cast<double>(values.size() - 1);
        for (; begin < end; ++begin)
            ranks[order[begin]] = rank;
    }
    return ranks;
}

}  // namespace querent::select::policy
