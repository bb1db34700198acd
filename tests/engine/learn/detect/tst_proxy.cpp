// Short trainings of a copy of a model on labels and on items without answers.

#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_proxy.h"
#include "engine/learn/detect/proxy_parts.h"
#include "engine/learn/detect/proxy_trainer.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/losses/consistency.h"
#include "engine/learn/networks/locations.h"
#include "tests/engine/learn/classify/media_items.h"
#include "tests/engine/learn/detect/shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::classify;
using namespace querent::learn::detect;
using namespace querent::learn::losses;
using namespace querent::learn::networks;
namespace fs = std::filesystem;

namespace {

constexpr Size kInput{160, 128};

std::vector<std::size_t> firstPlaces(std::size_t count) {
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
}

/** Random answers for `input`: boxes of which left is left of right. */
DetectorOutput randomAnswer(Size input, int pictures, int classes, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    const auto count = static_cast<std::int64_t>(locationsOf(input).count());
    const torch::Tensor low = torch::rand({pictures, count, 2}, generator) * 60;
    const torch::Tensor size = torch::rand({pictures, count, 2}, generator) * 60 + 4;
    return {torch::randn({pictures, count, classes}, generator), torch::cat({low, low + size}, 2),
            torch::randn({pictures, count}, generator)};
}

/** What a network without any preference of side would answer for the twin. */
DetectorOutput mirroredAnswer(const DetectorOutput& answer, const Twin& twin) {
    const SharedLocations shared = sharedLocations(twin);
    DetectorOutput out{torch::zeros_like(answer.classes), torch::zeros_like(answer.boxes), answer.quality};
    const torch::Tensor boxes = answer.boxes.index_select(1, shared.here);
    torch::Tensor moved = boxes + static_cast<double>(twin.moved) * torch::tensor({1.0F, 0.0F, 1.0F, 0.0F});
    if (twin.mirrored) {
        moved = boxes.clone();
        moved.select(2, 0).copy_(twin.input.width - boxes.select(2, 2));
        moved.select(2, 2).copy_(twin.input.width - boxes.select(2, 0));
    }
    out.classes.index_copy_(1, shared.there, answer.classes.index_select(1, shared.here));
    out.boxes.index_copy_(1, shared.there, moved);
    return out;
}

/** Items whose labels nobody can guess, so that every change of a model shows in what it gets right. */
class Riddles : public MediaItems {
 public:
    using MediaItems::MediaItems;
    ItemTruth truth(std::size_t index) const override {
        ItemTruth truth = MediaItems::truth(index);
        truth.labels = {static_cast<int>(Rng(index).index(kClasses))};
        return truth;
    }
};

}  // namespace

