#include "engine/core/rng.h"
#include "engine/core/stopwatch.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/registry.h"
#include "engine/session/bench/bench.h"
#include "engine/session/bench/peak_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace querent::session::bench {
namespace {

constexpr int kClasses = 10;
constexpr int kGroups = 200;                 // of like items
constexpr std::size_t kItemsAHoldout = 100;  // of the pool, one that stands for validation too
constexpr int kPasses = 5;                   // over the features, the fastest of which counts

/** What a selection looks at; owns what it only points to. */
struct GeneratedPool {
    std::vector<ItemId> items;
    std::vector<ItemPrediction> predictions;
    Matrix features;
    std::vector<ItemPrediction> holdout;
    std::vector<ItemTruth> truth;
};

// The features as those of two media, each a half, which answer as all together.
void addMedia(std::span<const float> features, ItemPrediction& prediction) {
    const std::size_t half = features.size() / 2;
    for (const auto part : {features.first(half), features.subspan(half, half)}) {
        prediction.features.emplace_back(part.begin(), part.end());
        std::vector<float>& evidence = prediction.evidence.emplace_back();
        for (const float p : prediction.probabilities)
            evidence.push_back(1.0F + 10.0F * p);
    }
    // Without media nothing is known; either of them knows half of it.
    for (int set = 0; set < 4; ++set) {
        std::vector<float>& answer = prediction.coalitions.emplace_back(prediction.probabilities);
        const float known = set == 0 ? 0.0F : set == 3 ? 1.0F : 0.5F;
        for (float& p : answer)
            p = known * p + (1.0F - known) / static_cast<float>(kClasses);
    }
}

// Features as a rectifier leaves them, in groups; the class is that of the group, with more or less doubt.
GeneratedPool generatedPool(int count, int dimensions) {
    Rng rng(1);
    GeneratedPool pool;
    Matrix centres(kGroups, static_cast<std::size_t>(dimensions));
    for (float& value : centres.values)
        value = static_cast<float>(rng.normal());
    pool.features = Matrix(static_cast<std::size_t>(count), static_cast<std::size_t>(dimensions));
    for (std::size_t i = 0; i < pool.features.rows; ++i) {
        const std::size_t group = rng.index(kGroups);
        for (std::size_t d = 0; d < pool.features.cols; ++d) {
            // Uniform noise of deviation 1/2: normal numbers would take longer than the selection.
            const double noise = rng.uniform(-0.87, 0.87);
            pool.features.at(i, d) = std::max(0.0F, centres.at(group, d) + static_cast<float>(noise));
        }
        const double sure = 1.0 - 0.8 * rng.uniform() * rng.uniform();
        ItemPrediction prediction;
        prediction.item = static_cast<std::int64_t>(i) + 1;
        prediction.probabilities.assign(kClasses, static_cast<float>((1.0 - sure) / (kClasses - 1)));
        prediction.probabilities[group % kClasses] = static_cast<float>(sure);
        addMedia(pool.features.row(i), prediction);
        if (i % kItemsAHoldout == 0) {
            pool.truth.emplace_back().item = prediction.item;
            pool.truth.back().labels.push_back(static_cast<int>(group) % kClasses);
            pool.holdout.push_back(prediction);
        }
        pool.items.emplace_back(prediction.item);
        pool.predictions.push_back(std::move(prediction));
    }
    return pool;
}

/** Milliseconds of one product of the features with a vector: what it takes to read them once. */
double millisecondsOfAPass(const Matrix& features) {
    double fastest = std::numeric_limits<double>::infinity();
    volatile float kept = 0.0F;  // so that the sums are worked out
    for (int pass = 0; pass < kPasses; ++pass) {
        const Stopwatch watch;
        float sum = 0.0F;
        for (std::size_t i = 0; i < features.rows; ++i)
            sum += select::geometry::dotProduct(features.row(i), features.row(0));
        kept = sum;
        fastest = std::min(fastest, watch.seconds() * 1e3);
    }
    static_cast<void>(kept);
    return fastest;
}

}  // namespace

Result<BenchFigures> benchSelection(int items, int dimensions, int batch, const Job& job) {
    const GeneratedPool pool = generatedPool(items, dimensions);
    select::SelectionInput input;
    input.pool = pool.items;
    input.predictions = &pool.predictions;
    input.poolFeatures = &pool.features;
    input.classes = kClasses;
    input.labelledPerClass.assign(kClasses, 0);
    input.holdout = {pool.holdout, pool.truth};
    const double pass = millisecondsOfAPass(pool.features);
    BenchFigures figures = {{"pool", items}, {"dimensions", dimensions}, {"batch", batch}, {"pass_ms", pass}};
    for (const std::string name : {"badge", "coreset", "bmmal", "rl-mba"}) {
        const auto strategy = select::makeStrategy(name);
        if (!strategy) return strategy.error();
        const PeakMemory memory;
        const Stopwatch watch;
        const auto chosen = (*strategy)->select(input, static_cast<std::size_t>(batch), 1, job);
        if (!chosen) return chosen.error();
        const double spent = watch.seconds() * 1e3;
        figures[name + "_ms"] = spent;
        figures[name + "_passes_a_pick"] = spent / pass / static_cast<double>(chosen->picks.size());
        const double featureBytes = static_cast<double>(pool.features.values.size() * sizeof(float));
        if (const auto risen = memory.risen()) figures[name + "_memory"] = static_cast<double>(*risen) / featureBytes;
        if (!(*strategy)->info().learns) continue;
        const Stopwatch update;
        if (const auto lesson = (*strategy)->learn(chosen->memory, 0.5); !lesson) return lesson.error();
        figures[name + "_update_ms"] = update.seconds() * 1e3;
    }
    return figures;
}

}  // namespace querent::session::bench
