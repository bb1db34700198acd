#include "widgets/canvas/box_geometry.h"

#include <algorithm>
#include <cmath>

namespace querent::widgets::canvas {

namespace {

QPointF inside(QPointF p, Size picture) {
    return {std::clamp(p.x(), 0.0, static_cast<double>(picture.width)),
            std::clamp(p.y(), 0.0, static_cast<double>(picture.height))};
}

QPointF whole(QPointF p) {
    return {std::round(p.x()), std::round(p.y())};
}

/** How far one may go from `from` towards `sign` before the edge. */
double room(double from, double sign, double length) {
    return sign < 0 ? from : length - from;
}

/** The largest square half-way or whole-way extent that stays inside. */
QPointF squared(QPointF anchor, QPointF delta, Size picture, DrawRule rule) {
    const double sx = delta.x() < 0 ? -1.0 : 1.0;
    const double sy = delta.y() < 0 ? -1.0 : 1.0;
    double side = std::max(std::abs(delta.x()), std::abs(delta.y()));
    if (rule.clamp) {
        side = std::min({side, room(anchor.x(), sx, picture.width), room(anchor.y(), sy, picture.height)});
        if (rule.fromCentre) {
            side = std::min({side, room(anchor.x(), -sx, picture.width), room(anchor.y(), -sy, picture.height)});
        }
    }
    return {sx * side, sy * side};
}

double shiftWithin(double low, double high, double delta, double length) {
    // A group that already reaches over an edge may stay where it is, but go no further.
    return std::clamp(delta, std::min(-low, 0.0), std::max(length - high, 0.0));
}

}  // namespace

Box drawnBox(QPointF anchor, QPointF cursor, Size picture, DrawRule rule) {
    if (rule.clamp) {
        anchor = inside(anchor, picture);
        cursor = inside(cursor, picture);
    }
    anchor = whole(anchor);
    QPointF delta = whole(cursor) - anchor;
    if (rule.square) delta = squared(anchor, delta, picture, rule);
    const QPointF start = rule.fromCentre ? anchor - delta : anchor;
    const QPointF end = anchor + delta;
    const Box box = Box{start.x(), start.y(), end.x(), end.y()}.normalised();
    return rule.clamp ? box.clampedTo(picture) : box;
}

Box resizedBox(const Box& box, BoxPart part, QPointF delta, Size picture, DrawRule rule) {
    if (part == BoxPart::Body) return movedBoxes({box}, delta, picture, rule.clamp).front();
    delta = whole(delta);
    if (rule.square && isVertex(part) && box.width() > 0 && box.height() > 0) {
        // The longer way decides, the other side follows the aspect ratio.
        const double ratio = box.height() / box.width();
        const double signX = movesRight(part) ? 1.0 : -1.0;
        const double signY = movesBottom(part) ? 1.0 : -1.0;
        const double growX = std::max(signX * delta.x(), signY * delta.y() / ratio);
        delta = {signX * growX, signY * growX * ratio};
    }
    Box out = box;
    if (movesLeft(part)) out.left += delta.x();
    if (movesRight(part)) out.right += delta.x();
    if (movesTop(part)) out.top += delta.y();
    if (movesBottom(part)) out.bottom += delta.y();
    if (rule.fromCentre) {
        if (movesLeft(part)) out.right -= delta.x();
        if (movesRight(part)) out.left -= delta.x();
        if (movesTop(part)) out.bottom -= delta.y();
        if (movesBottom(part)) out.top -= delta.y();
    }
    out = out.normalised();
    return rule.clamp ? out.clampedTo(picture) : out;
}

std::vector<Box> movedBoxes(std::vector<Box> boxes, QPointF delta, Size picture, bool clamp) {
    if (boxes.empty()) return boxes;
    delta = whole(delta);
    if (clamp) {
        Box hull = boxes.front();
        for (const Box& b : boxes) {
            hull = {std::min(hull.left, b.left), std::min(hull.top, b.top), std::max(hull.right, b.right),
                    std::max(hull.bottom, b.bottom)};
        }
        delta = {shiftWithin(hull.left, hull.right, delta.x(), picture.width),
                 shiftWithin(hull.top, hull.bottom, delta.y(), picture.height)};
    }
    for (Box& b : boxes)
        b = b.translated(delta.x(), delta.y());
    return boxes;
}

std::vector<Box> nudgedBoxes(const std::vector<Box>& boxes, BoxPart part, QPointF delta, Size picture, bool clamp) {
    if (part == BoxPart::Body) return movedBoxes(boxes, delta, picture, clamp);
    std::vector<Box> out = boxes;
    for (Box& b : out) {
        if (part == BoxPart::BottomRight) {
            b.right = std::max(b.right + delta.x(), std::min(b.left + kSmallestSide, b.right));
            b.bottom = std::max(b.bottom + delta.y(), std::min(b.top + kSmallestSide, b.bottom));
        } else {
            b.left = std::min(b.left + delta.x(), std::max(b.right - kSmallestSide, b.left));
            b.top = std::min(b.top + delta.y(), std::max(b.bottom - kSmallestSide, b.top));
        }
        if (clamp) b = b.clampedTo(picture);
    }
    return out;
}

bool isDegenerate(const Box& box) {
    return !(box.width() >= kSmallestSide && box.height() >= kSmallestSide);
}

}  // namespace querent::widgets::canvas
