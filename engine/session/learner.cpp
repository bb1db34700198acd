#include "engine/session/learner.h"

#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/predictor.h"
#include "engine/learn/trainer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace querent::session {
namespace {

constexpr double kInputPixels = 320.0 * 240.0;
constexpr double kMostEnlargement = 2.0;  // of small pictures, each side: more pixels would add cost, not detail
constexpr int kBootstrapReplicates = 500;
constexpr std::uint64_t kBootstrapSeed = 20;  // intervals of the same predictions are the same on every machine

int roundedTo16(double pixels) {
    return std::max(64, static_cast<int>(std::lround(pixels / 16.0)) * 16);
}

double medianOf(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::string describe(const learn::DetectorConfig& detector, const learn::TrainingConfig& training, int steps) {
    const nlohmann::json config = {
        {"network", detector.size},
        {"classes", detector.classes},
        {"input", {detector.input.width, detector.input.height}},
        {"backbone", detector.backboneWeights.filename().string()},
        {"steps", steps},
        {"batch", training.batch},
        {"learning_rate", training.learningRate},
        {"weight_decay", training.weightDecay},
        {"ema_decay", training.emaDecay},
        {"seed", training.seed},
        {"device", learn::resolvedDevice(training.device)},
    };
    return config.dump();
}

Metric metricOf(const std::string& name, const metrics::Interval& interval, int label = -1) {
    Metric metric;
    metric.name = name;
    metric.label = ClassId(label + 1);
    metric.value = interval.value;
    metric.low = interval.low;
    metric.high = interval.high;
    return metric;
}

std::vector<LeftOut> leftOutOf(const std::vector<learn::UnreadItem>& unread) {
    std::vector<LeftOut> leftOut;
    for (const learn::UnreadItem& picture : unread)
        leftOut.push_back({picture.item, picture.error.text()});
    return leftOut;
}

class DetectionLearner : public TaskLearner {
 public:
    Result<FitOutcome> fit(const FitRequest& request, const Job& job) override {
        learn::DetectorConfig detector;
        detector.size = request.networkSize;
        detector.classes = std::max(1, request.classes);
        detector.input = request.input.empty() ? networkInput(*request.train) : request.input;
        detector.backboneWeights = request.backboneWeights;
        learn::TrainingConfig training;
        training.steps = request.steps > 0 ? request.steps : learn::defaultSteps(request.train->count());
        training.seed = request.seed;
        training.device = request.device;
        training.model = request.model;
        training.checkpoint = request.checkpoint;
        training.warmClasses = request.warmClasses;
        training.maxSeconds = request.maxSeconds;
        const auto observer = [&](const learn::TrainingStep& step) {
            job.report("Training", step.step, step.of);
            if (request.onTick) request.onTick(tickOf(step, training.batch));
        };
        const auto outcome = learn::DetectorTrainer().train(detector, training, *request.train, nullptr,
                                                            request.warmStart, observer, job);
        if (!outcome) return outcome.error();
        return FitOutcome{outcome->seconds, outcome->steps, outcome->finalLoss,
                          describe(detector, training, outcome->steps), leftOutOf(outcome->unread)};
    }

    Result<Seen> predict(const ModelUse& model, const ItemSource& images, PredictFor purpose,
                         const std::string& device, const Job& job) override {
        if (!m_predictor || m_loaded != model.file || m_device != device) {
            auto loaded = learn::Predictor::load(model.file, device);
            if (!loaded) return loaded.error();
            m_predictor = std::move(loaded).value();
            m_loaded = model.file;
            m_device = device;
        }
        if (!model.numbers.empty() && model.numbers.size() != static_cast<std::size_t>(m_predictor->classes())) {
            return fail(ErrorCode::Malformed, "The model has other classes than its record says.", model.file);
        }
        learn::PredictOptions options;
        options.embeddings = purpose == PredictFor::Selecting;
        options.allClassScores = purpose == PredictFor::Selecting;
        std::vector<learn::UnreadItem> unread;
        auto predictions = m_predictor->predict(images, options, job, &unread);
        if (!predictions) return predictions.error();
        if (!model.numbers.empty()) renumber(*predictions, model.numbers, model.classes);
        return Seen{std::move(predictions).value(), leftOutOf(unread)};
    }

    std::vector<Metric> measure(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                                int classes) const override {
        std::vector<Metric> found;
        const auto intervals = metrics::bootstrap(truth, predictions, classes, kBootstrapReplicates, kBootstrapSeed);
        const auto coco = metrics::evaluateCoco(truth, predictions, classes);
        const auto voc07 = metrics::evaluateVoc(truth, predictions, classes, metrics::VocForm::ElevenPoint);
        const auto voc10 = metrics::evaluateVoc(truth, predictions, classes, metrics::VocForm::AllPoints);
        if (!intervals || !coco || !voc07 || !voc10) return found;
        found.push_back(metricOf("map50", intervals->map50));
        found.push_back(metricOf("map", intervals->map));
        const auto plain = [&](const char* name, double value) {
            found.push_back(metricOf(name, {value, value, value}));
        };
        static constexpr const char* kCocoNames[] = {"ap75", "ap_small", "ap_medium", "ap_large",  "ar1",
                                                     "ar10", "ar100",    "ar_small",  "ar_medium", "ar_large"};
        for (std::size_t i = 0; i < std::size(kCocoNames); ++i)
            plain(kCocoNames[i], coco->values()[i + 2]);
        plain("voc07", voc07->map);
        plain("voc10", voc10->map);
        for (int c = 0; c < classes; ++c) {
            const auto at = static_cast<std::size_t>(c);
            found.push_back(metricOf("ap50", intervals->classAp50[at], c));
            const double ap = coco->classAp[at];
            found.push_back(metricOf("ap", {ap, ap, ap}, c));
        }
        return found;
    }

    double score(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                 int classes) const override {
        const auto value = metrics::map50(truth, predictions, classes);
        return value ? *value : -1.0;
    }

 private:
    static TrainingTick tickOf(const learn::TrainingStep& step, int batch) {
        TrainingTick tick;
        tick.step = step.step;
        tick.steps = step.of;
        tick.loss = step.loss;
        tick.learningRate = step.rate;
        tick.imagesPerSecond = step.imagesPerSecond;
        if (step.imagesPerSecond > 0.0) tick.secondsLeft = (step.of - step.step) * batch / step.imagesPerSecond;
        return tick;
    }

    std::shared_ptr<const learn::Predictor> m_predictor;
    std::filesystem::path m_loaded;
    std::string m_device;
};

}  // namespace

std::unique_ptr<TaskLearner> makeLearner(TaskKind task) {
    return task == TaskKind::Detect ? std::make_unique<DetectionLearner>() : nullptr;
}

const char* headlineMetric(TaskKind task) {
    return task == TaskKind::Detect ? "map50" : "top1";
}

std::string leftOutSentence(const std::vector<LeftOut>& leftOut) {
    if (leftOut.empty()) return {};
    const bool one = leftOut.size() == 1;
    std::string text = std::to_string(leftOut.size());
    text += one ? " picture could not be read and was left out: "
                : " pictures could not be read and were left out; the first: ";
    text += leftOut.front().sentence;
    return text;
}

std::vector<std::size_t> placesSeen(const ItemSource& images, const Seen& seen) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < images.count() && places.size() < seen.predictions.size(); ++i) {
        if (images.truth(i).item == seen.predictions[places.size()].item) places.push_back(i);
    }
    return places;
}

