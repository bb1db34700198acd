// Losses, optimiser and weight files, against slow references. Looks inside the module, so it knows torch.

#include "engine/core/files.h"
#include "engine/learn/descent/optimiser.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/trusted_programs.h"
#include "engine/learn/losses/assign.h"
#include "engine/learn/losses/detection_loss.h"
#include "engine/learn/networks/detector.h"
#include "tests/engine/learn/drawn_tensor.h"

#include <QTemporaryDir>
#include <QTest>
#include <torch/script.h>
#include <torch/torch.h>

#include <ATen/record_function.h>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stop_token>
#include <string_view>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::descent;
using namespace querent::learn::detect;
using namespace querent::learn::files;
using namespace querent::learn::losses;
using namespace querent::learn::networks;
namespace fs = std::filesystem;

namespace {

/** Counts the convolutions that LibTorch begins, forwards and backwards, and wishes for an end at one of them. */
class ConvolutionCount {
 public:
    explicit ConvolutionCount(int stopAt) : m_stopAt(stopAt) {
        s_current = this;
        m_handle = at::addGlobalCallback(at::RecordFunctionCallback(&onBegin).scopes({at::RecordScope::FUNCTION}));
    }
    ~ConvolutionCount() {
        at::removeCallback(m_handle);
        s_current = nullptr;
    }
    ConvolutionCount(const ConvolutionCount&) = delete;
    ConvolutionCount& operator=(const ConvolutionCount&) = delete;

    int begun() const { return m_begun; }
    std::stop_token token() const { return m_stop.get_token(); }

 private:
    static std::unique_ptr<at::ObserverContext> onBegin(const at::RecordFunction& function) {
        const std::string_view name = function.name();
        if (name == "aten::convolution" || name == "aten::convolution_backward") {
            if (++s_current->m_begun == s_current->m_stopAt) s_current->m_stop.request_stop();
        }
        return nullptr;
    }

    static inline ConvolutionCount* s_current = nullptr;
    int m_stopAt;
    std::atomic<int> m_begun = 0;
    std::stop_source m_stop;
    at::CallbackHandle m_handle = 0;
};

/** Convolutions of a pass and its gradient when a stop is wished for at number `stopAt`; 0: never. */
int convolutionsOfPass(learn::networks::DetectorNet& net, int stopAt) {
    const ConvolutionCount count(stopAt);
    net.backbone().stopPoint.listenTo(count.token());
    try {
        const learn::networks::DetectorOutput output = net.forward(torch::zeros({1, 3, 64, 32}));
        (output.classes.sum() + output.boxes.sum() + output.quality.sum()).backward();
    } catch (const PassStopped&) {
    }
    return count.begun();
}

double slowFocal(double logit, double target) {
    const double p = 1.0 / (1.0 + std::exp(-logit));
    const double pt = target > 0.5 ? p : 1.0 - p;
    const double alpha = target > 0.5 ? 0.25 : 0.75;
    return -alpha * (1.0 - pt) * (1.0 - pt) * std::log(pt);
}

double slowGiou(const Box& a, const Box& b) {
    const Box hull{std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
                   std::max(a.bottom, b.bottom)};
    const double either = a.area() + b.area() - intersectionArea(a, b);
    return iou(a, b) - (hull.area() - either) / hull.area();
}

std::string safetensorsOf(const NamedTensors& tensors) {
    nlohmann::json header;
    std::string data;
    for (const auto& [name, tensor] : tensors) {
        const std::size_t begin = data.size();
        data.append(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
        header[name] = {{"dtype", tensor.scalar_type() == torch::kHalf ? "F16" : "F32"},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {begin, data.size()}}};
    }
    header["__metadata__"] = {{"format", "pt"}};
    const std::string text = jsonText(header);
    std::string out;
    for (int i = 0; i < 8; ++i)
        out += static_cast<char>(text.size() >> (8 * i) & 0xFF);
    return out + text + data;
}

/** A file as torch.save() in C++ and Python writes it: a zip archive with data.pkl. */
std::string torchSaved(const NamedTensors& tensors) {
    c10::Dict<std::string, torch::Tensor> dict;
    for (const auto& [name, tensor] : tensors)
        dict.insert(name, tensor);
    const std::vector<char> bytes = torch::pickle_save(torch::IValue(dict));
    return {bytes.begin(), bytes.end()};
}

/** The state dictionary of torchvision's network: ours, with what its classifier adds. */
NamedTensors resNetWeights(const std::string& layout) {
    const auto net = learn::networks::makeBackbone({layout, {}});
    NamedTensors tensors = tensorsOf(*net);
    std::uint64_t seed = 1;
    for (auto& [name, tensor] : tensors)
        tensor = drawn(tensor.sizes().vec(), ++seed);
    tensors["fc.weight"] = torch::zeros({10, 512});
    return tensors;
}

}  // namespace

