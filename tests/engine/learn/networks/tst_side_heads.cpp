// Heads that look on: they learn, they are kept, and the network beside them is the one that it would be without.

#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/descent/side_descent.h"
#include "engine/learn/detect/inference.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/networks/side_heads.h"
#include "tests/engine/learn/classify/media_items.h"
#include "tests/engine/learn/detect/shapes.h"
#include "tests/engine/learn/drawn_tensor.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::classify;
using namespace querent::learn::descent;
using namespace querent::learn::detect;
using namespace querent::learn::networks;
using namespace querent::learn::files;
namespace fs = std::filesystem;

namespace {

constexpr Size kInput{160, 128};

bool ofSide(const std::string& name) {
    return name.rfind("side.", 0) == 0;
}

std::size_t sideCount(const NamedTensors& tensors) {
    std::size_t count = 0;
    for (const auto& [name, tensor] : tensors)
        count += ofSide(name) ? 1 : 0;
    return count;
}

/** Whether all that is not the side heads' is the same, bit for bit. */
bool sameNetwork(NamedTensors a, NamedTensors b) {
    std::erase_if(a, [](const auto& entry) { return ofSide(entry.first); });
    std::erase_if(b, [](const auto& entry) { return ofSide(entry.first); });
    if (a.size() != b.size()) return false;
    for (const auto& [name, tensor] : a) {
        if (!b.contains(name) || !torch::equal(tensor, b.at(name))) return false;
    }
    return true;
}

/** A folder of its own, and trainings of a few steps into it. */
class Trainings {
 public:
    fs::path path(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

    template <typename Settings>
    Settings settings(const std::string& name, int steps) const {
        Settings settings;
        settings.steps = steps;
        settings.batch = 6;
        settings.device = "cpu";
        settings.threads = 1;
        settings.model = path(name);
        return settings;
    }

    static DetectorConfig detector() {
        DetectorConfig config;
        config.classes = 2;
        config.input = kInput;
        return config;
    }
    static bool train(const TrainingConfig& config, const ItemSource& items, const ItemSource* holdout = nullptr,
                      const fs::path& warm = {}) {
        return DetectorTrainer().train(detector(), config, items, holdout, warm, {}, Job()).ok();
    }

    static ClassifierConfig classifier() {
        ClassifierConfig config;
        config.modalities = {Modality::Image, Modality::Text};
        config.classes = MediaItems::kClasses;
        config.picture = {16, 16};
        config.tokens = 8;
        return config;
    }
    static bool train(const ClassifierTraining& config, const ItemSource& items) {
        return ClassifierTrainer().train(classifier(), config, items, {}, {}, Job()).ok();
    }

 private:
    QTemporaryDir m_folder;
};

}  // namespace

class TestSideHeads : public QObject {
    Q_OBJECT

    Trainings m_trainings;

 private Q_SLOTS:
    void theDetectorIsTheSameWithout() {
        const Shapes shapes(9, 3);
        const Shapes holdout(3, 90);
        auto config = m_trainings.settings<TrainingConfig>("with.model", 7);
        config.evaluateEvery = 3;
        QVERIFY(m_trainings.train(config, shapes, &holdout));
        config.model = m_trainings.path("without.model");
        config.sideHeads = false;
        QVERIFY(m_trainings.train(config, shapes, &holdout));
        const auto with = loadModel(m_trainings.path("with.model"));
        const auto without = loadModel(config.model);
        QVERIFY(with.ok() && without.ok());
        QVERIFY(sameNetwork(with->tensors, without->tensors));
        QCOMPARE(sideCount(with->tensors), std::size_t{9});
        QCOMPARE(sideCount(without->tensors), std::size_t{0});
        config.seed = 2;
        QVERIFY(m_trainings.train(config, shapes, &holdout));
        QVERIFY(!sameNetwork(with->tensors, loadModel(config.model)->tensors));
    }

