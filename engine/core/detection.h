#pragma once

#include "engine/core/geometry.h"
#include "engine/core/raster.h"
#include "engine/core/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
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
    double score = 0.0;          // [0, 1]
    std::vector<float> classes;  // [C], the sigmoid of each class, each in [0, 1]; may be empty
};

/** The truth of one picture. `image` names it in both lists of an evaluation. */
struct ImageTruth {
    std::int64_t image = 0;
    Size size;
    std::vector<TrueBox> boxes;
};

/** What a model says about one picture: boxes in its own pixels, best first, and its feature vector. */
struct ImagePrediction {
    std::int64_t image = 0;
    std::vector<Detection> boxes;
    std::vector<float> embedding;  // global average of the last neck map, [D]
};

/**
 * Pictures with their truth, as training and prediction read them. Implementations are thread-safe: load() may be
 * called from several threads at once.
 */
class ImageSource {
 public:
    virtual ~ImageSource() = default;
    virtual std::size_t count() const = 0;
    /** Id, original size in display orientation, and boxes in original pixels (empty where nothing is known). */
    virtual ImageTruth truth(std::size_t index) const = 0;
    /**
     * The picture, at least as large as `wanted` would need: implementations may decode at a reduced scale, and keep
     * the aspect ratio. Coordinates scale by raster.size / truth().size, each axis by itself.
     */
    virtual Result<Raster> load(std::size_t index, Size wanted) const = 0;
};

}  // namespace querent
