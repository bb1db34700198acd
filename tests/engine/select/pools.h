#pragma once

#include "engine/core/rng.h"
#include "engine/select/registry.h"
#include "engine/select/strategy.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace querent::select {

/** A pool that owns what SelectionInput only points to. */
struct Pool {
    std::vector<ItemId> items;
    std::vector<ItemPrediction> predictions;
    Matrix features;
    Matrix labelled;
    int classes = 3;
    TaskKind task = TaskKind::Detect;
    std::vector<ItemPrediction> labelledPredictions;  // none of the pool's items
    std::vector<ItemTruth> labelledTruth;
    std::vector<ItemPrediction> holdoutPredictions;
    std::vector<ItemTruth> holdoutTruth;

    SelectionInput input() const {
        SelectionInput input;
        input.pool = items;
        input.predictions = &predictions;
        input.poolFeatures = &features;
        input.labelledFeatures = &labelled;
        input.classes = classes;
        input.labelledPerClass.assign(static_cast<std::size_t>(classes), 0);
        input.task = task;
        input.labelled = {labelledPredictions, labelledTruth};
        input.holdout = {holdoutPredictions, holdoutTruth};
        return input;
    }
};

/** Same items in another order: row i of the result is row order[i]. */
inline Pool reordered(const Pool& pool, const std::vector<std::size_t>& order) {
    Pool other = pool;
    for (std::size_t i = 0; i < order.size(); ++i) {
        other.items[i] = pool.items[order[i]];
        other.predictions[i] = pool.predictions[order[i]];
        std::copy_n(pool.features.row(order[i]).begin(), pool.features.cols, other.features.row(i).begin());
    }
    return other;
}

inline std::vector<Detection> randomBoxes(int classes, Rng& rng) {
    std::vector<Detection> boxes;
    const int count = rng.integer(0, 6);
    for (int b = 0; b < count; ++b) {
        Detection box{{0, 0, 10, 10}, 0, 0.0, {}};
        for (int c = 0; c < classes; ++c)
            box.classes.push_back(static_cast<float>(rng.uniform() * rng.uniform()));
        const auto best = std::max_element(box.classes.begin(), box.classes.end());
        box.label = static_cast<int>(best - box.classes.begin());
        box.score = static_cast<double>(*best);
        boxes.push_back(std::move(box));
    }
    return boxes;
}

inline Matrix randomMatrix(std::size_t rows, std::size_t cols, Rng& rng) {
    Matrix matrix(rows, cols);
    for (float& value : matrix.values)
        value = static_cast<float>(rng.normal());
    return matrix;
}

inline constexpr std::size_t kHoldout = 20;  // items of a pool's validation

/** The boxes that a prediction names, as if it were right about all of them, on pictures of 640 x 480. */
inline ItemTruth truthAsPredicted(const ItemPrediction& prediction) {
    ItemTruth truth{prediction.item, {640, 480}};
    for (const Detection& box : prediction.boxes)
        truth.boxes.push_back({box.box, box.label});
    return truth;
}

/** What a model's own heads would say, and features of the boxes. */
inline void addHeads(Pool& pool, std::uint64_t seed) {
    Rng rng(seed, "heads");
    for (ItemPrediction& prediction : pool.predictions) {
        prediction.expectedLoss = rng.normal();
        prediction.discrepancy = rng.uniform();
        for (Detection& box : prediction.boxes) {
            for (int i = 0; i < 6; ++i)
                box.features.push_back(static_cast<float>(rng.normal()));
        }
    }
}

/** Items 1001, 1002, ... with random boxes and features. */
inline Pool randomPool(std::size_t size, std::size_t labelled, std::uint64_t seed, std::size_t dimensions = 8) {
    Rng rng(seed, "pool");
    Pool pool;
    for (std::size_t i = 0; i < size; ++i) {
        const auto id = static_cast<std::int64_t>(1001 + i);
        pool.items.emplace_back(id);
        pool.predictions.push_back({id, randomBoxes(pool.classes, rng), {}});
    }
    pool.features = randomMatrix(size, dimensions, rng);
    pool.labelled = randomMatrix(labelled, dimensions, rng);
    for (ItemPrediction& prediction : pool.predictions)
        prediction.embedding = randomMatrix(1, dimensions, rng).values;
    for (std::size_t i = 0; i < labelled + kHoldout; ++i) {
        ItemPrediction prediction{static_cast<std::int64_t>(9001 + i), randomBoxes(pool.classes, rng)};
        prediction.embedding = randomMatrix(1, dimensions, rng).values;
        (i < labelled ? pool.labelledTruth : pool.holdoutTruth).push_back(truthAsPredicted(prediction));
        (i < labelled ? pool.labelledPredictions : pool.holdoutPredictions).push_back(std::move(prediction));
    }
    addHeads(pool, seed);
    return pool;
}

