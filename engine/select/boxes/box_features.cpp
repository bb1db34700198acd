#include "engine/select/boxes/box_features.h"

#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"

#include <algorithm>
#include <cmath>

namespace querent::select::boxes {

Result<void> checkBoxes(const SelectionInput& input, const std::string& strategy) {
    if (const auto checked = checkPredictions(input); !checked) return checked;
    const auto refuse = [](const std::string& sentence) { return fail(ErrorCode::InvalidArgument, sentence); };
    if (!input.predictions->front().probabilities.empty())
        return refuse("The strategy " + strategy + " is for boxes, not for classes.");
    std::size_t length = 0;
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        for (const Detection& box : (*input.predictions)[i].boxes) {
            if (box.label < 0 || box.label >= input.classes)
                return refuse("Item " + std::to_string(input.pool[i].value) + " has a box of an unknown class.");
            if (box.features.empty()) continue;
            if (length != 0 && box.features.size() != length)
                return refuse("Item " + std::to_string(input.pool[i].value) +
                              " has a box with more or fewer features than others.");
            length = box.features.size();
        }
    }
    return {};
}

bool finiteBoxes(const ItemPrediction& prediction) {
    return std::all_of(prediction.boxes.begin(), prediction.boxes.end(), [](const Detection& box) {
        return std::isfinite(box.score) && allFinite(box.classes) && allFinite(box.features);
    });
}

double labelProbability(const Detection& box) {
    const auto label = static_cast<std::size_t>(box.label);
    const double p = label < box.classes.size() ? static_cast<double>(box.classes[label]) : box.score;
    return std::clamp(p, 0.0, 1.0);
}

double labelEntropy(const Detection& box) {
    return boxEntropy(Detection{{}, 0, labelProbability(box), {}});
}

double emptyEntropy() {
    return boxEntropy(Detection{{}, 0, kScoreFloor, {}});
}

}  // namespace querent::select::boxes
