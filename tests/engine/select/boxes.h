#pragma once

#include "tests/engine/select/pools.h"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace querent::select {

inline Detection boxOf(int label, std::vector<float> classes, std::vector<float> features = {}) {
    Detection box{{0, 0, 10, 10}, label, static_cast<double>(classes[static_cast<std::size_t>(label)]), {}};
    box.classes = std::move(classes);
    box.features = std::move(features);
    return box;
}

/** A pool of the pictures given, items 1, 2, ... */
inline Pool poolOf(const std::vector<std::vector<Detection>>& pictures, int classes) {
    Pool pool;
    pool.classes = classes;
    for (const auto& boxes : pictures) {
        ItemPrediction prediction;
        prediction.item = static_cast<std::int64_t>(pool.items.size() + 1);
        prediction.boxes = boxes;
        pool.items.emplace_back(prediction.item);
        pool.predictions.push_back(std::move(prediction));
    }
    return pool;
}

inline double slowCosine(const std::vector<float>& a, const std::vector<float>& b) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += double(a[i]) * double(b[i]);
        aa += double(a[i]) * double(a[i]);
        bb += double(b[i]) * double(b[i]);
    }
    return ab / std::sqrt(aa * bb);
}

/** The boxes that count. */
inline std::vector<Detection> visible(const ItemPrediction& picture) {
    std::vector<Detection> boxes = picture.boxes;
    std::erase_if(boxes, [](const Detection& box) { return box.score < 0.05; });
    return boxes;
}

/** Pictures of as many kinds of boxes as `groups`: a look of its own (one axis each), `size` pictures a group. */
inline Pool looks(std::size_t groups, std::size_t size, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::vector<Detection>> pictures;
    for (std::size_t i = 0; i < groups * size; ++i) {
        std::vector<float> features(groups, 0.0F);
        for (float& value : features)
            value = static_cast<float>(0.02 * rng.normal());
        features[i % groups] += 1.0F;
        pictures.push_back({boxOf(0, {static_cast<float>(rng.uniform(0.35, 0.6)), 0.1F}, features)});
    }
    return poolOf(pictures, 2);
}

}  // namespace querent::select