    void theClassifierIsTheSameWithout() {
        const MediaItems items(30, 5);
        auto config = m_trainings.settings<ClassifierTraining>("with.classifier", 8);
        QVERIFY(m_trainings.train(config, items));
        config.model = m_trainings.path("without.classifier");
        config.sideHeads = false;
        QVERIFY(m_trainings.train(config, items));
        const auto with = loadClassifier(m_trainings.path("with.classifier"));
        const auto without = loadClassifier(config.model);
        QVERIFY(with.ok() && without.ok());
        QVERIFY(sameNetwork(with->tensors, without->tensors));
        QCOMPARE(sideCount(with->tensors), std::size_t{7});
        QCOMPARE(sideCount(without->tensors), std::size_t{0});

        ClassifyOptions options;
        options.features = true;
        const auto known = (*Classifier::load(m_trainings.path("with.classifier"), "cpu"))->predict(items, options, {});
        const auto unknown = (*Classifier::load(config.model, "cpu"))->predict(items, options, {});
        QVERIFY(known.ok() && unknown.ok());
        for (std::size_t i = 0; i < items.count(); ++i) {
            QVERIFY(std::isfinite((*known)[i].expectedLoss));
            QVERIFY(std::isnan((*unknown)[i].expectedLoss));
            QVERIFY((*known)[i].probabilities == (*unknown)[i].probabilities);
        }
        QVERIFY((*known)[0].expectedLoss != (*known)[1].expectedLoss);
        const auto plain = (*Classifier::load(m_trainings.path("with.classifier"), "cpu"))->predict(items, {}, {});
        QVERIFY(std::isnan((*plain)[0].expectedLoss));
    }

    // Both heads move while a network is trained, and a model from before there were any is as good as ever.
    void modelsOfOlderVersionsLoad() {
        const Shapes shapes(6, 3);
        QVERIFY(m_trainings.train(m_trainings.settings<TrainingConfig>("new.model", 5), shapes));
        auto model = loadModel(m_trainings.path("new.model"));
        QVERIFY(model.ok());
        DetectorSide start(64, 2, 1);
        for (const auto& [name, tensor] : sideTensorsOf(start))
            QVERIFY2(!torch::equal(tensor, model->tensors.at(name)), name.c_str());
        PredictOptions options;
        options.scoreThreshold = 0.0;
        options.allClassScores = true;
        const auto now = (*Predictor::load(m_trainings.path("new.model"), "cpu"))->predict(shapes, options, {});
        std::erase_if(model->tensors, [](const auto& entry) { return ofSide(entry.first); });
        QVERIFY(saveModel(m_trainings.path("old.model"), *model).ok());
        const auto loaded = Predictor::load(m_trainings.path("old.model"), "cpu");
        QVERIFY(loaded.ok());
        const auto old = (*loaded)->predict(shapes, options, {});
        QVERIFY(now.ok() && old.ok());
        for (std::size_t i = 0; i < shapes.count(); ++i) {
            QVERIFY(std::isfinite((*now)[i].expectedLoss) && (*now)[i].discrepancy > 0.0);
            QVERIFY(std::isnan((*old)[i].expectedLoss) && (*old)[i].discrepancy < 0.0);
            QCOMPARE((*now)[i].boxes.size(), (*old)[i].boxes.size());
        }
        auto warm = m_trainings.settings<TrainingConfig>("warm.model", 2);
        QVERIFY(m_trainings.train(warm, shapes, nullptr, m_trainings.path("old.model")));
        QCOMPARE(sideCount(loadModel(warm.model)->tensors), std::size_t{9});
    }

