#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace querent::learn::detect {

/** Boxes of several classes on their way out of the network; the four sides lie apart so that loops vectorise. */
struct Candidates {
    std::vector<float> left, top, right, bottom;
    std::vector<float> score;
    std::vector<int> label;

    std::size_t count() const { return score.size(); }
};

/**
 * Greedy non-maximum suppression, each class by itself: the indices of the boxes that stay, best first, ties by index.
 * A box goes when it overlaps a better one of its class with an IoU above `threshold`. Classes are kept apart by
 * moving each to a place of its own, so that one pass does for all. At most `most` boxes stay.
 */
std::vector<std::size_t> nonMaximumSuppression(const Candidates& boxes, double threshold, std::size_t most);

}  // namespace querent::learn::detect
