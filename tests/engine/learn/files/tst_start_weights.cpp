// Networks that start from the weights that come with the program: what is taken over, what stays as it is, and what
// a model file needs afterwards.

#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/descent/optimiser.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/files/start_weights.h"
#include "tests/engine/learn/classify/media_items.h"
#include "tests/engine/learn/detect/shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::files;
namespace fs = std::filesystem;

namespace {

/** The tensors of `start` under a prefix that training left exactly as they were, and how many there are. */
std::pair<int, int> untouched(const NamedTensors& start, const NamedTensors& trained, const std::string& prefix,
                              const std::string& layer) {
    int same = 0;
    int all = 0;
    for (const auto& [name, tensor] : start) {
        if (!name.starts_with(layer)) continue;
        ++all;
        const auto now = trained.find(prefix + name);
        if (now != trained.end() && torch::equal(now->second, tensor)) ++same;
    }
    return {same, all};
}

NamedTensors backboneStart() {
    const auto start = startWeights();
    return start ? partOf(start->tensors, "backbone.") : NamedTensors{};
}

template <typename Training>
Training quick(Training training, const fs::path& model) {
    training.steps = 2;
    training.batch = 8;
    training.device = "cpu";
    training.threads = 1;
    training.sideHeads = false;
    training.emaDecay = 0.0;
    training.model = model;
    return training;
}

}  // namespace

