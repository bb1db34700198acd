// What other programs are given computes what our own networks do.

#include "engine/core/files.h"
#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_export.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/detect/detector_export.h"
#include "engine/learn/detect/inference.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/nms.h"
#include "engine/learn/detect/predictor.h"
#include "tests/engine/learn/drawn_tensor.h"

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/dnn.hpp>
#include <torch/script.h>

#include <cmath>
#include <memory>

using namespace querent;
using namespace querent::learn;
using portable::ModelFormat;

namespace {

/** As after training: norms that have seen something, classes and boxes that differ from place to place. */
void shake(torch::nn::Module& net, double most = 1.0) {
    const torch::NoGradGuard noGrad;
    std::uint64_t seed = 1;
    for (auto& named : net.named_buffers()) {
        if (named.key().ends_with("running_mean"))
            named.value().copy_(0.2 * drawn(named.value().sizes().vec(), ++seed));
        if (named.key().ends_with("running_var"))
            named.value().copy_((0.2 * drawn(named.value().sizes().vec(), ++seed)).exp());
    }
    for (auto& named : net.named_parameters()) {
        if (named.value().dim() != 1) continue;
        named.value().add_(0.1 * most * drawn(named.value().sizes().vec(), ++seed));
    }
}

torch::Tensor drawnPicture(Size size, std::uint64_t seed) {
    const torch::Tensor noise = drawn({1, 3, size.height, size.width}, seed);
    return (127.5 + 60.0 * noise).round().clamp(0.0, 255.0);
}

Raster rasterOf(const torch::Tensor& picture) {
    Raster raster;
    raster.size = {static_cast<int>(picture.size(3)), static_cast<int>(picture.size(2))};
    const torch::Tensor bytes = picture[0].permute({1, 2, 0}).contiguous().to(torch::kUInt8);
    raster.rgb.assign(bytes.data_ptr<std::uint8_t>(), bytes.data_ptr<std::uint8_t>() + bytes.numel());
    return raster;
}

class OnePicture : public ItemSource {
 public:
    explicit OnePicture(Raster raster) : m_raster(std::move(raster)) {}
    std::size_t count() const override { return 1; }
    ItemTruth truth(std::size_t) const override {
        ItemTruth truth;
        truth.item = 1;
        truth.size = m_raster.size;
        return truth;
    }
    Result<Raster> load(std::size_t, Size) const override { return m_raster; }

