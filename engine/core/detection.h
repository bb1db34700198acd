#pragma once

#include "engine/core/geometry.h"

#include <vector>

namespace querent {

/** A true box as learning and evaluation see it: classes are numbered 0..C-1 by the session's snapshot. */
struct TrueBox {
    Box box;
    int label = 0;
    bool difficult = false;  // VOC: neither counted nor punished
    bool crowd = false;      // COCO: an ignore region
};

/** A predicted box. */
struct Detection {
    Box box;
    int label = 0;
    double score = 0.0;                // [0, 1]
    std::vector<float> classes;        // [C], the sigmoid of each class, each in [0, 1]; may be empty
    std::vector<float> features = {};  // [D], what the head saw where it found the box; may be empty
};

}  // namespace querent
