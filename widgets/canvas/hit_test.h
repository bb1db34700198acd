#pragma once

#include "widgets/canvas/canvas_box.h"

#include <QPointF>
#include <QSet>

#include <optional>
#include <span>
#include <vector>

namespace querent::widgets::canvas {

/** What of a box is under the cursor: its body, one of four vertices, one of four edges. */
enum class BoxPart { Body, TopLeft, Top, TopRight, Right, BottomRight, Bottom, BottomLeft, Left };

inline bool isVertex(BoxPart part) {
    return part == BoxPart::TopLeft || part == BoxPart::TopRight || part == BoxPart::BottomRight ||
           part == BoxPart::BottomLeft;
}
bool movesLeft(BoxPart part);
bool movesTop(BoxPart part);
bool movesRight(BoxPart part);
bool movesBottom(BoxPart part);

struct Hit {
    std::size_t index = 0;  // into the boxes given
    BoxPart part = BoxPart::Body;

    bool operator==(const Hit&) const = default;
};

/** The eight handle positions of a box, vertices first, clockwise from the upper left. */
struct Handle {
    BoxPart part;
    double x, y;
};
std::vector<Handle> handlesOf(const Box& box);

/** Indices of `boxes` from the smallest area to the largest; equal areas keep the later box first, as it is on top. */
std::vector<std::size_t> orderByArea(std::span<const CanvasBox> boxes);

struct HitQuery {
    QPointF point;        // picture pixels
    double radius = 8.0;  // of a handle, picture pixels: 8 logical pixels divided by the scale
    bool handles = true;  // false: bodies only
};

/** Which part of one box the point hits. Vertices win over edges, edges over the body. */
std::optional<BoxPart> partAt(const Box& box, const HitQuery& query);

/**
 * The box under the cursor. Selected boxes win over the others (their handles over their bodies), the smallest box wins
 * inside each group; people's boxes win over ghosts. Hidden boxes are never hit.
 * Handles of unselected boxes answer too, at half the radius, except for ghosts and locked boxes.
 */
std::optional<Hit> hitTest(std::span<const CanvasBox> boxes, std::span<const std::size_t> byArea,
                           const QSet<qint64>& selected, const HitQuery& query);

/** Ids of all visible boxes whose body is under the point, smallest first: what Tab cycles through. */
std::vector<qint64> boxesAt(std::span<const CanvasBox> boxes, std::span<const std::size_t> byArea, QPointF point);

/** The id after (step 1) or before (step -1) `current` in `ids`, around the end; the first (last) when it is not there.
 */
qint64 cycled(std::span<const qint64> ids, qint64 current, int step);

}  // namespace querent::widgets::canvas