 private:
    Raster m_raster;
};

torch::Tensor tensorOf(const cv::Mat& mat) {
    std::vector<std::int64_t> sizes(mat.size.p, mat.size.p + mat.dims);
    return torch::from_blob(mat.data, sizes, torch::kFloat).clone();
}

/** What OpenCV answers from the file. */
std::vector<torch::Tensor> answersOfOpenCv(const std::filesystem::path& file, const torch::Tensor& picture,
                                           const std::vector<cv::String>& names) {
    cv::dnn::Net net = cv::dnn::readNetFromONNX(file.string());
    const std::vector<int> sizes(picture.sizes().begin(), picture.sizes().end());
    net.setInput(cv::Mat(sizes, CV_32F, picture.data_ptr<float>()));
    std::vector<cv::Mat> mats;
    net.forward(mats, names);
    std::vector<torch::Tensor> answers;
    for (const cv::Mat& mat : mats)
        answers.push_back(tensorOf(mat));
    return answers;
}

double distance(const torch::Tensor& a, const torch::Tensor& b) {
    return a.sizes() == b.sizes() ? (a - b).abs().max().item<double>() : 1e9;
}

/** The texts of an ONNX file stand in it as they are. */
bool says(const std::filesystem::path& file, const std::string& text) {
    const auto bytes = readWhole(file);
    return bytes && bytes->find(text) != std::string::npos;
}

struct Detector {
    std::filesystem::path file;
    std::shared_ptr<networks::DetectorNet> net;
    DetectorConfig config;
};

/** Answers as of a network that has learnt: neither the same everywhere nor out of all reason. */
void calm(networks::DetectorNet& net, const torch::Tensor& picture) {
    const torch::NoGradGuard noGrad;
    auto parameters = net.named_parameters();
    parameters["head.classes.bias"].fill_(-1.0);
    parameters["head.classes.weight"].mul_(1000.0);
    parameters["head.scales"].copy_(torch::tensor({1.2F, 0.9F, 1.1F}));
    for (int i = 0; i < 40 && net.forward(picture).classes.abs().max().item<double>() > 5.0; ++i)
        parameters["head.classes.weight"].mul_(0.5);
    for (int i = 0; i < 40 && net.forward(picture).boxes.abs().max().item<double>() > 400.0; ++i)
        parameters["head.boxes.weight"].mul_(0.5);
}

Detector drawnDetector(const QTemporaryDir& dir, const std::string& layout, Size input) {
    Detector detector;
    detector.file = dir.filePath("model.safetensors").toStdString();
    detector.config.classes = 3;
    detector.config.input = input;
    const networks::BackbonePlan plan{layout, {}};
    detector.net = std::make_shared<networks::DetectorNet>(plan, 3, Rng(7));
    shake(*detector.net);
    detector.net->eval();
    calm(*detector.net, drawnPicture(input, 3));
    if (!detect::saveModel(detector.file, {detector.config, plan, files::tensorsOf(*detector.net)})) return {};
    return detector;
}

struct Classifier {
    std::filesystem::path file;
    std::shared_ptr<const classify::Classifier> own;
    classify::ClassifierConfig config;
};

Classifier drawnClassifier(const QTemporaryDir& dir, classify::ClassifierConfig config) {
    Classifier classifier;
    classifier.file = dir.filePath("model.safetensors").toStdString();
    classifier.config = config;
    classify::ClassifierNet net(config, 0, Rng(7));
    shake(net);
    if (!classify::saveClassifier(classifier.file, {config, {}, files::tensorsOf(net)})) return {};
    auto loaded = classify::Classifier::load(classifier.file, "cpu");
    if (loaded) classifier.own = *loaded;
    return classifier;
}

classify::ClassifierConfig pictures(Size size, bool photographs = false, bool several = false) {
    classify::ClassifierConfig config;
    config.modalities = {Modality::Image};
    config.classes = 4;
    config.picture = size;
    config.photographs = photographs;
    config.multiLabel = several;
    return config;
}

}  // namespace

