// NanoDet as written here answers as its source's own runtime does: nanodet-g.json holds what TensorFlow.js said of one
// drawn picture (scripts/start_weights.mjs --reference).

#include "engine/learn/files/model_archive.h"
#include "engine/learn/files/start_weights.h"
#include "engine/learn/networks/nanodet.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::networks;

namespace {

constexpr std::int64_t kSide = 416;

/** Smooth in both directions, another in each channel: [1, 3, kSide, kSide] in [0, 255], as the script draws it. */
torch::Tensor drawnPicture() {
    const torch::Tensor at = torch::arange(kSide, torch::kDouble);
    std::vector<torch::Tensor> channels;
    for (int c = 0; c < 3; ++c) {
        const torch::Tensor down = torch::cos(at * (3 - c) / 31.0).unsqueeze(1);
        const torch::Tensor across = torch::sin(at * (c + 1) / 23.0).unsqueeze(0);
        channels.push_back(127.5 + 127.5 * down * across);
    }
    return torch::stack(channels).unsqueeze(0).to(torch::kFloat);
}

nlohmann::json reference() {
    std::ifstream in(QUERENT_NANODET_REFERENCE);
    return nlohmann::json::parse(in);
}

/** The largest distance from 64 samples that are spread over the tensor evenly; 1e9 for another shape. */
double distance(const torch::Tensor& tensor, const nlohmann::json& expected) {
    if (tensor.sizes().vec() != expected.at("shape").get<std::vector<std::int64_t>>()) return 1e9;
    const torch::Tensor flat = tensor.contiguous().flatten();
    const auto samples = expected.at("samples").get<std::vector<double>>();
    double most = std::abs(flat.mean().item<double>() - expected.at("mean").get<double>());
    for (std::size_t k = 0; k < samples.size(); ++k) {
        const auto index = static_cast<std::int64_t>(k) * flat.numel() / static_cast<std::int64_t>(samples.size());
        most = std::max(most, std::abs(flat[index].item<double>() - samples[k]));
    }
    return most;
}

files::NamedTensors startWeights() {
    const auto file = files::startWeights();
    return file ? file->tensors : files::NamedTensors{};
}

}  // namespace

class TestNanoDet : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void answersAsItsSourceDoes() {
        const auto net = files::revived(startWeights(), [] { return std::make_shared<NanoDetNet>(80); });
        QVERIFY2(net, net ? "" : net.error().text().c_str());
        const torch::NoGradGuard noGrad;
        const torch::Tensor picture = drawnPicture();
        const auto expected = reference();
        const auto levels = (*net)->forward(picture);
        auto& backbone = (*net)->backbone();
        const auto maps = backbone.forward(aroundZero(picture));
        for (std::size_t i = 0; i < 3; ++i) {
            const std::string level = std::to_string(i);
            for (const auto& [name, tensor] : {std::pair{"level" + level, maps[i]},
                                               {"classes" + level, levels[i].classes},
                                               {"boxes" + level, levels[i].sides}}) {
                const double most = distance(tensor, expected.at(name));
                QVERIFY2(most < 1e-3, (name + " is off by " + std::to_string(most)).c_str());
            }
        }
    }

    void saysWhatItsWeightsAre() {
        const auto file = files::readTensors(QUERENT_START_WEIGHTS);
        QVERIFY2(file, file ? "" : file.error().text().c_str());
        QCOMPARE(file->texts.at("licence"), std::string("Apache-2.0"));
        const std::string& classes = file->texts.at("classes");
        QCOMPARE(std::count(classes.begin(), classes.end(), '\n'), 79);
        QVERIFY(std::filesystem::file_size(QUERENT_START_WEIGHTS) < 10'000'000);
        for (const auto& [name, tensor] : file->tensors) {
            QVERIFY2(tensor.scalar_type() == torch::kHalf, name.c_str());
            QVERIFY2(tensor.isfinite().all().item<bool>(), name.c_str());
        }
    }

    void takesPicturesOfOtherSizes() {
        NanoDetNet net(3);
        net.eval();
        const torch::NoGradGuard noGrad;
        const auto levels = net.forward(torch::zeros({2, 3, 96, 160}));
        QVERIFY(levels[0].classes.sizes() == (std::vector<std::int64_t>{2, 12 * 20, 3}));
        QVERIFY(levels[2].sides.sizes() == (std::vector<std::int64_t>{2, 3 * 5, 44}));
    }
};

QTEST_GUILESS_MAIN(TestNanoDet)
#include "tst_nanodet.moc"
