#include "engine/core/stopwatch.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/session/bench/bench.h"
#include "engine/session/bench/generated.h"

#include <utility>
#include <vector>

namespace querent::session::bench {
namespace {

struct Detections {
    std::vector<ItemTruth> truth;
    std::vector<ItemPrediction> predictions;
};

// A dozen true boxes a picture, each found with a little error, among many that are not there.
Detections generatedDetections(int images, int classes) {
    Rng rng(1);
    Detections all;
    for (int i = 0; i < images; ++i) {
        ItemTruth picture{i + 1, {640, 480}, {}};
        ItemPrediction seen{i + 1, {}, {}};
        for (int b = 0; b < 12; ++b) {
            const Box box = randomBox(rng, picture.size);
            const int label = rng.integer(0, classes - 1);
            picture.boxes.push_back({box, label, false, false});
            seen.boxes.push_back({box.translated(rng.normal() * 6.0, rng.normal() * 6.0), label, rng.uniform(), {}});
        }
        for (int b = 0; b < 60; ++b) {
            seen.boxes.push_back({randomBox(rng, picture.size), rng.integer(0, classes - 1), rng.uniform() * 0.5, {}});
        }
        all.truth.push_back(std::move(picture));
        all.predictions.push_back(std::move(seen));
    }
    return all;
}

}  // namespace

Result<BenchFigures> benchEvaluation(int images, int classes) {
    const auto [truth, predictions] = generatedDetections(images, classes);
    Stopwatch watch;
    if (const auto all = learn::metrics::evaluateCoco(truth, predictions, classes); !all) return all.error();
    const double whole = watch.seconds();
    watch = Stopwatch();
    if (const auto one = learn::metrics::map50(truth, predictions, classes); !one) return one.error();
    const double headline = watch.seconds();
    watch = Stopwatch();
    if (const auto drawn = learn::metrics::bootstrap(truth, predictions, classes, 500, 1); !drawn) return drawn.error();
    return BenchFigures{{"images", images},
                        {"coco_ms", whole * 1e3},
                        {"map50_ms", headline * 1e3},
                        {"bootstrap500_ms", watch.seconds() * 1e3}};
}

}  // namespace querent::session::bench
