#pragma once

#include "engine/core/rng.h"
#include "engine/media/demo/paint.h"
#include "engine/media/demo/shapes.h"

#include <opencv2/core.hpp>

namespace querent::media::demo {

/** An empty place and its light. */
struct Backdrop {
    cv::Mat colour;          // RGB, 8 bits
    Point light;             // unit vector towards the light, y down
    Colour tint{1, 1, 1};    // what the light does to an object's colours
    double shadow = 0.5;     // 0..1: darkness of cast shadows; 0: nothing to fall on
    double shadowShift = 1;  // in object radii / 10
};

/** Draws a place in one of its many moods. */
Backdrop drawBackdrop(Place place, cv::Size size, Rng& rng);

}  // namespace querent::media::demo
