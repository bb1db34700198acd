#pragma once

#include "engine/core/rng.h"
#include "engine/core/samples.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace querent::learn::metrics {

/** Equal but for the order in which a sum was made. */
inline bool near(double a, double b) {
    return std::abs(a - b) <= 1e-12;
}

/** Truth and predictions of a few pictures. */
struct Scene {
    std::vector<ItemTruth> truth;
    std::vector<ItemPrediction> predictions;
    int classes = 1;
};

struct SceneOptions {
    int images = 6;
    int classes = 3;
    int maxTruth = 8;    // of an image
    int maxFound = 12;   // of an image, beside those near a true box
    int scoreSteps = 0;  // > 0: scores are multiples of 1 / steps, so that many are equal
    double crowdShare = 0.1;
    double difficultShare = 0.2;
    double silentShare = 0.1;  // of the images, without an entry among the predictions
};

// Coordinates are multiples of 1/4: overlaps are then the same numbers whatever the order of the arithmetic.
inline Box randomBox(Rng& rng) {
    const auto side = [&rng] { return 0.25 * rng.integer(16, rng.chance(0.3) ? 1000 : 200); };
    const double left = 0.25 * rng.integer(0, 600);
    const double top = 0.25 * rng.integer(0, 600);
    return {left, top, left + side(), top + side()};
}

inline Box nearBox(const Box& box, Rng& rng) {
    const auto shift = [&rng](double length) {
        const int most = std::max(1, static_cast<int>(length));
        return 0.25 * rng.integer(-most, most);
    };
    Box moved = box;
    moved.left += shift(0.5 * box.width());
    moved.top += shift(0.5 * box.height());
    moved.right += shift(0.5 * box.width());
    moved.bottom += shift(0.5 * box.height());
    return moved.empty() ? box : moved;
}

inline double randomScore(const SceneOptions& options, Rng& rng) {
    if (options.scoreSteps == 0) return rng.uniform();
    return static_cast<double>(rng.integer(0, options.scoreSteps)) / options.scoreSteps;
}

inline std::vector<TrueBox> randomTruth(const SceneOptions& options, Rng& rng) {
    std::vector<TrueBox> boxes;
    const int count = rng.integer(0, options.maxTruth);
    for (int i = 0; i < count; ++i) {
        // The last class has no truth of its own, where there are several.
        const int label = rng.integer(0, std::max(0, options.classes - 2));
        // Some boxes are there twice: what is found there must choose between equal overlaps.
        const bool again = !boxes.empty() && rng.chance(0.15);
        const Box place = again ? boxes.back().box : randomBox(rng);
        boxes.push_back({place, again ? boxes.back().label : label, rng.chance(options.difficultShare),
                         rng.chance(options.crowdShare)});
    }
    return boxes;
}

inline std::vector<Detection> randomFound(const std::vector<TrueBox>& truth, const SceneOptions& options, Rng& rng) {
    std::vector<Detection> boxes;
    for (const TrueBox& box : truth) {
        const int copies = rng.integer(0, box.crowd ? 4 : 2);
        for (int i = 0; i < copies; ++i) {
            const int label = rng.chance(0.9) ? box.label : rng.integer(0, options.classes - 1);
            const Box place = rng.chance(0.2) ? box.box : nearBox(box.box, rng);
            boxes.push_back({place, label, randomScore(options, rng), {}});
        }
    }
    const int others = rng.integer(0, options.maxFound);
    for (int i = 0; i < others; ++i) {
        boxes.push_back({randomBox(rng), rng.integer(0, options.classes - 1), randomScore(options, rng), {}});
    }
    rng.shuffle(boxes);
    return boxes;
}

inline Scene randomScene(const SceneOptions& options, std::uint64_t seed) {
    Rng rng(seed, "scene");
    Scene scene;
    scene.classes = options.classes;
    for (int i = 0; i < options.images; ++i) {
        ItemTruth truth{10 + 7 * i, {400, 400}, randomTruth(options, rng)};
        if (!rng.chance(options.silentShare)) {
            scene.predictions.push_back({truth.item, randomFound(truth.boxes, options, rng), {}});
        }
        scene.truth.push_back(std::move(truth));
    }
    rng.shuffle(scene.truth);
    rng.shuffle(scene.predictions);
    return scene;
}

}  // namespace querent::learn::metrics