class TestProxy : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_detector, m_classifier;
    Shapes m_labelled{8, 1}, m_pool{12, 200}, m_holdout{24, 500};

    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    static ProxySettings quick() {
        ProxySettings settings;
        settings.steps = 4;
        settings.device = "cpu";
        return settings;
    }

    Proxy proxy(const ProxySettings& settings) const {
        auto made = makeDetectorProxy(m_detector, m_labelled, m_pool, m_holdout, settings, Job());
        return made ? std::move(made).value() : Proxy();
    }

 private Q_SLOTS:
    void initTestCase() {
        DetectorConfig detector;
        detector.classes = 2;
        detector.input = kInput;
        TrainingConfig training;
        training.steps = 50;
        training.device = "cpu";
        training.threads = 1;
        training.model = m_detector = path("detector.pt");
        QVERIFY(DetectorTrainer().train(detector, training, m_labelled, nullptr, {}, {}, Job()));
        ClassifierConfig classifier;
        classifier.modalities = {Modality::Image, Modality::Audio, Modality::Text};
        classifier.classes = MediaItems::kClasses;
        classifier.picture = {16, 16};
        classifier.bands = MediaItems::kBands;
        classifier.columns = 16;
        classifier.tokens = 8;
        ClassifierTraining learning;
        learning.steps = 12;
        learning.batch = 16;
        learning.device = "cpu";
        learning.threads = 1;
        learning.model = m_classifier = path("classifier.pt");
        QVERIFY(ClassifierTrainer().train(classifier, learning, Riddles(24, 1), {}, {}, Job()));
    }

    void looksThatAgreeCostNothing_data() {
        QTest::addColumn<bool>("mirrored");
        QTest::newRow("mirrored") << true;
        QTest::newRow("moved") << false;
    }
    void looksThatAgreeCostNothing() {
        QFETCH(bool, mirrored);
        const Twin twin{{160, 96}, mirrored, mirrored ? 0 : 32};
        const SharedLocations shared = sharedLocations(twin);
        const DetectorOutput answer = randomAnswer(twin.input, 2, 3, 1);
        DetectorOutput other = mirroredAnswer(answer, twin);
        const double none = consistencyLoss(answer, other, twin, shared).item<double>();
        QVERIFY2(std::abs(none) < 1e-9, qPrintable(QString::number(none)));
        // One location of one picture in the foreground that differs.
        other.boxes = other.boxes + 5.0;
        QVERIFY(consistencyLoss(answer, other, twin, shared).item<double>() > 1e-3);
        other = mirroredAnswer(answer, twin);
        other.classes = other.classes + 1.0;
        QVERIFY(consistencyLoss(answer, other, twin, shared).item<double>() > 1e-3);
        DetectorOutput nothing = answer;
        nothing.classes = answer.classes - 20.0;
        QCOMPARE(consistencyLoss(nothing, other, twin, shared).item<double>(), 0.0);
    }

    // A spot of the picture is seen by the location over it, in the picture and in its twin.
    void twinsShowTheSamePlaces() {
        for (const bool mirrored : {true, false}) {
            const Twin twin{{96, 64}, mirrored, mirrored ? 0 : 32};
            const SharedLocations shared = sharedLocations(twin);
            const Locations locations = locationsOf(twin.input);
            torch::Tensor picture = torch::arange(96.0).view({1, 1, 1, 96}).expand({1, 3, 64, 96}).contiguous();
            const torch::Tensor changed = twinOf(picture, twin);
            QCOMPARE(changed.sizes(), picture.sizes());
            for (std::int64_t k = 0; k < shared.here.size(0); ++k) {
                const auto here = static_cast<std::size_t>(shared.here[k].item<std::int64_t>());
                const auto there = static_cast<std::size_t>(shared.there[k].item<std::int64_t>());
                QCOMPARE(locations.y[here], locations.y[there]);
                QCOMPARE(locations.level[here], locations.level[there]);
                const auto column = static_cast<std::int64_t>(locations.x[there]);
                const float shown = changed[0][0][0][column].item<float>();
                QVERIFY(std::abs(shown - locations.x[here]) <= 1.0F);
            }
        }
    }

    void classesThatAgreeCostNothing() {
        const torch::Tensor a = torch::tensor({{1.0F, -2.0F, 0.5F}, {0.0F, 3.0F, 0.0F}});
        const torch::Tensor b = torch::tensor({{1.5F, -2.0F, 0.5F}, {0.0F, 3.0F, -1.0F}});
        for (const bool multi : {true, false}) {
            QCOMPARE(consistencyLoss(a, a, multi).item<double>(), 0.0);
            QVERIFY(consistencyLoss(a, b, multi).item<double>() > 1e-3);
            QVERIFY(std::abs(consistencyLoss(a, b, multi).item<double>() -
                             consistencyLoss(b, a, multi).item<double>()) < 1e-6);
        }
        QVERIFY(std::abs(consistencyLoss(a, a + 2.0, false).item<double>()) < 1e-6);
    }

    void weightsRiseAndFall() {
        std::vector<double> weights;
        for (int step = 0; step < 100; ++step)
            weights.push_back(consistencyWeight(step, 100));
        QVERIFY(weights.front() < 0.01 && weights.back() < 0.01);
        QVERIFY(std::is_sorted(weights.begin(), weights.begin() + 50));
        QVERIFY(std::is_sorted(weights.rbegin(), weights.rbegin() + 50));
        QCOMPARE(weights[50], 1.0);
        QVERIFY(std::isfinite(consistencyWeight(0, 1)));
    }

    void itemsTakeTurns() {
        const std::vector<std::size_t> batch{4, 9, 2, 7, 5};
        std::multiset<std::size_t> drawn;
        for (int step = 0; step < 5; ++step) {
            const auto some = drawnFrom(batch, step, 3, 1);
            QCOMPARE(some, drawnFrom(batch, step, 3, 1));
            drawn.insert(some.begin(), some.end());
        }
        for (const std::size_t place : batch)
            QCOMPARE(drawn.count(place), 3U);
        QVERIFY(drawnFrom({}, 0, 3, 1).empty());
    }

    void largeHoldoutsAreSampled() {
        const auto some = somePlaces(m_holdout, 10, 1);
        QCOMPARE(some.size(), 10U);
        QVERIFY(std::adjacent_find(some.begin(), some.end(), std::greater_equal<>()) == some.end());
        QVERIFY(some.back() < m_holdout.count());
        QCOMPARE(somePlaces(m_holdout, 10, 1), some);
        QVERIFY(somePlaces(m_holdout, 10, 2) != some);
        QCOMPARE(somePlaces(m_holdout, 60, 1), firstPlaces(m_holdout.count()));
    }

    void runsAreRepeatableAndDifferByTheirBatch() {
        const auto one = proxy(quick());
        QVERIFY(one.ofPool);
        const double alone = one.ofPool({}, Job()).value();
        QVERIFY(alone > 0.1 && alone <= 1.0);
        ProxySettings strong = quick();
        strong.consistency = 50.0;
        strong.learningRate = 4e-3;
        const auto two = proxy(strong);
        std::set<double> values;
        for (std::size_t i = 0; i < 3; ++i) {
            const std::vector<std::size_t> batch{i, i + 4, i + 8};
            const double value = two.ofPool(batch, Job()).value();
            QCOMPARE(two.ofPool(batch, Job()).value(), value);  // whatever was tried in between
            values.insert(value);
        }
        values.insert(two.ofPool({}, Job()).value());
        QVERIFY(values.size() > 2);
        QCOMPARE(one.ofPool({}, Job()).value(), alone);
        QCOMPARE(proxy(quick()).ofPool({}, Job()).value(), alone);
    }

    void answersTeach() {
        ProxySettings settings = quick();
        settings.answeredSteps = 20;
        const auto made = proxy(settings);
        const std::vector<std::size_t> learnt{0, 3, 6, 9, 12}, measured{1, 2, 4, 5, 7, 8};
        const double without = made.ofAnswered({}, measured, Job()).value();
        const double with = made.ofAnswered(learnt, measured, Job()).value();
        QVERIFY(without > 0.1 && with > 0.1 && with != without);
        QCOMPARE(made.ofAnswered(learnt, measured, Job()).value(), with);
        const double alone = made.ofPool({}, Job()).value();
        QCOMPARE(proxy(settings).ofPool({}, Job()).value(), alone);  // whatever was learnt in between
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = made.ofAnswered(learnt, measured, Job(stop.get_token()));
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void picturesThatAreNotKeptAreSeenAgain() {
        ProxySettings forgetful = quick();
        forgetful.cacheBytes = 0;
        const auto places = firstPlaces(3);
        QCOMPARE(proxy(forgetful).ofPool(places, Job()).value(), proxy(quick()).ofPool(places, Job()).value());
    }

    void soundsAreMovedInstead() {
        ProxySettings settings = quick();
        settings.mirror = false;
        QVERIFY(proxy(settings).ofPool(firstPlaces(3), Job()).value() > 0.0);
    }

    void problemsAreTold() {
        const Shapes none(0, 1);
        const auto unlabelled = makeDetectorProxy(m_detector, none, m_pool, m_holdout, quick(), Job());
        QCOMPARE(unlabelled.error().code, ErrorCode::InvalidArgument);
        const auto unmeasured = makeDetectorProxy(m_detector, m_labelled, m_pool, none, quick(), Job());
        QCOMPARE(unmeasured.error().code, ErrorCode::InvalidArgument);
        const auto missing = makeDetectorProxy(path("none.pt"), m_labelled, m_pool, m_holdout, quick(), Job());
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        std::stop_source stop;
        stop.request_stop();
        const Job stopped(stop.get_token());
        QCOMPARE(proxy(quick()).ofPool(firstPlaces(2), stopped).error().code, ErrorCode::Cancelled);
        const auto cancelled = makeDetectorProxy(m_detector, m_labelled, m_pool, m_holdout, quick(), stopped);
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    }

    void classifiersToo() {
        ProxySettings settings = quick();
        settings.steps = 15;
        settings.labelled = 8;
        settings.unlabelled = 8;
        settings.learningRate = 1e-2;
        const Riddles labelled(24, 1), pool(40, 300), holdout(90, 700);
        const auto made = makeClassifierProxy(m_classifier, labelled, pool, holdout, settings, Job());
        QVERIFY(made);
        const double alone = made->ofPool({}, Job()).value();
        QVERIFY(alone > 0.1 && alone < 0.9);
        std::set<double> values{alone};
        for (std::size_t i = 0; i < 8; ++i) {
            const std::vector<std::size_t> batch{i, i + 8, i + 16, i + 24, i + 32};
            const double value = made->ofPool(batch, Job()).value();
            QCOMPARE(made->ofPool(batch, Job()).value(), value);
            values.insert(value);
        }
        QVERIFY(values.size() > 1);
        QCOMPARE(made->ofPool({}, Job()).value(), alone);
        // Riddles can be learnt by heart only.
        const auto known = firstPlaces(8);
        const double guessed = made->ofAnswered({}, known, Job()).value();
        const double learnt = made->ofAnswered(known, known, Job()).value();
        QVERIFY2(learnt > guessed + 0.2, qPrintable(QString("%1 %2").arg(learnt).arg(guessed)));
        const auto unlabelled = makeClassifierProxy(m_classifier, Riddles(0, 1), pool, holdout, settings, Job());
        QCOMPARE(unlabelled.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestProxy)
#include "tst_proxy.moc"
