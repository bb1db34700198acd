#include "widgets/canvas/hit_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace querent::widgets::canvas {

bool movesLeft(BoxPart p) {
    return p == BoxPart::TopLeft || p == BoxPart::Left || p == BoxPart::BottomLeft;
}
bool movesTop(BoxPart p) {
    return p == BoxPart::TopLeft || p == BoxPart::Top || p == BoxPart::TopRight;
}
bool movesRight(BoxPart p) {
    return p == BoxPart::TopRight || p == BoxPart::Right || p == BoxPart::BottomRight;
}
bool movesBottom(BoxPart p) {
    return p == BoxPart::BottomLeft || p == BoxPart::Bottom || p == BoxPart::BottomRight;
}

std::vector<Handle> handlesOf(const Box& b) {
    return {{BoxPart::TopLeft, b.left, b.top},         {BoxPart::TopRight, b.right, b.top},
            {BoxPart::BottomRight, b.right, b.bottom}, {BoxPart::BottomLeft, b.left, b.bottom},
            {BoxPart::Top, b.centreX(), b.top},        {BoxPart::Right, b.right, b.centreY()},
            {BoxPart::Bottom, b.centreX(), b.bottom},  {BoxPart::Left, b.left, b.centreY()}};
}

std::vector<std::size_t> orderByArea(std::span<const CanvasBox> boxes) {
    std::vector<std::size_t> order(boxes.size());
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return boxes[a].box.area() < boxes[b].box.area(); });
    return order;
}

namespace {

std::optional<BoxPart> vertexAt(const Box& box, const HitQuery& q) {
    std::optional<BoxPart> best;
    double nearest = q.radius;
    const std::vector<Handle> handles = handlesOf(box);
    for (std::size_t i = 0; i < 4; ++i) {
        const double d = std::max(std::abs(handles[i].x - q.point.x()), std::abs(handles[i].y - q.point.y()));
        if (d <= nearest) {
            nearest = d;
            best = handles[i].part;
        }
    }
    return best;
}

// Of two parallel edges within reach the nearer one answers, so that a thin box can still be widened on both sides.
std::optional<BoxPart> edgeAt(const Box& box, const HitQuery& q) {
    const double x = q.point.x();
    const double y = q.point.y();
    const bool alongX = x >= box.left && x <= box.right;
    const bool alongY = y >= box.top && y <= box.bottom;
    std::optional<BoxPart> best;
    double nearest = q.radius;
    const auto offer = [&](bool along, double distance, BoxPart part) {
        if (!along || distance > nearest) return;
        nearest = distance;
        best = part;
    };
    offer(alongX, std::abs(y - box.top), BoxPart::Top);
    offer(alongX, std::abs(y - box.bottom), BoxPart::Bottom);
    offer(alongY, std::abs(x - box.left), BoxPart::Left);
    offer(alongY, std::abs(x - box.right), BoxPart::Right);
    return best;
}

// A small box keeps a body: its handles reach inward by a third of its shorter side at most.
double reachOf(const Box& box, const HitQuery& q) {
    if (!box.contains(q.point.x(), q.point.y())) return q.radius;
    return std::min(q.radius, std::min(box.width(), box.height()) / 3.0);
}

bool near(const Box& b, const HitQuery& q) {
    const double r = q.handles ? q.radius : 0.0;
    return q.point.x() >= b.left - r && q.point.x() <= b.right + r && q.point.y() >= b.top - r &&
           q.point.y() <= b.bottom + r;
}

// Handles that are not shown reach less far, so that a neighbour can be drawn close by.
constexpr double kUnselectedReach = 0.5;

enum class Rank { Vertex, Edge, Body };

Rank rankOf(BoxPart part) {
    if (part == BoxPart::Body) return Rank::Body;
    return isVertex(part) ? Rank::Vertex : Rank::Edge;
}

}  // namespace

std::optional<BoxPart> partAt(const Box& box, const HitQuery& query) {
    if (!near(box, query)) return std::nullopt;
    if (query.handles) {
        HitQuery inner = query;
        inner.radius = reachOf(box, query);
        if (const auto vertex = vertexAt(box, inner)) return vertex;
        if (const auto edge = edgeAt(box, inner)) return edge;
    }
    if (box.contains(query.point.x(), query.point.y())) return BoxPart::Body;
    return std::nullopt;
}

std::optional<Hit> hitTest(std::span<const CanvasBox> boxes, std::span<const std::size_t> byArea,
                           const QSet<qint64>& selected, const HitQuery& query) {
    // Selected before not, people's before ghosts, vertices before edges before bodies, small before large.
    std::optional<Hit> best;
    std::array<int, 3> bestKey{};
    for (const std::size_t index : byArea) {
        const CanvasBox& box = boxes[index];
        if (box.hidden || !near(box.box, query)) continue;
        const bool isSelected = selected.contains(box.id);
        HitQuery q = query;
        q.handles = query.handles && !box.locked && (isSelected || !box.ghost);
        if (!isSelected) q.radius *= kUnselectedReach;
        const auto part = partAt(box.box, q);
        if (!part) continue;
        // Only the selected box's handles outrank bodies of others: a vertex of a large unselected box must not hide a
        // small box that lies under it.
        const int rank = isSelected ? static_cast<int>(rankOf(*part)) : 0;
        const std::array<int, 3> key{isSelected ? 0 : 1, box.ghost ? 1 : 0, rank};
        if (!best || key < bestKey) {
            best = Hit{index, *part};
            bestKey = key;
        }
    }
    return best;
}

std::vector<qint64> boxesAt(std::span<const CanvasBox> boxes, std::span<const std::size_t> byArea, QPointF point) {
    std::vector<qint64> ids;
    for (const std::size_t index : byArea) {
        const CanvasBox& box = boxes[index];
        if (!box.hidden && box.box.contains(point.x(), point.y())) ids.push_back(box.id);
    }
    return ids;
}

qint64 cycled(std::span<const qint64> ids, qint64 current, int step) {
    if (ids.empty()) return 0;
    const auto n = static_cast<std::ptrdiff_t>(ids.size());
    const auto at = std::find(ids.begin(), ids.end(), current);
    if (at == ids.end()) return step > 0 ? ids.front() : ids.back();
    const std::ptrdiff_t next = ((at - ids.begin()) + step) % n;
    return ids[static_cast<std::size_t>(next < 0 ? next + n : next)];
}

}  // namespace querent::widgets::canvas
