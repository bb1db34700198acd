#pragma once

#include "engine/core/geometry.h"
#include "widgets/canvas/hit_test.h"

#include <QPointF>

#include <vector>

namespace querent::widgets::canvas {

/** The smallest side of a box that counts as drawn, picture pixels. */
inline constexpr double kSmallestSide = 2.0;

struct DrawRule {
    bool square = false;      // Shift
    bool fromCentre = false;  // Alt
    bool clamp = true;        // keep to the picture
};

/** The box that a drag from `anchor` to `cursor` describes: normalised, whole pixels, inside `picture` if clamped. */
Box drawnBox(QPointF anchor, QPointF cursor, Size picture, DrawRule rule);

/**
 * `box` with the sides of `part` moved by `delta`; a side dragged past its opposite turns the box over. `square` keeps
 * the aspect ratio of `box` for vertices, `fromCentre` moves the opposite side the other way. Part Body moves the whole
 * box.
 */
Box resizedBox(const Box& box, BoxPart part, QPointF delta, Size picture, DrawRule rule);

/** All boxes moved together; with clamping the whole group stops when its first member touches the edge. */
std::vector<Box> movedBoxes(std::vector<Box> boxes, QPointF delta, Size picture, bool clamp);

/**
 * One arrow press on a group of boxes: Body moves them, TopLeft or BottomRight moves that corner, which stops
 * kSmallestSide before its opposite, and at the picture's edge.
 */
std::vector<Box> nudgedBoxes(const std::vector<Box>& boxes, BoxPart part, QPointF delta, Size picture, bool clamp);

/** True when a side is shorter than kSmallestSide. */
bool isDegenerate(const Box& box);

}  // namespace querent::widgets::canvas
