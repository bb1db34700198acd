#pragma once

#include "engine/core/records.h"
#include "engine/core/samples.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace querent::session::learning {

/** How often items of one class were taken for another, in a task of one class an item. */
struct Confusion {
    std::vector<ClassLabel> classes;   // of its rows and columns
    std::vector<std::int64_t> counts;  // [C * C], row = labelled, column = predicted

    std::int64_t count(std::size_t labelled, std::size_t predicted) const {
        return counts[labelled * classes.size() + predicted];
    }
};

/**
 * Counts as metrics, one for each pair of classes that occurs: the label is the class that people gave, the name tells
 * the class that was predicted. So they are stored with the model's other figures. Model and split are left to the
 * caller. Empty where nothing can be compared.
 */
std::vector<Metric> confusionMetrics(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                     const std::vector<ClassLabel>& classes);

/** The class that was predicted where a metric is a count of confusionMetrics(); invalid for every other metric. */
ClassId predictedOf(const Metric& metric);

/** The counts that were stored with a model, for classes in use; nothing where there are none. */
std::optional<Confusion> confusionOf(const std::vector<Metric>& metrics, ModelId model, Split split,
                                     const std::vector<ClassLabel>& classes);

}  // namespace querent::session::learning
