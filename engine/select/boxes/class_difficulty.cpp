#include "engine/select/boxes/class_difficulty.h"

#include "engine/select/boxes/box_features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace querent::select::boxes {
namespace {

constexpr double kFound = 0.5;  // IoU
constexpr double kProbabilityPower = 0.6;
constexpr double kOverlapPower = 0.4;
constexpr double kSteepness = 0.3;  // alpha
constexpr double kReach = 0.2;      // the upper bound of what is added to 1

/** The true box that a found one is for, where none better was found before; truth.boxes.size() for none. */
std::size_t bestMatch(const Detection& found, const std::vector<TrueBox>& truth, const std::vector<char>& taken) {
    std::size_t best = truth.size();
    double most = kFound;
    for (std::size_t t = 0; t < truth.size(); ++t) {
        if (taken[t] != 0 || truth[t].crowd || truth[t].label != found.label) continue;
        const double overlap = iou(found.box, truth[t].box);
        if (overlap < most || (overlap == most && best < truth.size())) continue;
        most = overlap;
        best = t;
    }
    return best;
}

}  // namespace

std::vector<double> classQuality(const AnsweredItems& labelled, int classes) {
    const auto count = static_cast<std::size_t>(std::max(0, classes));
    std::vector<double> sums(count, 0.0);
    std::vector<double> boxes(count, 0.0);
    const std::size_t items = std::min(labelled.truth.size(), labelled.predictions.size());
    for (std::size_t i = 0; i < items; ++i) {
        const std::vector<TrueBox>& truth = labelled.truth[i].boxes;
        for (const TrueBox& box : truth) {
            if (!box.crowd && box.label >= 0 && box.label < classes) boxes[static_cast<std::size_t>(box.label)] += 1.0;
        }
        if (!finiteBoxes(labelled.predictions[i])) continue;
        std::vector<char> taken(truth.size(), 0);
        for (const Detection& found : labelled.predictions[i].boxes) {
            if (found.label < 0 || found.label >= classes) continue;
            const std::size_t match = bestMatch(found, truth, taken);
            if (match == truth.size()) continue;
            taken[match] = 1;
            sums[static_cast<std::size_t>(found.label)] += std::pow(labelProbability(found), kProbabilityPower) *
                                                           std::pow(iou(found.box, truth[match].box), kOverlapPower);
        }
    }
    for (std::size_t c = 0; c < count; ++c)
        sums[c] = boxes[c] > 0.0 ? sums[c] / boxes[c] : 0.0;
    return sums;
}

double difficultyWeight(double quality) {
    const double scale = std::exp(1.0 / kSteepness) - 1.0;
    return 1.0 + kReach * kSteepness * std::log(scale * (1.0 - quality) + 1.0);
}

}  // namespace querent::select::boxes