class TestModelExport : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void detectorsAnswerTheSame_data() {
        QTest::addColumn<QString>("layout");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("small") << "small" << 128 << 96;
        QTest::newRow("sides that do not halve") << "small" << 168 << 104;
        QTest::newRow("resnet18") << "resnet18" << 104 << 72;
        QTest::newRow("resnet50") << "resnet50" << 96 << 64;
        QTest::newRow("nanodet-small") << "nanodet-small" << 136 << 88;
        QTest::newRow("nanodet-base") << "nanodet-base" << 96 << 64;
    }

    void detectorsAnswerTheSame() {
        QFETCH(QString, layout);
        QFETCH(int, width);
        QFETCH(int, height);
        const QTemporaryDir dir;
        const Detector detector = drawnDetector(dir, layout.toStdString(), {width, height});
        QVERIFY(detector.net);
        const torch::Tensor picture = drawnPicture({width, height}, 3);
        const torch::NoGradGuard noGrad;
        const networks::DetectorOutput own = detector.net->forward(picture);
        const torch::Tensor scores =
            torch::sqrt(torch::sigmoid(own.classes) * torch::sigmoid(own.quality).unsqueeze(2));
        // A test of constants would say little.
        QVERIFY(scores.std().item<double>() > 0.01);

        const std::filesystem::path onnx = dir.filePath("model.onnx").toStdString();
        const auto written =
            detect::exportDetector(detector.file, ModelFormat::Onnx, {{"classes", "[\"a\"]"}}, onnx, {});
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const std::vector<torch::Tensor> seen = answersOfOpenCv(onnx, picture, {"boxes", "scores"});
        const double boxes = distance(seen[0], own.boxes);
        const double likely = distance(seen[1], scores);
        qInfo("OpenCV: boxes differ by %.2g pixels, scores by %.2g", boxes, likely);
        QVERIFY(boxes < 1e-3);
        QVERIFY(likely < 1e-3);
        QVERIFY(says(onnx, "[\"a\"]") && says(onnx, "nms_iou"));

        const std::filesystem::path script = dir.filePath("model.pt").toStdString();
        const auto scripted =
            detect::exportDetector(detector.file, ModelFormat::TorchScript, {{"classes", "[\"a\"]"}}, script, {});
        QVERIFY2(scripted, scripted ? "" : scripted.error().text().c_str());
        torch::jit::ExtraFilesMap texts{{"classes", ""}, {"width", ""}};
        auto program = torch::jit::load(script.string(), torch::kCPU, texts);
        const auto answer = program.forward({picture}).toTuple();
        QVERIFY(distance(answer->elements()[0].toTensor(), own.boxes) < 1e-3);
        QVERIFY(distance(answer->elements()[1].toTensor(), scores) < 1e-3);
        QCOMPARE(texts["classes"], std::string("[\"a\"]"));
        QCOMPARE(texts["width"], std::to_string(width));
    }

    // From the file's own answers to the boxes that the program shows, by no more than a threshold and suppression.
    void boxesAreThoseOfThePredictor() {
        const QTemporaryDir dir;
        const Size input{128, 96};
        const Detector detector = drawnDetector(dir, "small", input);
        const torch::Tensor picture = drawnPicture(input, 5);
        const auto predictor = detect::Predictor::load(detector.file, "cpu");
        QVERIFY(predictor);
        detect::PredictOptions options;
        options.scoreThreshold = 0.3;
        options.maxBoxes = 1000;
        const auto own = (*predictor)->predict(OnePicture(rasterOf(picture)), options, {});
        QVERIFY(own);
        const std::vector<Detection>& expected = own->front().boxes;
        QVERIFY(expected.size() > 5);

        const std::filesystem::path onnx = dir.filePath("model.onnx").toStdString();
        QVERIFY(detect::exportDetector(detector.file, ModelFormat::Onnx, {}, onnx, {}));
        const std::vector<torch::Tensor> seen = answersOfOpenCv(onnx, picture, {"boxes", "scores"});
        detect::Candidates all;
        for (std::int64_t i = 0; i < seen[1].size(1); ++i) {
            for (std::int64_t c = 0; c < seen[1].size(2); ++c) {
                const float score = seen[1][0][i][c].item<float>();
                if (score < options.scoreThreshold) continue;
                const torch::Tensor sides = seen[0][0][i];
                for (const auto& [list, s] : {std::pair(&all.left, 0), std::pair(&all.top, 1), std::pair(&all.right, 2),
                                              std::pair(&all.bottom, 3)})
                    list->push_back(sides[s].item<float>());
                all.score.push_back(score);
                all.label.push_back(static_cast<int>(c));
            }
        }
        const auto kept = detect::nonMaximumSuppression(all, options.nmsIou, 1000);
        QCOMPARE(kept.size(), expected.size());
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const std::size_t k = kept[i];
            const Box box = Box{all.left[k], all.top[k], all.right[k], all.bottom[k]}.clampedTo(input);
            QVERIFY(iou(box, expected[i].box) > 0.999);
            QCOMPARE(all.label[k], expected[i].label);
            QVERIFY(std::abs(all.score[k] - expected[i].score) < 1e-3);
        }
    }

    void classifiersAnswerTheSame_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<bool>("photographs");
        QTest::addColumn<bool>("several");
        QTest::newRow("digits") << 32 << 32 << false << false;
        QTest::newRow("odd and large") << 76 << 52 << false << false;
        QTest::newRow("several classes") << 28 << 36 << false << true;
        QTest::newRow("photographs") << 132 << 100 << true << false;
    }

    void classifiersAnswerTheSame() {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(bool, photographs);
        QFETCH(bool, several);
        const QTemporaryDir dir;
        const Classifier classifier = drawnClassifier(dir, pictures({width, height}, photographs, several));
        QVERIFY(classifier.own);
        const torch::Tensor picture = drawnPicture({width, height}, 3);
        const auto own = classifier.own->predict(OnePicture(rasterOf(picture)), {}, {});
        QVERIFY(own);
        const torch::Tensor expected = torch::tensor(own->front().probabilities).unsqueeze(0);
        QVERIFY(expected.std().item<double>() > 1e-3);

        const std::filesystem::path onnx = dir.filePath("model.onnx").toStdString();
        const auto written = classify::exportClassifier(classifier.file, ModelFormat::Onnx, {}, onnx, {});
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const double away = distance(answersOfOpenCv(onnx, picture, {"probabilities"})[0], expected);
        qInfo("OpenCV: probabilities differ by %.2g", away);
        QVERIFY(away < 1e-3);

        const std::filesystem::path script = dir.filePath("model.pt").toStdString();
        QVERIFY(classify::exportClassifier(classifier.file, ModelFormat::TorchScript, {}, script, {}));
        const torch::Tensor answer = torch::jit::load(script.string(), torch::kCPU).forward({picture}).toTensor();
        QVERIFY(distance(answer, expected) < 1e-3);
    }

    void safetensorsAreTheModelAndSayMore() {
        const QTemporaryDir dir;
        const Detector detector = drawnDetector(dir, "small", {64, 64});
        const std::filesystem::path to = dir.filePath("copy.safetensors").toStdString();
        const auto written =
            detect::exportDetector(detector.file, ModelFormat::Safetensors, {{"classes", "[\"red\"]"}}, to, {});
        QVERIFY2(written, written ? "" : written.error().text().c_str());
        const auto file = files::readTensors(to);
        QVERIFY(file);
        QCOMPARE(file->texts.at("classes"), std::string("[\"red\"]"));
        QCOMPARE(file->texts.at("width"), std::string("64"));
        QCOMPARE(file->tensors.size(), files::tensorsOf(*detector.net).size());
        QVERIFY(detect::Predictor::load(to, "cpu"));
    }

    void whatCannotBeExportedIsRefused() {
        const QTemporaryDir dir;
        const std::filesystem::path to = dir.filePath("out").toStdString();
        classify::ClassifierConfig config = pictures({32, 32});
        config.modalities = {Modality::Image, Modality::Audio};
        const Classifier pairs = drawnClassifier(dir, config);
        for (const ModelFormat format : {ModelFormat::Onnx, ModelFormat::TorchScript}) {
            const auto refused = classify::exportClassifier(pairs.file, format, {}, to, {});
            QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
            QVERIFY(!std::filesystem::exists(to));
        }
        QVERIFY(classify::exportClassifier(pairs.file, ModelFormat::Safetensors, {}, to, {}));
        std::filesystem::remove(to);

        // The program is not looked at, let alone run.
        Detector detector = drawnDetector(dir, "small", {64, 64});
        const std::filesystem::path strange = dir.filePath("strange.safetensors").toStdString();
        QVERIFY(
            detect::saveModel(strange, {detector.config, {"script", "no program"}, files::tensorsOf(*detector.net)}));
        const auto refused = detect::exportDetector(strange, ModelFormat::Onnx, {}, to, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        QVERIFY(refused.error().text().find("TorchScript") != std::string::npos);
        QVERIFY(!detect::exportDetector(dir.filePath("none").toStdString(), ModelFormat::Onnx, {}, to, {}));
        QVERIFY(!std::filesystem::exists(to));
    }
};

QTEST_APPLESS_MAIN(TestModelExport)
#include "tst_model_export.moc"