/** Class probabilities that add up to 1, some of them nearly certain. */
inline std::vector<float> randomAnswer(int classes, Rng& rng) {
    std::vector<double> weights;
    double sum = 0.0;
    for (int c = 0; c < classes; ++c) {
        weights.push_back(std::exp(3.0 * rng.normal()));
        sum += weights.back();
    }
    std::vector<float> answer;
    for (const double weight : weights)
        answer.push_back(static_cast<float>(weight / sum));
    return answer;
}

inline ItemPrediction randomPrediction(std::int64_t item, int classes, std::size_t dimensions, Rng& rng) {
    ItemPrediction prediction;
    prediction.item = item;
    for (int set = 0; set < 4; ++set)
        prediction.coalitions.push_back(randomAnswer(classes, rng));
    prediction.probabilities = prediction.coalitions.back();
    for (int t = 0; t < 10; ++t)
        prediction.samples.push_back(randomAnswer(classes, rng));
    for (int m = 0; m < 2; ++m) {
        const Matrix own = randomMatrix(1, dimensions, rng);
        prediction.features.push_back(own.values);
    }
    prediction.toBorder = rng.uniform(0.0, 5.0);
    return prediction;
}

/** Items 1001, 1002, ... with random answers from two media, and all that is said about them when it is asked for. */
inline Pool randomClassPool(std::size_t size, std::size_t labelled, std::uint64_t seed, std::size_t dimensions = 8,
                            int classes = 3) {
    Rng rng(seed, "class pool");
    Pool pool;
    pool.classes = classes;
    pool.task = TaskKind::Classify;
    pool.features = randomMatrix(size, dimensions, rng);
    pool.labelled = randomMatrix(labelled, dimensions, rng);
    for (std::size_t i = 0; i < size; ++i) {
        pool.items.emplace_back(static_cast<std::int64_t>(1001 + i));
        pool.predictions.push_back(randomPrediction(pool.items.back().value, classes, dimensions, rng));
    }
    // In turns of all classes, so that no strategy lacks one.
    for (std::size_t i = 0; i < labelled + kHoldout; ++i) {
        ItemPrediction prediction = randomPrediction(static_cast<std::int64_t>(9001 + i), classes, dimensions, rng);
        ItemTruth truth{prediction.item, {}};
        truth.labels.push_back(static_cast<int>(i) % classes);
        (i < labelled ? pool.labelledTruth : pool.holdoutTruth).push_back(std::move(truth));
        (i < labelled ? pool.labelledPredictions : pool.holdoutPredictions).push_back(std::move(prediction));
    }
    Rng more(seed, "embeddings");
    for (auto* predictions : {&pool.predictions, &pool.labelledPredictions, &pool.holdoutPredictions}) {
        for (ItemPrediction& prediction : *predictions) {
            prediction.embedding = randomMatrix(1, dimensions, more).values;
            for (int m = 0; m < 2; ++m) {
                std::vector<float>& evidence = prediction.evidence.emplace_back();
                for (const float p : randomAnswer(classes, more))
                    evidence.push_back(1.0F + 5.0F * p);
            }
        }
    }
    addHeads(pool, seed);
    return pool;
}

/** A pool of boxes, or of classes for strategies that know nothing else. */
inline Pool poolFor(std::string_view strategy, std::size_t size, std::size_t labelled, std::uint64_t seed) {
    const auto made = makeStrategy(strategy).value();
    const auto& tasks = made->info().tasks;
    const bool boxes = std::find(tasks.begin(), tasks.end(), TaskKind::Detect) != tasks.end();
    return boxes ? randomPool(size, labelled, seed) : randomClassPool(size, labelled, seed);
}

inline Selection run(std::string_view strategy, const SelectionInput& input, std::size_t count,
                     std::uint64_t seed = 1) {
    return makeStrategy(strategy).value()->select(input, count, seed, Job()).value();
}

inline std::vector<std::int64_t> itemsOf(const Selection& selection, const Pool& pool) {
    std::vector<std::int64_t> items;
    for (const Pick& pick : selection.picks)
        items.push_back(pool.items[pick.index].value);
    return items;
}

/** The places of a batch in its pool, best first. */
inline std::vector<std::size_t> indicesOf(const Selection& selection) {
    std::vector<std::size_t> indices;
    for (const Pick& pick : selection.picks)
        indices.push_back(pick.index);
    return indices;
}

}  // namespace querent::select
