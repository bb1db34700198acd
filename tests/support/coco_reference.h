#pragma once

#include "engine/core/samples.h"

#include <array>
#include <vector>

namespace querent::test {

/** What COCO's evaluation arrives at; -1 where there is no truth. */
struct CocoReference {
    std::array<double, 12> stats{};  // AP, AP50, AP75, AP small/medium/large, AR 1/10/100, AR small/medium/large
    std::vector<double> classAp;
    std::vector<double> classAp50;
};

/**
 * COCO's evaluation of boxes, written from its published definition with no thought of speed: every image, class, area
 * range and threshold is matched by itself, every precision array is spelled out. To check faster evaluators against.
 * Every image has one entry in `truth`; images without predictions may lack theirs.
 */
CocoReference cocoReference(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                            int classes);

}  // namespace querent::test
