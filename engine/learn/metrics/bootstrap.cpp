#include "engine/core/rng.h"
#include "engine/learn/metrics/coco_matcher.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/metrics/image_pairs.h"
#include "engine/learn/metrics/precision_curve.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::learn::metrics {
namespace {

/** A detection that counts, at one threshold. */
struct Event {
    std::uint32_t image = 0;
    bool hit = false;
};

/** What of a class is left after matching: per threshold, hits and misses by descending score. */
struct ClassEvents {
    std::array<std::vector<Event>, kCocoThresholds> events;
    std::vector<ImageCount> positives;
};

std::vector<ClassEvents> eventsOf(const std::vector<CocoClass>& classes) {
    std::vector<ClassEvents> result;
    for (const CocoClass& one : classes) {
        ClassEvents& out = result.emplace_back();
        out.positives = one.positivesByImage;
        for (std::size_t t = 0; t < kCocoThresholds; ++t) {
            for (const CocoRecord& record : one.records) {
                const bool hit = record.hit(0, 1U << t);
                if (hit || record.miss(0, 1U << t)) out.events[t].push_back({record.image, hit});
            }
        }
    }
    return result;
}

/** How often each image is in a replicate. */
using Weights = std::vector<double>;

Weights draw(std::size_t images, Rng& rng) {
    Weights weights(images, 0.0);
    for (std::size_t i = 0; i < images; ++i)
        weights[rng.index(images)] += 1.0;
    return weights;
}

struct Sample {
    double map50 = -1.0;
    double map = -1.0;
    std::vector<double> classAp50;
};

double averagePrecision(const std::vector<Event>& events, const Weights& weights, double positives,
                        PrecisionCurve& curve) {
    curve.clear();
    for (const Event& event : events) {
        const double weight = weights[event.image];
        if (weight == 0.0) continue;
        if (event.hit) {
            curve.addHit(weight);
        } else {
            curve.addMiss(weight);
        }
    }
    return curve.averageAt101(positives);
}

Sample evaluate(const std::vector<ClassEvents>& classes, const Weights& weights, PrecisionCurve& curve) {
    Sample sample;
    double sum50 = 0.0;
    double sum = 0.0;
    double counted = 0.0;
    for (const ClassEvents& one : classes) {
        double positives = 0.0;
        for (const ImageCount& count : one.positives)
            positives += weights[count.image] * count.boxes;
        sample.classAp50.push_back(-1.0);
        if (positives == 0.0) continue;
        for (std::size_t t = 0; t < kCocoThresholds; ++t) {
            const double ap = averagePrecision(one.events[t], weights, positives, curve);
            sum += ap / static_cast<double>(kCocoThresholds);
            if (t == 0) sum50 += sample.classAp50.back() = ap;
        }
        counted += 1.0;
    }
    if (counted == 0.0) return sample;
    sample.map50 = sum50 / counted;
    sample.map = sum / counted;
    return sample;
}

/** Linear between the order statistics; `values` sorted, not empty. */
double quantile(const std::vector<double>& values, double q) {
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
}

template <typename Pick>
Interval intervalOf(const Sample& whole, const std::vector<Sample>& samples, const Pick& pick) {
    std::vector<double> values;
    for (const Sample& sample : samples) {
        if (pick(sample) >= 0.0) values.push_back(pick(sample));
    }
    if (values.empty()) return {pick(whole), pick(whole), pick(whole)};
    std::sort(values.begin(), values.end());
    return {pick(whole), quantile(values, 0.025), quantile(values, 0.975)};
}

BootstrapSummary summarize(const Sample& whole, const std::vector<Sample>& samples) {
    BootstrapSummary summary;
    summary.map50 = intervalOf(whole, samples, [](const Sample& sample) { return sample.map50; });
    summary.map = intervalOf(whole, samples, [](const Sample& sample) { return sample.map; });
    for (std::size_t c = 0; c < whole.classAp50.size(); ++c) {
        const auto ap50 = [c](const Sample& sample) { return sample.classAp50[c]; };
        summary.classAp50.push_back(intervalOf(whole, samples, ap50));
    }
    return summary;
}

}  // namespace

Result<BootstrapSummary> bootstrap(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                   int classes, int replicates, std::uint64_t seed, const Job& job) {
    if (replicates < 1) return fail(ErrorCode::InvalidArgument, "A bootstrap needs at least one replicate.");
    const auto pairs = pairImages(truth, predictions, classes);
    if (!pairs) return pairs.error();
    const std::vector<ClassEvents> events = eventsOf(matchCoco(*pairs, classes, CocoScope{kCocoThresholds, 1}));

    PrecisionCurve curve;
    const Sample whole = evaluate(events, Weights(pairs->size(), 1.0), curve);
    Rng rng(seed, "bootstrap");
    std::vector<Sample> samples;
    for (int i = 0; i < replicates; ++i) {
        if (job.cancelled()) return Job::stopped();
        samples.push_back(evaluate(events, draw(pairs->size(), rng), curve));
        job.report("Resampling", i + 1, replicates);
    }
    return summarize(whole, samples);
}

}  // namespace querent::learn::metrics
