#include "engine/core/files.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/selftest.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/metrics/evaluator.h"
#include "tests/engine/learn/detect/shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <cmath>
#include <stop_token>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::detect;
namespace fs = std::filesystem;

namespace {

constexpr Size kInput{160, 128};

DetectorConfig smallDetector() {
    DetectorConfig detector;
    detector.classes = 2;
    detector.input = kInput;
    return detector;
}

/** Somebody wants the training to stop while the picture number `at`, counted from 1, is being read. */
class StoppingShapes : public Shapes {
 public:
    StoppingShapes(std::size_t count, std::uint64_t seed, int at) : Shapes(count, seed), m_at(at) {}
    Result<Raster> load(std::size_t index, Size wanted) const override {
        if (++m_read == m_at) m_stop.request_stop();
        return Shapes::load(index, wanted);
    }
    int read() const { return m_read; }
    std::stop_token token() const { return m_stop.get_token(); }

 private:
    int m_at;
    mutable std::atomic<int> m_read = 0;
    mutable std::stop_source m_stop;
};

class BrokenShapes : public Shapes {
 public:
    using Shapes::Shapes;
    Result<Raster> load(std::size_t, Size) const override {
        return fail(ErrorCode::Io, "The picture cannot be read.", "some/picture.jpg");
    }
};

}  // namespace

class TestDetectorTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    TrainingConfig quick(const char* name, int steps) const {
        TrainingConfig config;
        config.steps = steps;
        config.batch = 4;
        config.device = "cpu";
        config.model = path(name);
        config.threads = 1;  // two that wait for one another on a busy machine take minutes
        return config;
    }

    static double map50(const Predictor& predictor, const Shapes& shapes) {
        const auto predictions = predictor.predict(shapes, {}, Job{});
        if (!predictions) return -1.0;
        const auto truths = shapes.truths();
        const auto map = learn::metrics::map50(truths, *predictions, 2);
        return map ? *map : -1.0;
    }

 private Q_SLOTS:
    void overfitsEightPicturesAndComesBackFromItsFile() {
        const Shapes shapes(8, 1);
        TrainingConfig config = quick("overfit.pt", 90);
        config.batch = 8;
        config.augmentation = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
        std::vector<double> losses;
        const auto outcome = DetectorTrainer().train(
            smallDetector(), config, shapes, nullptr, {}, [&](const TrainingStep& s) { losses.push_back(s.loss); },
            Job{});
        QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
        QCOMPARE(outcome->steps, 90);
        QCOMPARE(losses.size(), std::size_t{90});
        QVERIFY2(losses.back() < 0.5 * losses.front(), qPrintable(QString::number(losses.back())));
        QVERIFY(!outcome->holdoutMap50);

        const auto predictor = Predictor::load(outcome->model, "cpu");
        QVERIFY(predictor);
        QCOMPARE((*predictor)->classes(), 2);
        QCOMPARE((*predictor)->config().input, kInput);
        const double map = map50(**predictor, shapes);
        QVERIFY2(map > 0.9, qPrintable(QString::number(map)));
        checkPredictions(**predictor, shapes);
    }

    void sameSeedSameWeightsOtherSeedOthers() {
        const Shapes shapes(6, 3);
        for (const auto& [name, seed] : {std::pair{"a.pt", 5U}, std::pair{"b.pt", 5U}, std::pair{"c.pt", 6U}}) {
            TrainingConfig config = quick(name, 4);
            config.seed = seed;
            QVERIFY(DetectorTrainer().train(smallDetector(), config, shapes, nullptr, {}, {}, Job{}));
        }
        QCOMPARE(*readWhole(path("a.pt")), *readWhole(path("b.pt")));
        QVERIFY(*readWhole(path("a.pt")) != *readWhole(path("c.pt")));
    }

    void resumesExactly() {
        const Shapes shapes(6, 3);
        const Shapes holdout(3, 90);
        TrainingConfig config = quick("whole.pt", 8);
        config.evaluateEvery = 3;
        QVERIFY(DetectorTrainer().train(smallDetector(), config, shapes, &holdout, {}, {}, Job{}));

        config.model = path("parts.pt");
        config.checkpoint = path("parts.checkpoint");
        config.checkpointEvery = 4;
        std::stop_source stop;
        const auto stopAtSix = [&stop](const TrainingStep& s) {
            if (s.step == 6) stop.request_stop();
        };
        const auto stopped =
            DetectorTrainer().train(smallDetector(), config, shapes, &holdout, {}, stopAtSix, Job(stop.get_token()));
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QVERIFY(fs::exists(config.checkpoint));
        QVERIFY(!fs::exists(config.model));

        int first = 0;
        const auto note = [&first](const TrainingStep& s) { first = first ? first : s.step; };
        const auto outcome = DetectorTrainer().train(smallDetector(), config, shapes, &holdout, {}, note, Job{});
        QVERIFY(outcome);
        QCOMPARE(first, 5);
        QCOMPARE(outcome->steps, 8);
        QVERIFY(outcome->holdoutMap50.has_value());
        QVERIFY(!fs::exists(config.checkpoint));
        QCOMPARE(*readWhole(path("parts.pt")), *readWhole(path("whole.pt")));
    }

    void aCheckpointOfOtherSettingsOrADamagedOneIsNotResumed() {
        const Shapes shapes(4, 3);
        TrainingConfig config = quick("other.pt", 3);
        config.checkpoint = path("other.checkpoint");
        QVERIFY(replaceWhole(config.checkpoint, "not a checkpoint"));
        int first = 0;
        const auto note = [&first](const TrainingStep& s) { first = first ? first : s.step; };
        QVERIFY(DetectorTrainer().train(smallDetector(), config, shapes, nullptr, {}, note, Job{}));
        QCOMPARE(first, 1);
    }

    // How soon that is within a step is asked of the network (tst_learn_torch), and measured by `bench train`.
    void afterTheWishToStopNothingMoreIsBegun() {
        TrainingConfig config = quick("stop.pt", 100000);
        config.augmentation.mosaic = 0.0;  // one picture an item
        config.cacheBytes = 0;             // each is read again whenever it is drawn
        for (const int at : {1, 4, 6, 8, 11}) {
            const StoppingShapes shapes(6, 3, at);
            int stepsAfter = 0;
            const auto count = [&](const TrainingStep&) { stepsAfter += shapes.token().stop_requested() ? 1 : 0; };
            const auto outcome =
                DetectorTrainer().train(smallDetector(), config, shapes, nullptr, {}, count, Job(shapes.token()));
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
            QCOMPARE(shapes.read(), at);
            // The batch of the next step is read while this one is learnt from, and this one may be all but done.
            QVERIFY2(stepsAfter <= 1, qPrintable(QString::number(stepsAfter)));
        }
        const Shapes shapes(6, 3);
        std::stop_source stop;
        int last = 0;
        const auto stopAtTwo = [&](const TrainingStep& s) {
            last = s.step;
            if (s.step == 2) stop.request_stop();
        };
        QVERIFY(
            !DetectorTrainer().train(smallDetector(), config, shapes, nullptr, {}, stopAtTwo, Job(stop.get_token())));
        QCOMPARE(last, 2);
    }

    void continuesFromAModelAlsoWithMoreClasses() {
        const Shapes shapes(4, 3);
        QVERIFY(DetectorTrainer().train(smallDetector(), quick("two.pt", 2), shapes, nullptr, {}, {}, Job{}));
        DetectorConfig three = smallDetector();
        three.classes = 3;
        QVERIFY(DetectorTrainer().train(three, quick("three.pt", 2), shapes, nullptr, path("two.pt"), {}, Job{}));
        const auto predictor = Predictor::load(path("three.pt"), "cpu");
        QVERIFY(predictor);
        QCOMPARE((*predictor)->classes(), 3);
        const auto missing =
            DetectorTrainer().train(three, quick("x.pt", 2), shapes, nullptr, path("none.pt"), {}, Job{});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    // Classes keep what was learnt about them when their numbers change.
    void aWarmStartFollowsItsClasses() {
        const Shapes shapes(6, 3);
        QVERIFY(DetectorTrainer().train(smallDetector(), quick("ab.model", 20), shapes, nullptr, {}, {}, Job()).ok());
        TrainingConfig still = quick("ba.model", 1);
        still.learningRate = 1e-12;
        still.warmClasses = {1, 0};
        QVERIFY(DetectorTrainer().train(smallDetector(), still, shapes, nullptr, path("ab.model"), {}, Job()).ok());
        const auto before = (*Predictor::load(path("ab.model"), "cpu"))->predict(shapes, {}, Job());
        const auto after = (*Predictor::load(path("ba.model"), "cpu"))->predict(shapes, {}, Job());
        QVERIFY(before.ok() && after.ok());
        const auto sums = [](const std::vector<ItemPrediction>& predictions) {
            std::array<double, 2> sum{};
            for (const ItemPrediction& picture : predictions) {
                for (const Detection& box : picture.boxes)
                    sum[static_cast<std::size_t>(box.label)] += box.score;
            }
            return sum;
        };
        const auto old = sums(*before);
        const auto now = sums(*after);
        // The one step moves the running statistics; how far depends on the rounding of the BLAS in use.
        const double apart = std::abs(old[0] - old[1]);
        QVERIFY(apart > 0.2 * old[1]);
        QVERIFY(std::abs(now[0] - old[1]) < apart / 3 && std::abs(now[1] - old[0]) < apart / 3);
        still.warmClasses = {0};
        QVERIFY(!DetectorTrainer().train(smallDetector(), still, shapes, nullptr, path("ab.model"), {}, Job()).ok());
    }

    void stopsEarlyWhenPatienceIsSpent() {
        const Shapes shapes(4, 3);
        const Shapes holdout(2, 50);
        TrainingConfig config = quick("patient.pt", 500);
        config.learningRate = 1e-9;  // nothing gets better
        config.evaluateEvery = 1;
        config.patience = 2;
        const auto outcome = DetectorTrainer().train(smallDetector(), config, shapes, &holdout, {}, {}, Job{});
        QVERIFY(outcome);
        QVERIFY(outcome->steps < 100);
    }

    void endsAtItsTimeLimit() {
        const Shapes shapes(4, 3);
        TrainingConfig config = quick("timed.pt", 1000000);
        config.maxSeconds = 0.3;
        const auto outcome = DetectorTrainer().train(smallDetector(), config, shapes, nullptr, {}, {}, Job{});
        QVERIFY(outcome);
        QVERIFY(outcome->steps < 1000);
        QVERIFY(fs::exists(outcome->model));
    }

    void refusesWhatMakesNoSense() {
        const Shapes shapes(2, 3);
        const auto codeOf = [&](const DetectorConfig& d, const TrainingConfig& c, const ItemSource& source) {
            const auto outcome = DetectorTrainer().train(d, c, source, nullptr, {}, {}, Job{});
            return outcome ? ErrorCode::Internal : outcome.error().code;
        };
        DetectorConfig detector = smallDetector();
        TrainingConfig config = quick("never.pt", 2);
        QCOMPARE(codeOf(detector, config, Shapes(0, 1)), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(detector, config, BrokenShapes(2, 1)), ErrorCode::Io);
        detector.classes = 1;  // the shapes have two
        QCOMPARE(codeOf(detector, config, Shapes(8, 1)), ErrorCode::InvalidArgument);
        detector = smallDetector();
        detector.size = "gigantic";
        QCOMPARE(codeOf(detector, config, shapes), ErrorCode::InvalidArgument);
        detector = smallDetector();
        config.device = "tpu";
        QCOMPARE(codeOf(detector, config, shapes), ErrorCode::InvalidArgument);
        config.device = "cuda:97";
        QCOMPARE(codeOf(detector, config, shapes), ErrorCode::Unsupported);
        config.device = "cpu";
        config.learningRate = std::nan("");
        QCOMPARE(codeOf(detector, config, shapes), ErrorCode::InvalidArgument);
        config = quick("never.pt", 2);
        config.model = path("no/such/folder/model.pt");
        QCOMPARE(codeOf(detector, config, shapes), ErrorCode::Io);
    }

    void refusesFilesThatAreNoModels() {
        QVERIFY(replaceWhole(path("noise.pt"), "PK\x03\x04 and so on"));
        const auto noise = Predictor::load(path("noise.pt"), "cpu");
        QVERIFY(!noise);
        QCOMPARE(noise.error().code, ErrorCode::Malformed);
        const auto missing = Predictor::load(path("missing.pt"), "cpu");
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void selftestPasses() {
        const auto report = selftest("cpu");
        QVERIFY(report);
        QVERIFY(report->find("LibTorch") != std::string::npos);
    }

    void cudaComputesWhatTheProcessorComputes() {
        if (resolvedDevice("auto") == "cpu") QSKIP("This machine has no CUDA device.");
        const auto report = selftest("cuda");
        QVERIFY2(report, report ? "" : report.error().text().c_str());
    }

 private:
    static void checkPredictions(const Predictor& predictor, const Shapes& shapes) {
        PredictOptions options;
        options.embeddings = true;
        options.allClassScores = true;
        options.maxBoxes = 5;
        options.batch = 3;
        const auto predictions = predictor.predict(shapes, options, Job{});
        QVERIFY(predictions);
        QCOMPARE(predictions->size(), shapes.count());
        for (std::size_t i = 0; i < predictions->size(); ++i) {
            const ItemPrediction& p = (*predictions)[i];
            QCOMPARE(p.item, shapes.truth(i).item);
            QCOMPARE(p.embedding.size(), static_cast<std::size_t>(predictor.embeddingSize()));
            QVERIFY(p.boxes.size() <= 5);
            for (std::size_t k = 0; k < p.boxes.size(); ++k) {
                const Detection& d = p.boxes[k];
                QCOMPARE(d.classes.size(), std::size_t{2});
                QVERIFY(d.box == d.box.clampedTo(kInput) && !d.box.empty());
                QVERIFY(k == 0 || d.score <= p.boxes[k - 1].score);
            }
        }
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = predictor.predict(shapes, options, Job(stop.get_token()));
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestDetectorTraining)
#include "tst_detector_training.moc"
