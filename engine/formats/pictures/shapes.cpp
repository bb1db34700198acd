#include "engine/formats/pictures/shapes.h"

#include <cmath>
#include <numbers>

namespace querent::formats::pictures {
namespace {

double radians(double degrees) {
    return degrees * std::numbers::pi / 180.0;
}

Box boxOf(Point centre, double halfWidth, double halfHeight) {
    return {centre.x - halfWidth, centre.y - halfHeight, centre.x + halfWidth, centre.y + halfHeight};
}

}  // namespace

std::optional<Box> boxAround(const std::vector<Point>& points) {
    if (points.empty()) return std::nullopt;
    Box box{points.front().x, points.front().y, points.front().x, points.front().y};
    for (const Point& point : points) {
        box.left = std::min(box.left, point.x);
        box.right = std::max(box.right, point.x);
        box.top = std::min(box.top, point.y);
        box.bottom = std::max(box.bottom, point.y);
    }
    return box;
}

Box boxAroundTurned(const Box& box, double degrees) {
    const double c = std::abs(std::cos(radians(degrees)));
    const double s = std::abs(std::sin(radians(degrees)));
    return boxOf({box.centreX(), box.centreY()}, 0.5 * (box.width() * c + box.height() * s),
                 0.5 * (box.width() * s + box.height() * c));
}

Box boxAroundEllipse(Point centre, double rx, double ry, double degrees) {
    const double c = std::cos(radians(degrees));
    const double s = std::sin(radians(degrees));
    return boxOf(centre, std::hypot(rx * c, ry * s), std::hypot(rx * s, ry * c));
}

}  // namespace querent::formats::pictures
