// The bootstrap against one that evaluates every resampled set from the start.

#include "engine/learn/metrics/evaluator.h"
#include "tests/engine/learn/metrics/scenes.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::learn::metrics;

namespace {

BootstrapSummary run(const Scene& scene, int replicates, std::uint64_t seed) {
    return bootstrap(scene.truth, scene.predictions, scene.classes, replicates, seed).value();
}

/** The images that `rng` draws, as images of their own. */
Scene resampled(Scene scene, Rng& rng) {
    const auto byImage = [](const auto& a, const auto& b) { return a.item < b.item; };
    std::sort(scene.truth.begin(), scene.truth.end(), byImage);
    std::vector<std::size_t> drawn(scene.truth.size());
    for (std::size_t& index : drawn)
        index = rng.index(scene.truth.size());
    std::sort(drawn.begin(), drawn.end());
    Scene copy;
    copy.classes = scene.classes;
    for (const std::size_t index : drawn) {
        const auto id = static_cast<std::int64_t>(copy.truth.size());
        for (const ItemPrediction& prediction : scene.predictions) {
            if (prediction.item != scene.truth[index].item) continue;
            copy.predictions.push_back(prediction);
            copy.predictions.back().item = id;
        }
        copy.truth.push_back(scene.truth[index]);
        copy.truth.back().item = id;
    }
    return copy;
}

double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    const double at = q * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(std::floor(at));
    const auto high = static_cast<std::size_t>(std::ceil(at));
    return values[low] + (at - std::floor(at)) * (values[high] - values[low]);
}

void verify(const Interval& interval, const std::vector<double>& values, double whole) {
    QVERIFY(near(interval.value, whole));
    QVERIFY2(near(interval.low, values.empty() ? whole : quantile(values, 0.025)), "low");
    QVERIFY2(near(interval.high, values.empty() ? whole : quantile(values, 0.975)), "high");
}

void addIfDefined(std::vector<double>& values, double value) {
    if (value >= 0) values.push_back(value);
}

}  // namespace

class TestBootstrap : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void agreesWithEvaluatingEveryReplicate() {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const Scene scene = randomScene({7, 4, 5, 8, 0, 0.1, 0.1, 0.1}, seed);
            const int replicates = 40;
            const BootstrapSummary fast = run(scene, replicates, seed);
            std::vector<double> map50s, maps;
            std::vector<std::vector<double>> classes(4);
            Rng rng(seed, "bootstrap");
            for (int i = 0; i < replicates; ++i) {
                const Scene copy = resampled(scene, rng);
                const CocoSummary summary = evaluateCoco(copy.truth, copy.predictions, copy.classes).value();
                addIfDefined(map50s, summary.ap50);
                addIfDefined(maps, summary.ap);
                for (std::size_t c = 0; c < 4; ++c)
                    addIfDefined(classes[c], summary.classAp50[c]);
            }
            const CocoSummary whole = evaluateCoco(scene.truth, scene.predictions, scene.classes).value();
            verify(fast.map50, map50s, whole.ap50);
            verify(fast.map, maps, whole.ap);
            for (std::size_t c = 0; c < 4; ++c)
                verify(fast.classAp50[c], classes[c], whole.classAp50[c]);
            QCOMPARE(fast.classAp50.back().low, -1.0);  // the scenes' last class has no truth
        }
    }

    void sameSeedSameInterval() {
        const Scene scene = randomScene({30, 3, 5, 5, 0, 0.0, 0.0, 0.0}, 3);
        const BootstrapSummary a = run(scene, 200, 5);
        const BootstrapSummary b = run(scene, 200, 5);
        const BootstrapSummary c = run(scene, 200, 6);
        QCOMPARE(a.map50.low, b.map50.low);
        QCOMPARE(a.map.high, b.map.high);
        QVERIFY(a.map50.low != c.map50.low);
        QVERIFY(a.map50.low < a.map50.value && a.map50.value < a.map50.high);
    }

    void moreImagesNarrowTheInterval() {
        const auto width = [](int images) {
            const Interval map50 = run(randomScene({images, 2, 4, 4, 0, 0.0, 0.0, 0.0}, 11), 300, 1).map50;
            return map50.high - map50.low;
        };
        const double few = width(25);
        const double many = width(400);
        QVERIFY2(many < 0.5 * few && many > 0.1 * few, qPrintable(QString("%1 %2").arg(few).arg(many)));
    }

    void aPerfectModelHasNoDoubt() {
        Scene scene;
        for (int i = 0; i < 10; ++i) {
            const Box box{0, 0, 20.0 + i, 30};
            scene.truth.push_back({i, {100, 100}, {{box, 0, false, false}}});
            scene.predictions.push_back({i, {{box, 0, 0.5, {}}}, {}});
        }
        const BootstrapSummary summary = run(scene, 100, 1);
        QVERIFY(near(summary.map.low, 1.0) && near(summary.map.high, 1.0));
    }

    void refusesAndStops() {
        const Scene scene = randomScene({5, 2, 5, 5, 0, 0.0, 0.0, 0.0}, 1);
        const auto none = bootstrap(scene.truth, scene.predictions, 2, 0, 1);
        QCOMPARE(none.error().code, ErrorCode::InvalidArgument);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = bootstrap(scene.truth, scene.predictions, 2, 10, 1, Job(stop.get_token()));
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void reportsProgress() {
        const Scene scene = randomScene({5, 2, 5, 5, 0, 0.0, 0.0, 0.0}, 1);
        std::int64_t last = 0;
        const Job job({}, [&last](const Progress& progress) {
            QCOMPARE(progress.total, 10);
            last = progress.done;
        });
        QVERIFY(bootstrap(scene.truth, scene.predictions, 2, 10, 1, job).ok());
        QCOMPARE(last, 10);
    }

    void timeIsShown() {
        const Scene scene = randomScene({300, 5, 12, 30, 0, 0.0, 0.0, 0.0}, 1);
        QElapsedTimer timer;
        timer.start();
        const double ap = evaluateCoco(scene.truth, scene.predictions, scene.classes).value().ap;
        const auto once = timer.restart();
        QVERIFY(near(run(scene, 200, 1).map.value, ap));
        qInfo("300 images, 5 classes: one evaluation %lld ms, 200 replicates %lld ms", once, timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestBootstrap)
#include "tst_bootstrap.moc"
