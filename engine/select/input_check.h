#pragma once

#include "engine/core/result.h"
#include "engine/select/strategy.h"

#include <string>
#include <vector>

namespace querent::select {

/** What every strategy asks of its input: a pool that is not empty and names no item twice. */
Result<void> checkPool(const SelectionInput& input);

/** One prediction an item, class vectors empty or of length `classes`. */
Result<void> checkPredictions(const SelectionInput& input);

/** The same, and class probabilities for every item; `strategy` is named in the refusal. */
Result<void> checkClasses(const SelectionInput& input, const std::string& strategy);

/** One row of features an item, labelled features (where there are any) of the same length. */
Result<void> checkFeatures(const SelectionInput& input);

/** A pool with predictions and features; or with class probabilities and features. */
Result<void> checkPredictedFeatures(const SelectionInput& input);
Result<void> checkClassFeatures(const SelectionInput& input, const std::string& strategy);

/** Item `index` of the pool and why it is left out: "Item 7 " and then `why`. */
LeftOut leftOut(const SelectionInput& input, std::size_t index, const std::string& why);
/** One whose class probabilities are not finite. */
LeftOut unusableAnswer(const SelectionInput& input, std::size_t index);

/** Pool rows whose features are finite; the others are added to `leftOut`. */
std::vector<std::size_t> usableRows(const SelectionInput& input, std::vector<LeftOut>& leftOut);

}  // namespace querent::select
