#include "engine/learn/detect/nms.h"

#include <algorithm>
#include <numeric>

namespace querent::learn::detect {

namespace {

/** Sorted by score, classes moved apart. Doubles: the moved boxes keep their sub-pixel precision. */
struct Sorted {
    std::vector<std::size_t> order;
    std::vector<double> left, top, right, bottom, area;
};

Sorted sortedAndMoved(const Candidates& boxes) {
    Sorted s;
    s.order.resize(boxes.count());
    std::iota(s.order.begin(), s.order.end(), std::size_t{0});
    std::stable_sort(s.order.begin(), s.order.end(),
                     [&boxes](std::size_t a, std::size_t b) { return boxes.score[a] > boxes.score[b]; });
    double lowest = 0.0;
    double highest = 0.0;
    for (std::size_t i = 0; i < boxes.count(); ++i) {
        lowest = std::min(lowest, static_cast<double>(boxes.left[i]));
        highest = std::max(highest, static_cast<double>(boxes.right[i]));
    }
    const double room = highest - lowest + 1.0;
    for (const std::size_t i : s.order) {
        const double shift = room * boxes.label[i];
        s.left.push_back(boxes.left[i] + shift);
        s.right.push_back(boxes.right[i] + shift);
        s.top.push_back(boxes.top[i]);
        s.bottom.push_back(boxes.bottom[i]);
        s.area.push_back(std::max(0.0, s.right.back() - s.left.back()) * std::max(0.0, s.bottom.back() - s.top.back()));
    }
    return s;
}

void suppress(const Sorted& s, std::size_t keeper, double threshold, std::vector<unsigned char>& gone) {
    const std::size_t n = gone.size();
    for (std::size_t j = keeper + 1; j < n; ++j) {
        const double w = std::min(s.right[keeper], s.right[j]) - std::max(s.left[keeper], s.left[j]);
        const double h = std::min(s.bottom[keeper], s.bottom[j]) - std::max(s.top[keeper], s.top[j]);
        const double both = std::max(w, 0.0) * std::max(h, 0.0);
        gone[j] |= static_cast<unsigned char>(both > threshold * (s.area[keeper] + s.area[j] - both));
    }
}

}  // namespace

std::vector<std::size_t> nonMaximumSuppression(const Candidates& boxes, double threshold, std::size_t most) {
    const Sorted sorted = sortedAndMoved(boxes);
    std::vector<unsigned char> gone(boxes.count(), 0);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < boxes.count() && kept.size() < most; ++i) {
        if (gone[i]) continue;
        kept.push_back(sorted.order[i]);
        suppress(sorted, i, threshold, gone);
    }
    return kept;
}

}  // namespace querent::learn::detect
