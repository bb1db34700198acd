// Trains and measures the detector on a folder with images/, boxes.csv and split.csv, as the figures of
// docs/methods.md were made:  detector_bench FOLDER [key=value...]

#include "engine/core/rng.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/metrics/evaluator.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::detect;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');)
        out.push_back(cell);
    if (!out.empty() && !out.back().empty() && out.back().back() == '\r') out.back().pop_back();
    return out;
}

class Folder : public ItemSource {
 public:
    struct Entry {
        fs::path file;
        ItemTruth truth;
    };
    explicit Folder(std::vector<Entry> entries) : m_entries(std::move(entries)) {}
    std::size_t count() const override { return m_entries.size(); }
    ItemTruth truth(std::size_t index) const override { return m_entries[index].truth; }
    Result<Raster> load(std::size_t index, Size) const override {
        const cv::Mat bgr = cv::imread(m_entries[index].file.string(), cv::IMREAD_COLOR);
        if (bgr.empty()) return fail(ErrorCode::Io, "The picture cannot be read.", m_entries[index].file);
        cv::Mat rgb;
        cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
        return Raster{{rgb.cols, rgb.rows}, {rgb.data, rgb.data + rgb.total() * 3}};
    }

 private:
    std::vector<Entry> m_entries;
};

struct DataSet {
    std::map<std::string, std::vector<Folder::Entry>> splits;
    std::vector<std::string> classes;
};

DataSet readFolder(const fs::path& folder) {
    DataSet data;
    std::map<std::string, ItemTruth> truths;
    std::map<std::string, int> labels;
    std::string line;
    std::ifstream boxes(folder / "boxes.csv");
    std::getline(boxes, line);
    while (std::getline(boxes, line)) {
        const auto c = cells(line);
        ItemTruth& truth = truths[c[0]];
        truth.size = {std::stoi(c[1]), std::stoi(c[2])};
        const auto [label, fresh] = labels.emplace(c[3], static_cast<int>(labels.size()));
        if (fresh) data.classes.push_back(c[3]);
        const Box box{std::stod(c[4]), std::stod(c[5]), std::stod(c[6]), std::stod(c[7])};
        truth.boxes.push_back({box, label->second});
    }
    std::ifstream split(folder / "split.csv");
    std::getline(split, line);
    for (std::int64_t id = 1; std::getline(split, line); ++id) {
        const auto c = cells(line);
        Folder::Entry entry{folder / "images" / (c[0] + ".jpg"), truths[c[0]]};
        entry.truth.item = id;
        if (entry.truth.size.empty()) {
            const cv::Mat picture = cv::imread(entry.file.string());
            entry.truth.size = {picture.cols, picture.rows};
        }
        data.splits[c[1]].push_back(entry);
    }
    return data;
}

struct Settings {
    std::map<std::string, std::string> values;
    double number(const std::string& key, double otherwise) const {
        const auto it = values.find(key);
        return it == values.end() ? otherwise : std::stod(it->second);
    }
    std::string text(const std::string& key, const std::string& otherwise) const {
        const auto it = values.find(key);
        return it == values.end() ? otherwise : it->second;
    }
};

TrainingConfig trainingFrom(const Settings& s) {
    TrainingConfig c;
    c.steps = static_cast<int>(s.number("steps", 0));
    c.batch = static_cast<int>(s.number("batch", c.batch));
    c.learningRate = s.number("rate", c.learningRate);
    c.weightDecay = s.number("decay", c.weightDecay);
    c.warmupShare = s.number("warmup", c.warmupShare);
    c.emaDecay = s.number("ema", c.emaDecay);
    c.gradientNorm = s.number("clip", c.gradientNorm);
    Augmentation& a = c.augmentation;
    a.flipHorizontal = s.number("fliph", a.flipHorizontal);
    a.flipVertical = s.number("flipv", a.flipVertical);
    a.scale = s.number("scale", a.scale);
    a.translate = s.number("translate", a.translate);
    a.aspect = s.number("aspect", a.aspect);
    a.colour = s.number("colour", a.colour);
    a.mosaic = s.number("mosaic", a.mosaic);
    c.seed = static_cast<std::uint64_t>(s.number("seed", 1));
    c.device = s.text("device", "auto");
    c.threads = static_cast<int>(s.number("threads", 0));
    c.maxSeconds = s.number("seconds", 0);
    c.model = s.text("model", (fs::temp_directory_path() / "detector_bench.pt").string());
    return c;
}

int failed(const Error& error) {
    std::cerr << error.text() << "\n";
    return 1;
}

int measure(const Folder& test, const std::vector<std::string>& classes, const fs::path& model, const Settings& s) {
    const auto predictor = Predictor::load(model, s.text("device", "auto"));
    if (!predictor) return failed(predictor.error());
    PredictOptions options;
    options.scoreThreshold = s.number("threshold", options.scoreThreshold);
    options.nmsIou = s.number("nms", options.nmsIou);
    const auto predictions = (*predictor)->predict(test, options, Job{});
    if (!predictions) return failed(predictions.error());
    std::vector<ItemTruth> truth;
    for (std::size_t i = 0; i < test.count(); ++i)
        truth.push_back(test.truth(i));
    const auto coco = learn::metrics::evaluateCoco(truth, *predictions, static_cast<int>(classes.size()));
    if (!coco) return failed(coco.error());
    std::printf("map50 %.4f map %.4f |", coco->ap50, coco->ap);
    for (std::size_t c = 0; c < classes.size(); ++c)
        std::printf(" %s %.3f", classes[c].c_str(), coco->classAp50[c]);
    std::printf("\n");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "detector_bench FOLDER [images=N steps=N size=small seed=N rate=X ... | measure= model=FILE]\n";
        return 2;
    }
    Settings s;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        const auto equals = word.find('=');
        s.values[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
    }
    const DataSet data = readFolder(argv[1]);
    std::vector<Folder::Entry> pool = data.splits.at("train");
    Rng(static_cast<std::uint64_t>(s.number("seed", 1)), "subset").shuffle(pool);
    pool.resize(std::min(pool.size(), static_cast<std::size_t>(s.number("images", 1e6))));
    const Folder train(pool);
    const Folder test(data.splits.at(s.text("on", "test")));
    DetectorConfig detector;
    detector.size = s.text("size", "small");
    detector.classes = static_cast<int>(data.classes.size());
    detector.input = {static_cast<int>(s.number("width", 320)), static_cast<int>(s.number("height", 240))};
    detector.backboneWeights = s.text("weights", "");
    const TrainingConfig config = trainingFrom(s);
    if (s.values.contains("measure")) return measure(test, data.classes, config.model, s);
    const auto show = [](const TrainingStep& step) {
        if (step.step % 50 == 0 || step.step == step.steps) {
            std::fprintf(stderr, "%d/%d loss %.3f = %.3f + %.3f + %.3f, %.1f pictures/s\n", step.step, step.steps,
                         step.loss, step.classLoss, step.boxLoss, step.qualityLoss, step.itemsPerSecond);
        }
    };
    const auto outcome = DetectorTrainer().train(detector, config, train, nullptr, s.text("warm", ""), show, Job{});
    if (!outcome) return failed(outcome.error());
    std::printf("%zu pictures, %d steps, %.1f s, ", train.count(), outcome->steps, outcome->seconds);
    std::fflush(stdout);
    return measure(test, data.classes, config.model, s);
}
