#pragma once

#include "engine/core/geometry.h"

#include <optional>
#include <vector>

namespace querent::formats::pictures {

struct Point {
    double x = 0.0;
    double y = 0.0;
};

/** The smallest upright box around the points; nullopt without any. It has no area when they lie on a line. */
std::optional<Box> boxAround(const std::vector<Point>& points);

/** The smallest upright box around `box` turned about its centre. */
Box boxAroundTurned(const Box& box, double degrees);

/** The smallest upright box around an ellipse of these half axes, turned about its centre. */
Box boxAroundEllipse(Point centre, double rx, double ry, double degrees);

}  // namespace querent::formats::pictures