class TestLearnTorch : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    static void compareTensors(const NamedTensors& a, const NamedTensors& b) {
        QCOMPARE(a.size(), b.size());
        for (const auto& [name, tensor] : a)
            QVERIFY2(torch::equal(tensor, b.at(name)), name.c_str());
    }

 private Q_SLOTS:
    void aPassStopsBetweenItsStages_data() {
        QTest::addColumn<QString>("layout");
        for (const char* layout : {"small", "resnet18", "resnet50"})
            QTest::newRow(layout) << layout;
    }
    // Wherever the wish comes, only what is left of a stage is still worked out: at most the head, forwards and
    // backwards, with its five convolutions of three maps.
    void aPassStopsBetweenItsStages() {
        QFETCH(QString, layout);
        constexpr int kMost = 2 * 5 * 3;
        learn::networks::BackbonePlan plan;
        plan.layout = layout.toStdString();
        learn::networks::DetectorNet net(plan, 2, Rng(3));
        const int all = convolutionsOfPass(net, 0);
        QVERIFY(all >= 2 * (13 + 6 + 15));
        for (int at = 1; at < all - kMost; at += layout == "resnet50" ? 17 : 5) {
            const int begun = convolutionsOfPass(net, at);
            QVERIFY2(begun - at <= kMost, qPrintable(QString("stopped at %1, ended at %2").arg(at).arg(begun)));
        }
    }

    void focalLossAgreesWithItsFormula() {
        const torch::Tensor logits = drawn({40}, 1) * 4;
        const torch::Tensor targets = (drawn({40}, 2) > 0).to(torch::kFloat);
        const torch::Tensor loss = focalLoss(logits, targets);
        for (std::int64_t i = 0; i < 40; ++i) {
            const double expected = slowFocal(logits[i].item<double>(), targets[i].item<double>());
            QVERIFY(std::abs(loss[i].item<double>() - expected) < 1e-5);
        }
    }

    void overlapsAgreeWithBoxes() {
        Rng rng(8);
        std::vector<Box> a, b;
        std::vector<float> fa, fb;
        for (int i = 0; i < 60; ++i) {
            for (auto [boxes, floats] : {std::pair{&a, &fa}, std::pair{&b, &fb}}) {
                const double x = rng.integer(0, 60);
                const double y = rng.integer(0, 60);
                const Box box{x, y, x + rng.integer(1, 50), y + rng.integer(1, 50)};
                boxes->push_back(box);
                for (const double side : {box.left, box.top, box.right, box.bottom})
                    floats->push_back(static_cast<float>(side));
            }
        }
        const Overlaps overlaps = pairwiseOverlaps(torch::tensor(fa).view({-1, 4}), torch::tensor(fb).view({-1, 4}));
        for (std::size_t i = 0; i < a.size(); ++i) {
            const auto n = static_cast<std::int64_t>(i);
            QVERIFY(std::abs(overlaps.iou[n].item<double>() - iou(a[i], b[i])) < 1e-5);
            QVERIFY(std::abs(overlaps.giou[n].item<double>() - slowGiou(a[i], b[i])) < 1e-5);
        }
    }

    void ignoredLocationsHaveNoGradient() {
        learn::networks::DetectorOutput output{drawn({1, 4, 2}, 1).requires_grad_(true),
                                               torch::tensor({0.F, 0.F, 9.F, 9.F}).repeat({4, 1}).unsqueeze(0),
                                               drawn({1, 4}, 3).requires_grad_(true)};
        const torch::Tensor labels = torch::tensor({std::int64_t{1}, kBackground, kIgnored, kBackground}).unsqueeze(0);
        const torch::Tensor boxes = torch::tensor({0.F, 0.F, 10.F, 10.F}).repeat({4, 1}).unsqueeze(0);
        const DetectionLoss loss = detectionLoss(output, labels, boxes, torch::full({1, 4}, 0.5F));
        loss.total().backward();
        const torch::Tensor g = output.classes.grad().abs().sum(2)[0];
        QVERIFY(g[2].item<double>() == 0.0);
        QVERIFY(g[1].item<double>() > 0.0);
        const torch::Tensor q = output.quality.grad()[0];
        QVERIFY(q[0].item<double>() != 0.0 && q[1].item<double>() == 0.0);
        QVERIFY(std::abs(loss.boxes.item<double>() - 2.0 * (1.0 - 0.81)) < 1e-4);
        // A picture without a box must give a finite loss, too.
        const DetectionLoss empty =
            detectionLoss(output, torch::full({1, 4}, kBackground), torch::zeros({1, 4, 4}), torch::zeros({1, 4}));
        QVERIFY(std::isfinite(empty.total().item<double>()) && empty.boxes.item<double>() == 0.0);
    }

    void positiveLocationsCountByTheirWeights() {
        const auto lossWith = [](float first, float second) {
            const learn::networks::DetectorOutput output{
                drawn({1, 2, 2}, 1), torch::tensor({0.F, 0.F, 9.F, 9.F, 0.F, 0.F, 5.F, 5.F}).view({1, 2, 4}),
                drawn({1, 2}, 3)};
            const torch::Tensor boxes = torch::tensor({0.F, 0.F, 10.F, 10.F}).repeat({2, 1}).unsqueeze(0);
            return detectionLoss(output, torch::zeros({1, 2}, torch::kLong), boxes,
                                 torch::tensor({first, second}).unsqueeze(0));
        };
        const double one = 2.0 * (1.0 - 0.81);
        const double two = 2.0 * (1.0 - 0.25);
        QVERIFY(std::abs(lossWith(1, 1).boxes.item<double>() - 0.5 * (one + two)) < 1e-4);
        QVERIFY(std::abs(lossWith(3, 1).boxes.item<double>() - (0.75 * one + 0.25 * two)) < 1e-4);
        QVERIFY(torch::allclose(lossWith(1, 1).total(), lossWith(0.2F, 0.2F).total()));
    }

    void adamWAgreesWithTorchs() {
        torch::nn::Sequential ours(torch::nn::Linear(5, 3), torch::nn::Linear(3, 1));
        torch::nn::Sequential theirs(torch::nn::Linear(5, 3), torch::nn::Linear(3, 1));
        std::vector<torch::Tensor> decayed, plain;
        for (std::size_t i = 0; i < 4; ++i) {
            const torch::NoGradGuard noGrad;
            torch::Tensor to = theirs->parameters()[i];
            to.copy_(ours->parameters()[i]);
            (to.dim() > 1 ? decayed : plain).push_back(to);
        }
        using Options = torch::optim::AdamWOptions;
        std::vector<torch::optim::OptimizerParamGroup> groups;
        groups.emplace_back(decayed, std::make_unique<Options>(Options(0.01).weight_decay(0.3)));
        groups.emplace_back(plain, std::make_unique<Options>(Options(0.01).weight_decay(0.0)));
        torch::optim::AdamW reference(groups, Options(0.01));
        FlatModel flat(*ours);
        AdamW adam(flat, 0.3);
        for (int step = 1; step <= 5; ++step) {
            const torch::Tensor x = drawn({4, 5}, static_cast<std::uint64_t>(step));
            flat.gradients.zero_();
            ours->forward(x).pow(2).sum().backward();
            adam.step(step, 0.01);
            reference.zero_grad();
            theirs->forward(x).pow(2).sum().backward();
            reference.step();
        }
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(torch::allclose(ours->parameters()[i], theirs->parameters()[i], 1e-4, 1e-6));
        }
    }

    void theRateWarmsUpAndCoolsDown() {
        QVERIFY(cosineRate(1.0, 0.1, 0.05) == 0.5);
        QVERIFY(std::abs(cosineRate(1.0, 0.1, 0.1) - 1.0) < 1e-9);
        QVERIFY(std::abs(cosineRate(1.0, 0.1, 1.0) - 0.01) < 1e-9);
        QVERIFY(cosineRate(1.0, 0.1, 0.3) > cosineRate(1.0, 0.1, 0.4));
    }

    void safetensorsAreRead() {
        const NamedTensors tensors{{"a", drawn({2, 3}, 1)}, {"b.c", drawn({4}, 2)}, {"empty", torch::empty({0, 3})}};
        QVERIFY(replaceWhole(path("w.safetensors"), safetensorsOf(tensors)));
        const auto read = readWeights(path("w.safetensors"));
        QVERIFY(read);
        compareTensors(*read, tensors);
        const NamedTensors half{{"h", drawn({3}, 5).to(torch::kHalf)}};
        QVERIFY(replaceWhole(path("h.safetensors"), safetensorsOf(half)));
        QVERIFY(torch::equal(readWeights(path("h.safetensors"))->at("h"), half.at("h").to(torch::kFloat)));
    }

    void damagedSafetensorsAreRefused() {
        const std::string good = safetensorsOf({{"a", drawn({2, 3}, 1)}});
        std::string shape = good;
        shape.replace(shape.find("[2,3]"), 5, "[2,9]");
        std::string length = good;
        length[6] = '\x7f';
        for (const std::string& bad :
             {good.substr(0, 4), good.substr(0, 30), good.substr(0, good.size() - 1), shape, length}) {
            QVERIFY(replaceWhole(path("bad.safetensors"), bad));
            const auto read = readWeights(path("bad.safetensors"));
            QVERIFY(!read);
            QCOMPARE(read.error().code, ErrorCode::Malformed);
        }
    }

    void torchDictionariesAreRead() {
        torch::Tensor wide = drawn({4, 6}, 1);
        NamedTensors tensors{{"a", wide}, {"b", drawn({3}, 2)}};
        QVERIFY(replaceWhole(path("w.pth"), torchSaved({{"a", wide}, {"b", tensors["b"]}, {"t", wide.t()}})));
        const auto read = readWeights(path("w.pth"));
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        tensors["t"] = wide.t().contiguous();
        compareTensors(*read, tensors);
    }

    void aFileOfPythonsTorchSaveIsRead() {
        // Python's pickle of OrderedDict([("w", Parameter(tensor([[1., 2.], [3., 4.]])))]) with its _metadata, by hand.
        const auto raw = [](const auto& literal) { return std::string(literal, sizeof literal - 1); };
        std::string p =
            "\x80\x02"
            "ccollections\nOrderedDict\nq\x01)Rq\x02(X\x01";
        p += raw("\0\0\0wq\x03");
        p += "ctorch._utils\n_rebuild_parameter\nq\x04"
             "ctorch._utils\n_rebuild_tensor_v2\nq\x05((";
        p += raw("X\x07\0\0\0storageq\x06") + "ctorch\nFloatStorage\nq\x07";
        p +=
            raw("X\x01\0\0\0"
                "0q\x08X\x03\0\0\0cpuq\x09K\x04tq\x0aQK\0K\x02K\x02\x86q\x0bK\x02K\x01\x86q\x0c\x89");
        p += "ccollections\nOrderedDict\nq\x0d)Rq\x0etq\x0fRq\x10\x88"
             "ccollections\nOrderedDict\nq\x11)Rq\x12\x87q\x13Rq\x14u";
        p += raw("}q\x15X\x09\0\0\0_metadataq\x16}q\x17sb.");
        std::ostringstream out;
        {
            caffe2::serialize::PyTorchStreamWriter writer([&out](const void* data, std::size_t size) {
                out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
                return size;
            });
            const std::array<float, 4> values{1, 2, 3, 4};
            writer.writeRecord("data.pkl", p.data(), p.size());
            writer.writeRecord("data/0", values.data(), sizeof values);
            writer.writeEndOfFile();
        }
        QVERIFY(replaceWhole(path("python.pth"), out.str()));
        const auto read = readWeights(path("python.pth"));
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        QCOMPARE(read->size(), std::size_t{1});
        QVERIFY(torch::equal(read->at("w"), torch::tensor({{1.F, 2.F}, {3.F, 4.F}})));
    }

    void oldAndForeignFilesAreRefused() {
        QVERIFY(replaceWhole(path("old.pth"), std::string("\x80\x02\x8a\x0al\xfc\x9c", 7)));
        QCOMPARE(readWeights(path("old.pth")).error().code, ErrorCode::Unsupported);
        const std::string good = torchSaved({{"a", drawn({20}, 1)}});
        QVERIFY(replaceWhole(path("cut.pth"), good.substr(0, good.size() / 2)));
        QCOMPARE(readWeights(path("cut.pth")).error().code, ErrorCode::Malformed);
        QCOMPARE(readWeights(path("none.pth")).error().code, ErrorCode::NotFound);
    }

    void resNetsStartFromTheirWeights_data() {
        QTest::addColumn<QString>("layout");
        QTest::addColumn<QString>("size");
        QTest::newRow("18") << "resnet18"
                            << "base";
        QTest::newRow("34") << "resnet34"
                            << "base";
        QTest::newRow("50") << "resnet50"
                            << "large";
    }
    void resNetsStartFromTheirWeights() {
        QFETCH(QString, layout);
        QFETCH(QString, size);
        const NamedTensors tensors = resNetWeights(layout.toStdString());
        QVERIFY(replaceWhole(path("resnet.safetensors"), safetensorsOf(tensors)));
        DetectorConfig config;
        config.size = size.toStdString();
        config.backboneWeights = path("resnet.safetensors");
        const auto start = backboneStart(config);
        QVERIFY2(start, start ? "" : start.error().text().c_str());
        QCOMPARE(start->plan.layout, layout.toStdString());
        learn::networks::DetectorNet net(start->plan, 2, Rng(1));
        // Every tensor but the classifier's finds its place.
        QCOMPARE(fillTensors(net.backbone(), start->tensors), tensors.size() - 1);
        QVERIFY(
            torch::equal(tensorsOf(net.backbone()).at("layer4.1.conv2.weight"), tensors.at("layer4.1.conv2.weight")));
        config.size = "small";
        QCOMPARE(backboneStart(config).error().code, ErrorCode::InvalidArgument);
        QVERIFY(replaceWhole(path("resnet.safetensors"), safetensorsOf({{"a", drawn({2}, 1)}})));
        QCOMPARE(backboneStart(config).error().code, ErrorCode::Unsupported);
    }

    void aScriptCanBeTheBackbone() {
        torch::jit::Module script("backbone");
        script.register_parameter("weight", drawn({6, 3, 1, 1}, 1), false);
        script.define(R"(
            def forward(self, x):
                y = torch.relu(torch.conv2d(x, self.weight))
                a = torch.avg_pool2d(y, [8, 8])
                b = torch.avg_pool2d(a, [2, 2])
                return [a, b, torch.avg_pool2d(b, [2, 2])]
        )");
        script.save(path("backbone.pt").string());
        qputenv("XDG_CONFIG_HOME", m_folder.filePath("config").toUtf8());
        QVERIFY(trust(*readWhole(path("backbone.pt")), path("backbone.pt")));
        DetectorConfig config;
        config.classes = 2;
        config.input = {128, 96};
        config.backboneWeights = path("backbone.pt");
        const auto start = backboneStart(config);
        QVERIFY2(start, start ? "" : start.error().text().c_str());
        learn::networks::DetectorNet net(start->plan, 2, Rng(1));
        QCOMPARE(net.backbone().channels()[2], std::int64_t{6});
        FlatModel flat(net);
        net.forward(torch::ones({1, 3, 96, 128}) * 50).classes.sum().backward();
        QVERIFY(net.backbone().parameters()[0].grad().abs().sum().item<double>() > 0.0);

        const SavedModel saved{config, start->plan, tensorsOf(net)};
        QVERIFY(saveModel(path("scripted.pt"), saved));
        fs::remove(path("backbone.pt"));
        const auto loaded = loadModel(path("scripted.pt"));
        QVERIFY(loaded);
        const auto back = revive(*loaded);
        QVERIFY(back);
        net.eval();
        const torch::Tensor x = torch::rand({1, 3, 96, 128}) * 255;
        QVERIFY(torch::equal((*back)->forward(x).boxes, net.forward(x).boxes));
    }

    void smallIsSmall() {
        learn::networks::DetectorNet net(learn::networks::BackbonePlan{}, 3, Rng(1));
        std::int64_t count = 0;
        for (const torch::Tensor& p : net.parameters())
            count += p.numel();
        QVERIFY2(count > 700000 && count < 1000000, qPrintable(QString::number(count)));
        const auto [output, embedding] = net.forwardWithEmbedding(torch::zeros({2, 3, 240, 320}));
        QCOMPARE(output.classes.size(1), static_cast<std::int64_t>(learn::networks::locationsOf({320, 240}).count()));
        QCOMPARE(embedding.size(1), net.embeddingSize());
    }
};

QTEST_GUILESS_MAIN(TestLearnTorch)
#include "tst_learn_torch.moc"
