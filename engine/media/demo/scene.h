#pragma once

#include "engine/core/detection.h"
#include "engine/core/rng.h"
#include "engine/media/demo/shapes.h"

#include <opencv2/core.hpp>

#include <vector>

namespace querent::media::demo {

struct Scene {
    cv::Mat picture;  // RGB, 8 bits, of the size asked for
    std::vector<TrueBox> boxes;
};

/** Composes one scene: a place, clutter, objects with light and shadow, then what a camera does to it. */
Scene drawScene(cv::Size size, Rng& rng);

/** A picture of one thing in a place that suits it, with clutter beside it; without a thing (null) of clutter only. */
cv::Mat drawPortrait(const Shape* thing, cv::Size size, Rng& rng);

}  // namespace querent::media::demo
