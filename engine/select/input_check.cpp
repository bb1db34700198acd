#include "engine/select/input_check.h"

#include <algorithm>
#include <string>

namespace querent::select {
namespace {

Error refuse(const std::string& sentence) {
    return fail(ErrorCode::InvalidArgument, sentence);
}

bool sound(const Matrix& matrix) {
    return matrix.values.size() == matrix.rows * matrix.cols;
}

}  // namespace

Result<void> checkPool(const SelectionInput& input) {
    if (input.pool.empty()) return refuse("There is nothing left to choose from: every item has been answered.");
    std::vector<ItemId> sorted(input.pool.begin(), input.pool.end());
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) return refuse("Item " + std::to_string(twice->value) + " is in the pool twice.");
    return {};
}

Result<void> checkPredictions(const SelectionInput& input) {
    if (!input.predictions) return refuse("This strategy needs a trained model's predictions.");
    if (input.predictions->size() != input.pool.size()) {
        return refuse("There are " + std::to_string(input.predictions->size()) + " predictions for " +
                      std::to_string(input.pool.size()) + " items.");
    }
    const std::size_t probabilities = input.predictions->front().probabilities.size();
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        const std::size_t given = (*input.predictions)[i].probabilities.size();
        if (given != probabilities || (given != 0 && given != static_cast<std::size_t>(std::max(0, input.classes))))
            return refuse("Item " + std::to_string(input.pool[i].value) + " was not predicted for all classes.");
        for (const Detection& box : (*input.predictions)[i].boxes) {
            if (box.classes.empty() || box.classes.size() == static_cast<std::size_t>(std::max(0, input.classes))) {
                continue;
            }
            return refuse("Item " + std::to_string(input.pool[i].value) + " was predicted with " +
                          std::to_string(box.classes.size()) + " classes, but there are " +
                          std::to_string(input.classes) + ".");
        }
    }
    return {};
}

Result<void> checkClasses(const SelectionInput& input, const std::string& strategy) {
    if (const auto checked = checkPredictions(input); !checked) return checked;
    if (!input.predictions->front().probabilities.empty()) return {};
    return refuse("The strategy " + strategy + " is for classes, not for boxes.");
}

Result<void> checkFeatures(const SelectionInput& input) {
    if (!input.poolFeatures) return refuse("This strategy needs the features of the pool.");
    const Matrix& pool = *input.poolFeatures;
    if (!sound(pool) || pool.cols == 0 || pool.rows != input.pool.size()) {
        return refuse("The features are " + std::to_string(pool.rows) + " rows of " + std::to_string(pool.cols) +
                      " numbers for " + std::to_string(input.pool.size()) + " items.");
    }
    if (!input.labelledFeatures || input.labelledFeatures->rows == 0) return {};
    if (!sound(*input.labelledFeatures) || input.labelledFeatures->cols != pool.cols) {
        return refuse("The features of the labelled items have " + std::to_string(input.labelledFeatures->cols) +
                      " numbers, those of the pool " + std::to_string(pool.cols) + ".");
    }
    return {};
}

Result<void> checkPredictedFeatures(const SelectionInput& input) {
    if (const auto checked = checkPool(input); !checked) return checked;
    if (const auto checked = checkPredictions(input); !checked) return checked;
    return checkFeatures(input);
}

Result<void> checkClassFeatures(const SelectionInput& input, const std::string& strategy) {
    if (const auto checked = checkPool(input); !checked) return checked;
    if (const auto checked = checkClasses(input, strategy); !checked) return checked;
    return checkFeatures(input);
}

LeftOut leftOut(const SelectionInput& input, std::size_t index, const std::string& why) {
    const std::int64_t item = input.pool[index].value;
    return {item, "Item " + std::to_string(item) + " " + why};
}

LeftOut unusableAnswer(const SelectionInput& input, std::size_t index) {
    return leftOut(input, index, "was predicted with a score that is not a number.");
}

std::vector<std::size_t> usableRows(const SelectionInput& input, std::vector<LeftOut>& left) {
    std::vector<std::size_t> rows;
    rows.reserve(input.pool.size());
    for (std::size_t i = 0; i < input.pool.size(); ++i) {
        if (allFinite(input.poolFeatures->row(i))) {
            rows.push_back(i);
        } else {
            left.push_back(leftOut(input, i, "has a feature that is not a finite number."));
        }
    }
    return rows;
}

}  // namespace querent::select
