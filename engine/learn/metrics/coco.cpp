#include "engine/learn/metrics/coco_matcher.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/metrics/image_pairs.h"
#include "engine/learn/metrics/precision_curve.h"

#include <algorithm>
#include <cstddef>

namespace querent::learn::metrics {
namespace {

constexpr std::size_t kIou75 = 5;  // index of IoU .75
constexpr std::array<std::size_t, 3> kMaxDetections = {1, 10, kCocoMaxDetections};

/** The mean of what is defined. */
class Mean {
 public:
    void add(double value) {
        m_sum += value;
        ++m_count;
    }
    double value() const { return m_count > 0 ? m_sum / static_cast<double>(m_count) : -1.0; }

 private:
    double m_sum = 0.0;
    std::size_t m_count = 0;
};

/** Average precision of a class that has truth. */
double averagePrecision(const CocoClass& one, std::size_t area, std::size_t threshold, PrecisionCurve& curve) {
    const unsigned bit = 1U << threshold;
    curve.clear();
    for (const CocoRecord& record : one.records) {
        if (record.hit(area, bit)) {
            curve.addHit();
        } else if (record.miss(area, bit)) {
            curve.addMiss();
        }
    }
    return curve.averageAt101(static_cast<double>(one.positives[area]));
}

/** Recall at the end of the list, of the first detections of each image; by threshold. */
std::array<double, kCocoThresholds> recalls(const CocoClass& one, std::size_t area, std::size_t maxDetections) {
    std::array<double, kCocoThresholds> values{};
    for (const CocoRecord& record : one.records) {
        if (record.rank >= maxDetections) continue;
        for (std::size_t t = 0; t < kCocoThresholds; ++t)
            values[t] += record.hit(area, 1U << t) ? 1.0 : 0.0;
    }
    for (double& value : values)
        value /= static_cast<double>(one.positives[area]);
    return values;
}

double meanRecall(const std::vector<CocoClass>& all, std::size_t area, std::size_t maxDetections) {
    Mean mean;
    for (const CocoClass& one : all) {
        if (one.positives[area] == 0) continue;
        for (const double value : recalls(one, area, maxDetections))
            mean.add(value);
    }
    return mean.value();
}

double meanPrecision(const std::vector<CocoClass>& all, std::size_t area) {
    Mean mean;
    PrecisionCurve curve;
    for (const CocoClass& one : all) {
        if (one.positives[area] == 0) continue;
        for (std::size_t t = 0; t < kCocoThresholds; ++t)
            mean.add(averagePrecision(one, area, t, curve));
    }
    return mean.value();
}

/** Everything about the area range "all". */
void summarizeAll(const std::vector<CocoClass>& all, CocoSummary& summary) {
    Mean ap, ap50, ap75;
    PrecisionCurve curve;
    for (const CocoClass& one : all) {
        Mean classAp;
        double classAp50 = -1.0;
        for (std::size_t t = 0; t < kCocoThresholds && one.positives[0] > 0; ++t) {
            const double value = averagePrecision(one, 0, t, curve);
            classAp.add(value);
            ap.add(value);
            if (t == 0) ap50.add(classAp50 = value);
            if (t == kIou75) ap75.add(value);
        }
        summary.classAp.push_back(classAp.value());
        summary.classAp50.push_back(classAp50);
        summary.classTruth.push_back(one.positives[0]);
    }
    summary.ap = ap.value();
    summary.ap50 = ap50.value();
    summary.ap75 = ap75.value();
    summary.ar1 = meanRecall(all, 0, kMaxDetections[0]);
    summary.ar10 = meanRecall(all, 0, kMaxDetections[1]);
    summary.ar100 = meanRecall(all, 0, kMaxDetections[2]);
}

}  // namespace

Result<CocoSummary> evaluateCoco(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                 int classes) {
    const auto pairs = pairImages(truth, predictions, classes);
    if (!pairs) return pairs.error();
    const std::vector<CocoClass> all = matchCoco(*pairs, classes, CocoScope{});
    CocoSummary summary;
    summarizeAll(all, summary);
    summary.apSmall = meanPrecision(all, 1);
    summary.apMedium = meanPrecision(all, 2);
    summary.apLarge = meanPrecision(all, 3);
    summary.arSmall = meanRecall(all, 1, kCocoMaxDetections);
    summary.arMedium = meanRecall(all, 2, kCocoMaxDetections);
    summary.arLarge = meanRecall(all, 3, kCocoMaxDetections);
    return summary;
}

Result<double> map50(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions, int classes) {
    const auto pairs = pairImages(truth, predictions, classes);
    if (!pairs) return pairs.error();
    Mean mean;
    PrecisionCurve curve;
    for (const CocoClass& one : matchCoco(*pairs, classes, CocoScope{1, 1})) {
        if (one.positives[0] > 0) mean.add(averagePrecision(one, 0, 0, curve));
    }
    return mean.value();
}

}  // namespace querent::learn::metrics
