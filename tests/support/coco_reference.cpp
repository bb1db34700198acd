#include "tests/support/coco_reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace querent::test {
namespace {

using Numbers = std::vector<double>;

struct Range {
    double low;
    double high;
};

Numbers linspace(double low, double high, int points) {
    Numbers values;
    for (int i = 0; i < points; ++i)
        values.push_back(low + i * ((high - low) / (points - 1)));
    values.back() = high;
    return values;
}

const Numbers kIous = linspace(0.5, 0.95, 10);
const Numbers kRecalls = linspace(0.0, 1.0, 101);
const std::vector<Range> kRanges = {{0, 1e10}, {0, 1024}, {1024, 9216}, {9216, 1e10}};
const std::vector<std::size_t> kMaxDets = {1, 10, 100};

double area(const Box& b) {
    return (b.right - b.left) * (b.bottom - b.top);
}

double overlap(const Box& d, const Box& g, bool crowd) {
    const double w = std::min(d.right, g.right) - std::max(d.left, g.left);
    const double h = std::min(d.bottom, g.bottom) - std::max(d.top, g.top);
    if (w <= 0 || h <= 0) return 0;
    return w * h / (crowd ? area(d) : area(d) + area(g) - w * h);
}

bool outside(const Box& b, const Range& range) {
    return area(b) < range.low || area(b) > range.high;
}

/** One image, one class, one area range, one threshold. */
struct Evaluated {
    Numbers scores;
    std::vector<bool> matched;
    std::vector<bool> ignored;
    int positives = 0;
};

std::optional<Evaluated> evaluateImage(std::vector<TrueBox> truth, std::vector<Detection> found, const Range& range,
                                       double threshold) {
    if (truth.empty() && found.empty()) return std::nullopt;
    const auto ignore = [&](const TrueBox& g) { return g.crowd || outside(g.box, range); };
    std::stable_sort(truth.begin(), truth.end(),
                     [&](const TrueBox& a, const TrueBox& b) { return !ignore(a) && ignore(b); });
    std::stable_sort(found.begin(), found.end(),
                     [](const Detection& a, const Detection& b) { return a.score > b.score; });
    if (found.size() > kMaxDets.back()) found.resize(kMaxDets.back());

    Evaluated result;
    std::vector<bool> taken(truth.size(), false);
    for (const Detection& d : found) {
        double best = std::min(threshold, 1 - 1e-10);
        int match = -1;
        for (std::size_t g = 0; g < truth.size(); ++g) {
            if (taken[g] && !truth[g].crowd) continue;
            if (match >= 0 && !ignore(truth[static_cast<std::size_t>(match)]) && ignore(truth[g])) break;
            if (overlap(d.box, truth[g].box, truth[g].crowd) < best) continue;
            best = overlap(d.box, truth[g].box, truth[g].crowd);
            match = static_cast<int>(g);
        }
        result.scores.push_back(d.score);
        result.matched.push_back(match >= 0);
        result.ignored.push_back(match >= 0 ? ignore(truth[static_cast<std::size_t>(match)]) : outside(d.box, range));
        if (match >= 0) taken[static_cast<std::size_t>(match)] = true;
    }
    for (const TrueBox& g : truth)
        result.positives += ignore(g) ? 0 : 1;
    return result;
}

/** Precision at the 101 recalls, and the last recall; both -1 without truth. */
struct Accumulated {
    Numbers precision = Numbers(101, -1.0);
    double recall = -1.0;
};

Accumulated accumulate(const std::vector<Evaluated>& images, std::size_t maxDets) {
    Numbers scores;
    std::vector<bool> matched, ignored;
    int positives = 0;
    for (const Evaluated& image : images) {
        positives += image.positives;
        for (std::size_t i = 0; i < std::min(maxDets, image.scores.size()); ++i) {
            scores.push_back(image.scores[i]);
            matched.push_back(image.matched[i]);
            ignored.push_back(image.ignored[i]);
        }
    }
    if (positives == 0) return {};
    std::vector<std::size_t> order(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });

    Numbers recall, precision;
    double hits = 0, misses = 0;
    for (const std::size_t i : order) {
        if (matched[i] && !ignored[i]) ++hits;
        if (!matched[i] && !ignored[i]) ++misses;
        recall.push_back(hits / positives);
        precision.push_back(hits / (misses + hits + std::numeric_limits<double>::epsilon()));
    }
    for (std::size_t i = precision.size(); i-- > 1;)
        precision[i - 1] = std::max(precision[i - 1], precision[i]);