    void aWarmStartCarriesTheSecondOpinion() {
        const Shapes shapes(6, 3);
        QVERIFY(m_trainings.train(m_trainings.settings<TrainingConfig>("ab.model", 4), shapes));
        auto still = m_trainings.settings<TrainingConfig>("ba.model", 1);
        still.learningRate = 1e-12;
        still.warmClasses = {1, -1};
        QVERIFY(m_trainings.train(still, shapes, nullptr, m_trainings.path("ab.model")));
        const torch::Tensor old = loadModel(m_trainings.path("ab.model"))->tensors.at("side.classes.weight");
        const torch::Tensor now = loadModel(still.model)->tensors.at("side.classes.weight");
        QVERIFY(torch::allclose(now[0], old[1], 1e-4, 1e-6));
        QVERIFY(!torch::allclose(now[1], old[0], 1e-4, 1e-6) && !torch::allclose(now[1], old[1], 1e-4, 1e-6));
    }

    void aCheckpointWithoutThemIsNoHindrance() {
        DetectorSide side(8, 2, 4);
        const TrainingSettings settings;
        SideDescent descent(side, settings);
        const NamedTensors before = sideTensorsOf(side);
        descent.restore({});
        descent.restore({{"weights", torch::zeros({3})}});
        for (const auto& [name, tensor] : sideTensorsOf(side))
            QVERIFY(torch::equal(tensor, before.at(name)));
    }

    void boxesCarryWhatTheTowerSaw() {
        const Shapes shapes(3, 8);
        QVERIFY(m_trainings.train(m_trainings.settings<TrainingConfig>("features.model", 40), shapes));
        const auto predictor = *Predictor::load(m_trainings.path("features.model"), "cpu");
        PredictOptions options;
        options.allClassScores = true;
        std::vector<double> scores;
        const auto first = predictor->predict(shapes, options, {});
        for (const ItemPrediction& seen : *first) {
            for (const Detection& box : seen.boxes)
                scores.push_back(box.score);
        }
        std::nth_element(scores.begin(), scores.begin() + std::ptrdiff_t(scores.size() / 2), scores.end());
        options.featuresFrom = scores[scores.size() / 2];
        const auto once = predictor->predict(shapes, options, {});
        const auto again = predictor->predict(shapes, options, {});
        QVERIFY(once.ok() && again.ok());
        std::size_t with = 0;
        std::size_t without = 0;
        for (std::size_t i = 0; i < shapes.count(); ++i) {
            QVERIFY(!(*once)[i].boxes.empty());
            for (std::size_t k = 0; k < (*once)[i].boxes.size(); ++k) {
                const Detection& box = (*once)[i].boxes[k];
                QCOMPARE(box.features.size(), std::size_t{box.score >= options.featuresFrom ? 64U : 0U});
                QVERIFY(box.features == (*again)[i].boxes[k].features);
                ++(box.features.empty() ? without : with);
            }
        }
        QVERIFY(with > 1 && without > 0);
        const auto plain = predictor->predict(shapes, {}, {});
        QVERIFY((*plain)[0].boxes[0].features.empty());
    }

    // Of all locations, the one where the box was found.
    void featuresAreThoseOfTheirLocation() {
        torch::Tensor classes = torch::full({30, 2}, -9.0);
        classes[7][1] = 4.0;
        classes[21][0] = 2.0;
        torch::Tensor boxes = torch::empty({30, 4});
        for (std::int64_t i = 0; i < 30; ++i)
            boxes[i].copy_(torch::tensor({2.F * float(i), 0.F, 2.F * float(i) + 2.F, 9.F}));
        const torch::Tensor tower = drawn({30, 5}, 3);
        PredictOptions options;
        options.allClassScores = true;
        options.scoreThreshold = 0.3;
        const auto found = detectionsOf(classes, boxes, torch::full({30}, 5.0), tower, {64, 64}, {128, 64}, options);
        QCOMPARE(found.size(), std::size_t{2});
        for (const auto& [k, place] : {std::pair{0, 7}, std::pair{1, 21}}) {
            const Detection& box = found[static_cast<std::size_t>(k)];
            QCOMPARE(box.box.left, 4.0 * place);
            for (std::int64_t i = 0; i < 5; ++i)
                QCOMPARE(box.features[static_cast<std::size_t>(i)], tower[place][i].item<float>());
        }
    }

