// Training and asking a classifier on generated items of one, two and three media.
#include "engine/learn/classify/classifier.h"
#include "engine/learn/metrics/classification.h"
#include "tests/engine/learn/classify/media_items.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <thread>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::classify;
using namespace querent::learn::detect;
using namespace querent::learn::metrics;
namespace fs = std::filesystem;

namespace {

bool alike(const std::vector<float>& a, const std::vector<float>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return std::abs(x - y) < 1e-4F; });
}

const std::vector<Modality> kAll = {Modality::Image, Modality::Audio, Modality::Text};

ClassifierConfig network(std::vector<Modality> modalities = kAll) {
    ClassifierConfig config;
    config.modalities = std::move(modalities);
    config.classes = MediaItems::kClasses;
    config.picture = {16, 16};
    config.bands = MediaItems::kBands;
    config.columns = 16;
    config.tokens = 8;
    return config;
}

double top1(const Classifier& classifier, const MediaItems& items, const ClassifyOptions& options = {}) {
    const auto predictions = classifier.predict(items, options, Job{});
    if (!predictions) return -1.0;
    const auto summary = learn::metrics::evaluateClasses(items.truths(), *predictions, MediaItems::kClasses, false);
    return summary ? summary->figures.top1 : -1.0;
}

}  // namespace