void renumber(std::vector<ItemPrediction>& predictions, const std::vector<int>& numbers, int classes) {
    for (ItemPrediction& picture : predictions) {
        std::erase_if(picture.boxes,
                      [&](const Detection& box) { return numbers[static_cast<std::size_t>(box.label)] < 0; });
        for (Detection& box : picture.boxes) {
            box.label = numbers[static_cast<std::size_t>(box.label)];
            if (box.classes.empty()) continue;
            std::vector<float> today(static_cast<std::size_t>(classes), 0.0F);
            for (std::size_t c = 0; c < numbers.size(); ++c) {
                if (numbers[c] >= 0) today[static_cast<std::size_t>(numbers[c])] = box.classes[c];
            }
            box.classes = std::move(today);
        }
    }
}

Size networkInput(const ItemSource& images) {
    std::vector<double> shapes, areas;
    for (std::size_t i = 0; i < images.count(); ++i) {
        const Size size = images.truth(i).size;
        if (size.empty()) continue;
        shapes.push_back(static_cast<double>(size.width) / size.height);
        areas.push_back(static_cast<double>(size.width) * size.height);
    }
    if (shapes.empty()) return {320, 240};
    const double shape = std::clamp(medianOf(shapes), 0.25, 4.0);
    const double pixels = std::min(kInputPixels, medianOf(areas) * kMostEnlargement * kMostEnlargement);
    return {roundedTo16(std::sqrt(pixels * shape)), roundedTo16(std::sqrt(pixels / shape))};
}

}  // namespace querent::session
