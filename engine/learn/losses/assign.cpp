#include "engine/learn/losses/assign.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace querent::learn::losses {

namespace {

constexpr double kRadius = 1.5;  // strides
// The largest distance from a location to a side of its box, by level. Smaller than FCOS's 64 and 128, which were
// set for pictures of 800 pixels.
constexpr std::array<double, 4> kReach{0.0, 48.0, 96.0, std::numeric_limits<double>::infinity()};

double reachOf(const Box& box, double x, double y) {
    return std::max({x - box.left, y - box.top, box.right - x, box.bottom - y});
}

bool answersFor(const Box& box, double x, double y, std::size_t level) {
    if (!box.contains(x, y)) return false;
    const double radius = kRadius * networks::kStrides[level];
    if (std::abs(x - box.centreX()) >= radius || std::abs(y - box.centreY()) >= radius) return false;
    const double reach = reachOf(box, x, y);
    return reach > kReach[level] && reach <= kReach[level + 1];
}

std::size_t nearest(const networks::Locations& at, const Box& box) {
    const double half = 0.5 * std::max(box.width(), box.height());
    std::size_t best = 0;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < at.count(); ++i) {
        if (half <= kReach[at.level[i]] || half > kReach[at.level[i] + 1]) continue;
        const double distance = std::hypot(at.x[i] - box.centreX(), at.y[i] - box.centreY());
        if (distance < bestDistance) {
            bestDistance = distance;
            best = i;
        }
    }
    return best;
}

class Assignment {
 public:
    explicit Assignment(const networks::Locations& at)
        : m_at(at), m_area(at.count(), std::numeric_limits<double>::infinity()) {
        targets.labels.assign(at.count(), kBackground);
        targets.boxes.assign(at.count() * 4, 0.0F);
        targets.weights.assign(at.count(), 0.0F);
        m_owner.assign(at.count(), 0);
    }

    void give(std::size_t i, const TrueBox& truth) {
        m_area[i] = truth.box.area();
        targets.labels[i] = truth.label;
        m_owner[i] = m_boxes;
        const std::array<double, 4> sides{truth.box.left, truth.box.top, truth.box.right, truth.box.bottom};
        std::transform(sides.begin(), sides.end(), targets.boxes.begin() + static_cast<std::ptrdiff_t>(i * 4),
                       [](double side) { return static_cast<float>(side); });
    }
    void offer(const TrueBox& truth) {
        ++m_boxes;
        bool taken = false;
        for (std::size_t i = 0; i < m_at.count(); ++i) {
            if (!answersFor(truth.box, m_at.x[i], m_at.y[i], m_at.level[i]) || truth.box.area() >= m_area[i]) continue;
            give(i, truth);
            taken = true;
        }
        if (taken) return;
        const std::size_t i = nearest(m_at, truth.box);
        if (truth.box.area() < m_area[i]) give(i, truth);
    }
    void ignoreInside(const Box& crowd) {
        for (std::size_t i = 0; i < m_at.count(); ++i) {
            if (targets.labels[i] == kBackground && crowd.contains(m_at.x[i], m_at.y[i])) targets.labels[i] = kIgnored;
        }
    }

    // A large box covers many locations, a small one few: with equal weights the small ones are hardly learnt.
    void weigh() {
        std::vector<float> count(m_boxes + 1, 0.0F);
        for (std::size_t i = 0; i < m_at.count(); ++i)
            count[m_owner[i]] += 1.0F;
        for (std::size_t i = 0; i < m_at.count(); ++i) {
            if (targets.labels[i] >= 0) targets.weights[i] = 1.0F / std::sqrt(count[m_owner[i]]);
        }
    }

    Targets targets;

 private:
    const networks::Locations& m_at;
    std::vector<double> m_area;
    std::vector<std::size_t> m_owner;  // which offer a location answers for, from 1
    std::size_t m_boxes = 0;
};

}  // namespace

Targets assignTargets(const networks::Locations& locations, const std::vector<TrueBox>& boxes) {
    Assignment assignment(locations);
    for (const TrueBox& truth : boxes) {
        if (!truth.crowd && !truth.box.empty()) assignment.offer(truth);
    }
    for (const TrueBox& truth : boxes) {
        if (truth.crowd) assignment.ignoreInside(truth.box);
    }
    assignment.weigh();
    return assignment.targets;
}

}  // namespace querent::learn::losses
