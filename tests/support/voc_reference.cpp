#include "tests/support/voc_reference.h"

#include <algorithm>
#include <map>

namespace querent::test {
namespace {

using Numbers = std::vector<double>;

struct Corners {
    double xmin, ymin, xmax, ymax;  // 1-based, all of them inside
};

Corners cornersOf(const Box& b) {
    return {b.left + 1, b.top + 1, b.right, b.bottom};
}

double overlap(const Corners& a, const Corners& b) {
    const double iw = std::max(std::min(a.xmax, b.xmax) - std::max(a.xmin, b.xmin) + 1, 0.0);
    const double ih = std::max(std::min(a.ymax, b.ymax) - std::max(a.ymin, b.ymin) + 1, 0.0);
    const double uni = (a.xmax - a.xmin + 1) * (a.ymax - a.ymin + 1) + (b.xmax - b.xmin + 1) * (b.ymax - b.ymin + 1);
    return iw * ih / (uni - iw * ih);
}

struct Found {
    std::int64_t image;
    double score;
    Corners box;
};

struct Truth {
    std::vector<Corners> boxes;
    std::vector<bool> difficult;
    std::vector<bool> taken;
};

double averagePrecision(const Numbers& recall, const Numbers& precision, bool elevenPoint) {
    double ap = 0;
    if (elevenPoint) {
        for (int i = 0; i <= 10; ++i) {
            double best = 0;
            for (std::size_t k = 0; k < recall.size(); ++k) {
                if (recall[k] >= i * 0.1) best = std::max(best, precision[k]);
            }
            ap += best / 11;
        }
        return ap;
    }
    Numbers r = {0}, p = {0};
    r.insert(r.end(), recall.begin(), recall.end());
    p.insert(p.end(), precision.begin(), precision.end());
    r.push_back(1);
    p.push_back(0);
    for (std::size_t i = p.size() - 1; i > 0; --i)
        p[i - 1] = std::max(p[i - 1], p[i]);
    for (std::size_t i = 1; i < r.size(); ++i)
        ap += (r[i] - r[i - 1]) * p[i];
    return ap;
}

}  // namespace

double vocReference(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions, int label,
                    bool elevenPoint, double iou) {
    std::map<std::int64_t, Truth> images;
    double positives = 0;
    for (const ItemTruth& image : truth) {
        for (const TrueBox& box : image.boxes) {
            if (box.label != label) continue;
            Truth& one = images[image.item];
            one.boxes.push_back(cornersOf(box.box));
            one.difficult.push_back(box.difficult || box.crowd);
            one.taken.push_back(false);
            positives += one.difficult.back() ? 0 : 1;
        }
    }
    if (positives == 0) return -1;

    std::map<std::int64_t, std::vector<Detection>> found;  // by ascending id
    for (const ItemPrediction& image : predictions)
        found[image.item] = image.boxes;
    std::vector<Found> sorted;
    for (const auto& [id, boxes] : found) {
        for (const Detection& box : boxes) {
            if (box.label == label) sorted.push_back({id, box.score, cornersOf(box.box)});
        }
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) { return a.score > b.score; });

    Numbers recall, precision;
    double hits = 0, misses = 0;
    for (const Found& detection : sorted) {
        Truth& image = images[detection.image];
        double best = -1;
        std::size_t at = 0;
        for (std::size_t g = 0; g < image.boxes.size(); ++g) {
            const double value = overlap(detection.box, image.boxes[g]);
            if (value > best) best = value, at = g;
        }
        if (best > iou && image.difficult[at]) {
            // neither right nor wrong
        } else if (best > iou && !image.taken[at]) {
            image.taken[at] = true;
            ++hits;
        } else {
            ++misses;
        }
        recall.push_back(hits / positives);
        precision.push_back(hits + misses > 0 ? hits / (hits + misses) : 0);
    }
    return averagePrecision(recall, precision, elevenPoint);
}

}  // namespace querent::test
