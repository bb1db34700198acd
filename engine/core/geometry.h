#pragma once

#include <algorithm>
#include <compare>

namespace querent {

struct Size {
    int width = 0;
    int height = 0;

    bool operator==(const Size&) const = default;
    bool empty() const { return width <= 0 || height <= 0; }
};

/**
 * A rectangle in image pixels, 0-based and half-open: [left, right) x [top, bottom), in display orientation
 * (after EXIF). Right and bottom are never one less than they look: width() is right - left.
 */
struct Box {
    double left = 0.0;
    double top = 0.0;
    double right = 0.0;
    double bottom = 0.0;

    bool operator==(const Box&) const = default;

    double width() const { return right - left; }
    double height() const { return bottom - top; }
    double area() const { return empty() ? 0.0 : width() * height(); }
    double centreX() const { return 0.5 * (left + right); }
    double centreY() const { return 0.5 * (top + bottom); }
    /** Also true when a side is NaN. */
    bool empty() const { return !(right > left && bottom > top); }
    bool contains(double x, double y) const { return x >= left && x < right && y >= top && y < bottom; }

    /** With left <= right and top <= bottom: a box drawn towards the upper left is a box. */
    Box normalised() const {
        return {std::min(left, right), std::min(top, bottom), std::max(left, right), std::max(top, bottom)};
    }
    Box clampedTo(Size size) const {
        const auto w = static_cast<double>(size.width);
        const auto h = static_cast<double>(size.height);
        return {std::clamp(left, 0.0, w), std::clamp(top, 0.0, h), std::clamp(right, 0.0, w),
                std::clamp(bottom, 0.0, h)};
    }
    Box translated(double dx, double dy) const { return {left + dx, top + dy, right + dx, bottom + dy}; }
};

inline double intersectionArea(const Box& a, const Box& b) {
    const double w = std::min(a.right, b.right) - std::max(a.left, b.left);
    const double h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    return w > 0.0 && h > 0.0 ? w * h : 0.0;
}

/** Intersection over union in [0, 1]; 0 when both are empty. */
inline double iou(const Box& a, const Box& b) {
    const double both = intersectionArea(a, b);
    const double either = a.area() + b.area() - both;
    return either > 0.0 ? both / either : 0.0;
}

}  // namespace querent