class TestClassifier : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    ClassifierTraining quick(const char* name, int steps) const {
        ClassifierTraining training;
        training.steps = steps;
        training.batch = 16;
        training.device = "cpu";
        training.threads = 1;  // two that wait for one another on a busy machine take minutes
        training.model = path(name);
        return training;
    }

    std::shared_ptr<const Classifier> trained(const ClassifierConfig& config, const ItemSource& items,
                                              const ClassifierTraining& training) const {
        const auto outcome = ClassifierTrainer().train(config, training, items, {}, {}, Job{});
        if (!outcome) {
            qWarning("%s", outcome.error().text().c_str());
            return nullptr;
        }
        const auto loaded = Classifier::load(training.model, "cpu");
        return loaded ? *loaded : nullptr;
    }

    static std::string bytesOf(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

 private Q_SLOTS:
    void learnsEachModalityAlone_data() {
        QTest::addColumn<int>("modality");
        QTest::newRow("image") << int(Modality::Image);
        QTest::newRow("audio") << int(Modality::Audio);
        QTest::newRow("text") << int(Modality::Text);
    }
    void learnsEachModalityAlone() {
        QFETCH(int, modality);
        const auto classifier =
            trained(network({static_cast<Modality>(modality)}), MediaItems(36, 1), quick("alone.pt", 60));
        QVERIFY(classifier != nullptr);
        QVERIFY2(top1(*classifier, MediaItems(60, 500)) > 0.8, "chance is 0.33");
    }

    // Whatever an item lacks, in training and when it is asked about: what is there decides.
    void anySubsetOfThreeMediaMayBeMissing() {
        const auto present = [](std::size_t i, Modality modality) {
            const std::size_t subset = 1 + (i / MediaItems::kClasses) % 7;  // each of the seven non-empty ones
            return (subset >> static_cast<std::size_t>(modality) & 1U) != 0;
        };
        const auto classifier = trained(network(), MediaItems(84, 1, present), quick("subsets.pt", 120));
        QVERIFY(classifier != nullptr);
        const MediaItems unseen(84, 900, present);
        QVERIFY(top1(*classifier, unseen) > 0.8);
        ClassifyOptions options;
        options.features = true;
        const auto predictions = classifier->predict(unseen, options, Job{});
        QVERIFY(predictions.ok());
        QCOMPARE(predictions->size(), unseen.count());
        for (std::size_t i = 0; i < predictions->size(); ++i) {
            const ItemPrediction& one = (*predictions)[i];
            double sum = 0.0;
            for (const float p : one.probabilities)
                sum += static_cast<double>(p);
            QVERIFY(std::abs(sum - 1.0) < 1e-5);
            QVERIFY(!one.embedding.empty());
            for (std::size_t m = 0; m < kAll.size(); ++m) {
                QCOMPARE(one.evidence[m].empty(), !present(i, kAll[m]));
                QCOMPARE(one.features[m].empty(), !present(i, kAll[m]));
                for (const float alpha : one.evidence[m])
                    QVERIFY(alpha > 1.0F);
            }
        }
    }

    void doesWithoutAModalityAtPrediction() {
        const MediaItems items(48, 1);
        const auto classifier = trained(network(), items, quick("without.pt", 90));
        QVERIFY(classifier != nullptr);
        for (const Modality left : kAll) {
            ClassifyOptions options;
            for (const Modality modality : kAll) {
                if (modality != left) options.without.push_back(modality);
            }
            QVERIFY(top1(*classifier, MediaItems(60, 700), options) > 0.7);
        }
    }

    void answersWithFeaturesDropped() {
        const auto classifier = trained(network(), MediaItems(36, 1), quick("dropped.pt", 40));
        QVERIFY(classifier != nullptr);
        const MediaItems items(12, 700);
        ClassifyOptions options;
        options.dropoutSamples = 5;
        const auto first = classifier->predict(items, options, Job{}).value();
        options.batch = 5;  // what else is asked about does not matter
        const auto again = classifier->predict(items, options, Job{}).value();
        options.dropoutSeed = 2;
        const auto other = classifier->predict(items, options, Job{}).value();
        options.dropout = 0.0;
        const auto whole = classifier->predict(items, options, Job{}).value();
        bool differs = false;
        for (std::size_t i = 0; i < items.count(); ++i) {
            QCOMPARE(first[i].samples.size(), 5U);
            for (std::size_t t = 0; t < 5; ++t) {
                QVERIFY(alike(first[i].samples[t], again[i].samples[t]));
                QVERIFY(alike(whole[i].samples[t], first[i].probabilities));
                differs = differs || !alike(first[i].samples[t], other[i].samples[t]);
            }
            QVERIFY(alike(first[i].probabilities, again[i].probabilities));
        }
        QVERIFY(differs);
    }

    void answersFromEachSetOfMedia() {
        const auto present = [](std::size_t i, Modality modality) { return i % 3 != 0 || modality != Modality::Audio; };
        const auto classifier = trained(network(), MediaItems(36, 1), quick("sets.pt", 40));
        QVERIFY(classifier != nullptr);
        const MediaItems items(12, 700, present);
        ClassifyOptions options;
        options.coalitions = true;
        options.features = true;
        const auto found = classifier->predict(items, options, Job{}).value();
        for (std::size_t set = 0; set < 8; ++set) {
            ClassifyOptions some;
            for (std::size_t m = 0; m < kAll.size(); ++m) {
                if ((set >> m & 1U) == 0) some.without.push_back(kAll[m]);
            }
            const auto expected = classifier->predict(items, some, Job{}).value();
            for (std::size_t i = 0; i < items.count(); ++i) {
                QCOMPARE(found[i].coalitions.size(), 8U);
                QVERIFY(alike(found[i].coalitions[set], expected[i].probabilities));
            }
        }
        for (const ItemPrediction& item : found)
            QVERIFY(item.toBorder > 0.0 && std::isfinite(item.toBorder));
    }

    // Ten windows long: the middle says one thing, all the rest another.
    void hearsLongSoundsToTheirEnds() {
        class Long : public MediaItems {
         public:
            using MediaItems::MediaItems;
            Result<Content> content(std::size_t index, Modality modality, Size) const override {
                if (modality != Modality::Audio) return Content();
                const auto columns = static_cast<std::size_t>(index == 0 ? 160 : 24);
                Rng rng(index, "long");
                Matrix sound(columns, kBands);
                for (std::size_t column = 0; column < columns; ++column) {
                    const bool middle = 2 * column + 24 > columns && 2 * column < columns + 24;
                    for (std::size_t band = 0; band < kBands; ++band) {
                        const bool loud = band / 5 == (middle ? 2U : 0U);
                        sound.at(column, band) = static_cast<float>(rng.uniform(-60.0, -40.0) + (loud ? 25.0 : 0.0));
                    }
                }
                return Content(std::move(sound));
            }
        };
        const auto classifier = trained(network({Modality::Audio}), MediaItems(36, 1), quick("long.pt", 90));
        QVERIFY(classifier != nullptr);
        ClassifyOptions options;
        options.features = true;
        options.batch = 4;  // less than the long one has rows
        const auto seen = classifier->predict(Long(2, 1), options, Job{});
        QVERIFY2(seen.ok(), seen ? "" : seen.error().text().c_str());
        QCOMPARE(seen->size(), std::size_t{2});
        const ItemPrediction& all = (*seen)[0];
        const ItemPrediction& middle = (*seen)[1];  // one and a half windows: the middle only, as ever
        QCOMPARE(all.item, 1);
        QCOMPARE(middle.item, 2);
        QVERIFY(all.probabilities[0] > 0.6F && all.probabilities[2] < 0.4F);
        QVERIFY(middle.probabilities[2] > 0.6F);
        QVERIFY(std::abs(all.probabilities[0] + all.probabilities[1] + all.probabilities[2] - 1.0F) < 1e-5F);
        QVERIFY(all.evidence[0][0] > all.evidence[0][2]);
        QCOMPARE(all.embedding.size(), middle.embedding.size());
    }

    void severalClassesAnItem() {
        class Both : public MediaItems {
         public:
            using MediaItems::MediaItems;
            ItemTruth truth(std::size_t index) const override {
                ItemTruth truth = MediaItems::truth(index);
                const int label = truth.labels.front();
                // The third class is "neither", and class 1 always comes with class 0.
                truth.labels = label == 2   ? std::vector<int>()
                               : label == 1 ? std::vector<int>{0, 1}
                                            : std::vector<int>{0};
                return truth;
            }
        };
        ClassifierConfig config = network({Modality::Image});
        config.classes = 2;
        config.multiLabel = true;
        const auto classifier = trained(config, Both(48, 1), quick("multi.pt", 80));
        QVERIFY(classifier != nullptr);
        const Both unseen(60, 300);
        const auto predictions = classifier->predict(unseen, {}, Job{});
        QVERIFY(predictions.ok());
        std::vector<ItemTruth> truths;
        for (std::size_t i = 0; i < unseen.count(); ++i)
            truths.push_back(unseen.truth(i));
        const auto summary = learn::metrics::evaluateClasses(truths, *predictions, 2, true);
        QVERIFY(summary.ok());
        QVERIFY(summary->figures.map > 0.9);
        QVERIFY(summary->figures.macroF1 > 0.8);
    }

    void sameSeedSameWeightsAlsoAfterAnInterruption() {
        const MediaItems items(24, 1);
        ClassifierTraining training = quick("whole.pt", 12);
        QVERIFY(trained(network(), items, training) != nullptr);
        training.model = path("again.pt");
        QVERIFY(trained(network(), items, training) != nullptr);
        QCOMPARE(bytesOf(path("again.pt")), bytesOf(path("whole.pt")));

        training.model = path("resumed.pt");
        training.checkpoint = path("resumed.checkpoint");
        training.checkpointEvery = 5;
        std::stop_source stop;
        const auto observer = [&](const TrainingStep& step) {
            if (step.step == 7) stop.request_stop();
        };
        const auto cut = ClassifierTrainer().train(network(), training, items, {}, observer, Job(stop.get_token()));
        QCOMPARE(cut.error().code, ErrorCode::Cancelled);
        QVERIFY(fs::exists(training.checkpoint));
        QVERIFY(trained(network(), items, training) != nullptr);
        QCOMPARE(bytesOf(path("resumed.pt")), bytesOf(path("whole.pt")));
        QVERIFY(!fs::exists(training.checkpoint));
        training.seed = 2;
        training.model = path("other.pt");
        QVERIFY(trained(network(), items, training) != nullptr);
        QVERIFY(bytesOf(path("other.pt")) != bytesOf(path("whole.pt")));
    }

    // The model goes on with what it knows when a class is added in front.
    void startsWarmWithClassesInAnotherOrder() {
        class Shifted : public MediaItems {
         public:
            using MediaItems::MediaItems;
            ItemTruth truth(std::size_t index) const override {
                ItemTruth truth = MediaItems::truth(index);
                truth.labels.front() += 1;
                return truth;
            }
        };
        QVERIFY(trained(network(), MediaItems(48, 1), quick("first.pt", 80)) != nullptr);
        ClassifierConfig config = network();
        config.classes = 4;
        ClassifierTraining training = quick("second.pt", 1);
        training.learningRate = 1e-6;
        training.warmClasses = {-1, 0, 1, 2};
        const Shifted items(30, 400);
        QVERIFY(ClassifierTrainer().train(config, training, items, path("first.pt"), {}, Job{}).ok());
        const auto classifier = Classifier::load(path("second.pt"), "cpu");
        QVERIFY(classifier.ok());
        const auto predictions = (*classifier)->predict(items, {}, Job{});
        QVERIFY(predictions.ok());
        int right = 0;
        for (std::size_t i = 0; i < items.count(); ++i) {
            const auto& p = (*predictions)[i].probabilities;
            const auto best = std::max_element(p.begin() + 1, p.end()) - p.begin();
            right += best == items.truth(i).labels.front() ? 1 : 0;
        }
        QVERIFY2(right >= 24, "of 30");
    }

    void refusesWhatMakesNoSense() {
        const MediaItems items(6, 1);
        const auto refusal = [&](const ClassifierConfig& config, const ClassifierTraining& training) {
            const auto outcome = ClassifierTrainer().train(config, training, items, {}, {}, Job{});
            return outcome ? std::nullopt : std::optional(outcome.error().code);
        };
        QVERIFY(refusal(network({}), quick("x.pt", 1)) == ErrorCode::InvalidArgument);
        QVERIFY(refusal(network({Modality::Text, Modality::Text}), quick("x.pt", 1)) == ErrorCode::InvalidArgument);
        ClassifierConfig few = network();
        few.classes = 2;  // the items have three
        QVERIFY(refusal(few, quick("x.pt", 1)) == ErrorCode::InvalidArgument);
        const MediaItems nothing(6, 1, [](std::size_t, Modality modality) { return modality == Modality::Text; });
        const auto outcome =
            ClassifierTrainer().train(network({Modality::Image}), quick("x.pt", 1), nothing, {}, {}, Job{});
        QVERIFY(!outcome.ok());
        QVERIFY(outcome.error().sentence.find("none of the media") != std::string::npos);
        std::ofstream(path("junk.pt")) << "junk";
        QCOMPARE(Classifier::load(path("junk.pt"), "cpu").error().code, ErrorCode::Malformed);
        QCOMPARE(Classifier::load(path("none.pt"), "cpu").error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestClassifier)
#include "tst_classifier.moc"
