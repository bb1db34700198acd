#pragma once

#include "engine/core/rng.h"
#include "engine/select/registry.h"
#include "engine/select/strategy.h"

#include <algorithm>
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

    SelectionInput input() const {
        return {items,     &predictions, &features,
                &labelled, classes,      std::vector<std::int64_t>(static_cast<std::size_t>(classes), 0)};
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
    return pool;
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

}  // namespace querent::select