class TestStartWeights : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

 private Q_SLOTS:
    void lieBesideTheProgram() {
        const auto start = startWeights();
        QVERIFY2(start, start ? "" : start.error().text().c_str());
        const auto file = readTensors(QUERENT_START_WEIGHTS);
        QVERIFY(file.ok());
        QCOMPARE(start->tensors.size(), file->tensors.size());
        // The source looks at blue, green, red; everything here at red, green, blue.
        const torch::Tensor theirs = file->tensors.at("backbone.stem.weight").to(torch::kFloat);
        const torch::Tensor ours = start->tensors.at("backbone.stem.weight");
        QVERIFY(torch::equal(ours.select(1, 0), theirs.select(1, 2)));
        QVERIFY(torch::equal(ours.select(1, 2), theirs.select(1, 0)));
        QVERIFY(!backboneStart().empty());
        QVERIFY(partOf(start->tensors, "none.").empty());
    }

    void aDetectorKeepsTheirEarlyLayers() {
        DetectorConfig detector;
        detector.classes = 2;
        detector.input = {160, 128};
        detector.startWeights = true;
        const Shapes shapes(8, 1);
        const auto outcome = detect::DetectorTrainer().train(detector, quick(TrainingConfig(), path("boxes")), shapes,
                                                             nullptr, {}, {}, Job{});
        QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
        const auto saved = detect::loadModel(path("boxes"));
        QVERIFY2(saved, saved ? "" : saved.error().text().c_str());
        QCOMPARE(saved->plan.layout, std::string("nanodet-small"));
        const NamedTensors start = backboneStart();
        for (const char* layer : {"stem.", "stage1."}) {
            const auto [same, all] = untouched(start, saved->tensors, "backbone.", layer);
            QVERIFY(all > 0);
            QCOMPARE(same, all);
        }
        for (const char* layer : {"stage2.", "stage4."})
            QCOMPARE(untouched(start, saved->tensors, "backbone.", layer).first, 0);
        // And what was learnt is near to what it began with: a tenth of the others' steps.
        const torch::Tensor before = start.at("stage4.leave.weight");
        const torch::Tensor after = saved->tensors.at("backbone.stage4.leave.weight");
        QVERIFY((after - before).abs().max().item<double>() < 2 * 0.11 * TrainingConfig().learningRate);
        const auto predictor = detect::Predictor::load(path("boxes"), "cpu");
        QVERIFY(predictor.ok());
        QVERIFY((*predictor)->predict(shapes, {}, Job{}).ok());
        // A second training goes on from it.
        QVERIFY(detect::DetectorTrainer()
                    .train(detector, quick(TrainingConfig(), path("more")), shapes, nullptr, path("boxes"), {}, Job{})
                    .ok());
        detector.startWeights = false;
        QVERIFY(!detect::DetectorTrainer()
                     .train(detector, quick(TrainingConfig(), path("none")), shapes, nullptr, path("boxes"), {}, Job{})
                     .ok());
    }

    void aClassifierOfPhotographsKeepsMore() {
        classify::ClassifierConfig config;
        config.modalities = {Modality::Image, Modality::Text};
        config.classes = MediaItems::kClasses;
        config.picture = {64, 48};
        config.tokens = 8;
        config.photographs = true;
        const MediaItems items(12, 1);
        classify::ClassifierTraining training = quick(classify::ClassifierTraining(), path("classes"));
        training.augmentation.flip = 0.5;
        const auto outcome = classify::ClassifierTrainer().train(config, training, items, {}, {}, Job{});
        QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
        const auto saved = classify::loadClassifier(path("classes"));
        QVERIFY2(saved, saved ? "" : saved.error().text().c_str());
        QVERIFY(saved->config.photographs);
        const NamedTensors start = backboneStart();
        for (const char* layer : {"stem.", "stage1.", "stage2."}) {
            const auto [same, all] = untouched(start, saved->tensors, "image.backbone.", layer);
            QVERIFY(all > 0);
            QCOMPARE(same, all);
        }
        QCOMPARE(untouched(start, saved->tensors, "image.backbone.", "stage3.").first, 0);
        const auto classifier = classify::Classifier::load(path("classes"), "cpu");
        QVERIFY(classifier.ok());
        classify::ClassifyOptions options;
        options.features = true;
        const auto seen = (*classifier)->predict(items, options, Job{});
        QVERIFY2(seen, seen ? "" : seen.error().text().c_str());
        QCOMPARE(seen->size(), std::size_t{12});
        QVERIFY(classify::ClassifierTrainer().train(config, training, items, path("classes"), {}, Job{}).ok());
        config.photographs = false;
        const auto other = classify::ClassifierTrainer().train(config, training, items, path("classes"), {}, Job{});
        QVERIFY(!other && other.error().code == ErrorCode::InvalidArgument);
    }

    void largeIsLarger() {
        std::vector<std::int64_t> widths;
        for (const char* size : {"small", "base", "large"}) {
            classify::ClassifierConfig config;
            config.size = size;
            config.modalities = {Modality::Image};
            config.photographs = true;
            widths.push_back(classify::ClassifierNet(config, 1, Rng(1)).features());
        }
        QCOMPARE(widths, (std::vector<std::int64_t>{128, 256, 512}));
    }

    // The first step of AdamW has the length of the rate, whatever the gradient.
    void whatHasLearntBeforeTakesShorterSteps() {
        torch::nn::Sequential net(torch::nn::Linear(3, 3), torch::nn::Linear(3, 3), torch::nn::Linear(3, 1));
        const auto parameters = net->parameters();
        std::vector<torch::Tensor> before;
        for (const torch::Tensor& p : parameters)
            before.push_back(p.detach().clone());
        for (torch::Tensor frozen : net[0]->as<torch::nn::Linear>()->parameters())
            frozen.requires_grad_(false);
        descent::FlatModel flat(*net, net[1]->as<torch::nn::Linear>()->parameters(), 0.25);
        QCOMPARE(flat.weights.numel(), std::int64_t{9 + 3 + 3 + 1});
        descent::AdamW optimiser(flat, 0.0);
        net->forward(torch::tensor({{1.0F, -2.0F, 0.5F}})).sum().backward();
        optimiser.step(1, 0.01);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const torch::Tensor moved = (parameters[i].detach() - before[i]).abs();
            const double expected = i < 2 ? 0.0 : i < 4 ? 0.0025 : 0.01;
            QVERIFY2(std::abs(moved.max().item<double>() - expected) < 1e-5, qPrintable(QString::number(i)));
        }
    }
};

QTEST_GUILESS_MAIN(TestStartWeights)
#include "tst_start_weights.moc"
