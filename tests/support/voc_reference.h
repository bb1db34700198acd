#pragma once

#include "engine/core/samples.h"

#include <vector>

namespace querent::test {

/**
 * Pascal VOC's average precision of one class, written from the development kit's definition with no thought of speed:
 * boxes become 1-based inclusive corners, every side is "+1", every array is spelled out. -1 without truth.
 */
double vocReference(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions, int label,
                    bool elevenPoint, double iou);

}  // namespace querent::test
