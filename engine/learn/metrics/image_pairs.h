#pragma once

#include "engine/core/result.h"
#include "engine/core/samples.h"

#include <cstdint>
#include <span>
#include <vector>

namespace querent::learn::metrics {

/** The truth of an image and what was predicted for it; the boxes are not owned. */
struct ImagePair {
    std::int64_t image = 0;
    std::span<const TrueBox> truth;
    std::span<const Detection> found;  // empty when nothing was predicted
};

/** Brings both lists together, by ascending image id, and refuses what evaluator.h says an evaluation refuses. */
Result<std::vector<ImagePair>> pairImages(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                          int classes);

}  // namespace querent::learn::metrics