    Accumulated result{Numbers(101, 0.0), recall.empty() ? 0.0 : recall.back()};
    for (std::size_t r = 0; r < kRecalls.size(); ++r) {
        const auto at = std::lower_bound(recall.begin(), recall.end(), kRecalls[r]) - recall.begin();
        if (static_cast<std::size_t>(at) < precision.size()) {
            result.precision[r] = precision[static_cast<std::size_t>(at)];
        }
    }
    return result;
}

double meanOfDefined(const Numbers& values) {
    double sum = 0, count = 0;
    for (const double value : values) {
        if (value > -1) sum += value, ++count;
    }
    return count > 0 ? sum / count : -1;
}

/** All of the accumulated results, and means over some of them. */
class Table {
 public:
    Table(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions, int classes)
        : m_classes(classes) {
        std::map<std::int64_t, std::pair<std::vector<TrueBox>, std::vector<Detection>>> images;  // by ascending id
        for (const ItemTruth& image : truth)
            images[image.item].first = image.boxes;
        for (const ItemPrediction& image : predictions)
            images[image.item].second = image.boxes;
        for (int k = 0; k < classes; ++k) {
            for (std::size_t a = 0; a < kRanges.size(); ++a) {
                for (std::size_t t = 0; t < kIous.size(); ++t) {
                    std::vector<Evaluated> evaluated;
                    for (const auto& [id, boxes] : images) {
                        const auto one =
                            evaluateImage(ofClass(boxes.first, k), ofClass(boxes.second, k), kRanges[a], kIous[t]);
                        if (one) evaluated.push_back(*one);
                    }
                    for (std::size_t m = 0; m < kMaxDets.size(); ++m) {
                        m_entries[{k, a, t, m}] = accumulate(evaluated, kMaxDets[m]);
                    }
                }
            }
        }
    }

    /** Mean precision over thresholds [t0, t1) and classes [k0, k1), at most 100 detections. */
    double precision(std::size_t a, std::size_t t0, std::size_t t1, int k0, int k1) const {
        Numbers all;
        for (std::size_t t = t0; t < t1; ++t) {
            for (int k = k0; k < k1; ++k) {
                const Numbers& one = m_entries.at({k, a, t, 2}).precision;
                all.insert(all.end(), one.begin(), one.end());
            }
        }
        return meanOfDefined(all);
    }
    double recall(std::size_t a, std::size_t m) const {
        Numbers all;
        for (std::size_t t = 0; t < kIous.size(); ++t) {
            for (int k = 0; k < m_classes; ++k)
                all.push_back(m_entries.at({k, a, t, m}).recall);
        }
        return meanOfDefined(all);
    }

 private:
    template <typename T>
    static std::vector<T> ofClass(const std::vector<T>& boxes, int label) {
        std::vector<T> some;
        for (const T& box : boxes) {
            if (box.label == label) some.push_back(box);
        }
        return some;
    }

    struct Key {
        int k;
        std::size_t a, t, m;
        auto operator<=>(const Key&) const = default;
    };
    std::map<Key, Accumulated> m_entries;
    int m_classes;
};

}  // namespace

CocoReference cocoReference(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                            int classes) {
    const Table table(truth, predictions, classes);
    CocoReference result;
    result.stats = {table.precision(0, 0, 10, 0, classes),
                    table.precision(0, 0, 1, 0, classes),
                    table.precision(0, 5, 6, 0, classes),
                    table.precision(1, 0, 10, 0, classes),
                    table.precision(2, 0, 10, 0, classes),
                    table.precision(3, 0, 10, 0, classes),
                    table.recall(0, 0),
                    table.recall(0, 1),
                    table.recall(0, 2),
                    table.recall(1, 2),
                    table.recall(2, 2),
                    table.recall(3, 2)};
    for (int k = 0; k < classes; ++k) {
        result.classAp.push_back(table.precision(0, 0, 10, k, k + 1));
        result.classAp50.push_back(table.precision(0, 0, 1, k, k + 1));
    }
    return result;
}

}  // namespace querent::test