    void rankingLossByHand() {
        const torch::Tensor expected = torch::tensor({2.0F, 0.5F, 7.0F, 0.0F, 1.0F}).requires_grad_(true);
        const torch::Tensor losses = torch::tensor({3.0F, 0.2F, 9.0F, 0.9F, 1.0F});
        // Pairs (0, 4): right by 1, so 0; (1, 3): wrong by 0.5, so 1.5; the one in the middle has no partner.
        const torch::Tensor loss = rankingLoss(expected, losses);
        QVERIFY(std::abs(loss.item<double>() - 0.75) < 1e-6);
        loss.backward();
        QCOMPARE(expected.grad()[1].item<double>(), 0.5);
        QCOMPARE(expected.grad()[3].item<double>(), -0.5);
        QCOMPARE(expected.grad()[2].item<double>(), 0.0);
        QCOMPARE(rankingLoss(torch::ones({1}), torch::ones({1})).item<double>(), 0.0);
    }

    void discrepancyByHand() {
        const torch::Tensor first = drawn({2, 40, 3}, 1);
        const torch::Tensor second = drawn({2, 40, 3}, 2);
        const torch::Tensor all = discrepancyOf(first, second);
        for (std::int64_t n = 0; n < 2; ++n) {
            double sum = 0.0;
            for (std::int64_t l = 0; l < 40; ++l) {
                for (std::int64_t c = 0; c < 3; ++c) {
                    const auto p = [&](const torch::Tensor& t) {
                        return 1.0 / (1.0 + std::exp(-t[n][l][c].item<double>()));
                    };
                    sum += std::pow(p(first) - p(second), 2.0) / 3.0 / 40.0;
                }
            }
            QVERIFY(std::abs(all[n].item<double>() - sum) < 1e-6);
        }
        QCOMPARE(discrepancyOf(first, first).sum().item<double>(), 0.0);
        // Of more than 10,000 locations the ones that differ least do not count.
        torch::Tensor many = torch::zeros({1, 12000, 1});
        many.narrow(1, 500, 5000).fill_(30.0);
        QVERIFY(std::abs(discrepancyOf(many, torch::zeros_like(many))[0].item<double>() - 0.5 * 0.25) < 1e-6);
    }

    void theLossHeadLearnsAnOrder() {
        LossHead head(std::vector<std::int64_t>{4, 6});
        TrainingSettings settings;
        settings.weightDecay = 0.0;
        settings.emaDecay = 0.9;
        SideDescent descent(*head, settings);
        const auto losses = [](const torch::Tensor& a, const torch::Tensor& b) {
            return a.select(1, 0) + b.select(1, 3).abs();
        };
        for (int step = 1; step <= 300; ++step) {
            const torch::Tensor a = drawn({32, 4}, static_cast<std::uint64_t>(2 * step));
            const torch::Tensor b = drawn({32, 6}, static_cast<std::uint64_t>(2 * step + 1));
            descent.step(rankingLoss(head->forward({a, b}), losses(a, b)), step, 5e-3);
        }
        descent.takeAverage();
        const torch::Tensor a = drawn({400, 4}, 9001);
        const torch::Tensor b = drawn({400, 6}, 9002);
        const torch::Tensor expected = head->forward({a, b}).detach();
        const torch::Tensor truth = losses(a, b);
        const torch::Tensor right = ((expected - expected.flip(0)) * (truth - truth.flip(0))).gt(0.0);
        const double share = right.to(torch::kFloat).mean().item<double>();
        QVERIFY2(share > 0.85, qPrintable(QString::number(share)));
    }
};

QTEST_GUILESS_MAIN(TestSideHeads)
#include "tst_side_heads.moc"
