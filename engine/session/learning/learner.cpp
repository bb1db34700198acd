#include "engine/session/learning/learner.h"

#include "engine/session/learning/learner_internal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace querent::session::learning {
namespace {

constexpr double kInputPixels = 320.0 * 240.0;
constexpr double kClassifierPixels = 96.0 * 96.0;
constexpr double kPhotoPixels = 224.0 * 224.0;
constexpr double kDetailedPixels = 80.0 * 80.0;
// Of a spectrogram that a detector looks at: fine in time, where events end, and coarse in frequency, so that what
// reaches over the whole band is still seen by the levels that see short times (docs/methods.md).
constexpr double kColumnsASecond = 96.0;
constexpr int kSpectrogramRows = 64;
constexpr double kMostEnlargement = 2.0;  // of small pictures, each side: more pixels would add cost, not detail

int roundedTo16(double pixels) {
    return std::max(64, static_cast<int>(std::lround(pixels / 16.0)) * 16);
}

double medianOf(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/** What belongs to a model's own classes, by today's class numbers; `unknown` for new classes. */
std::vector<float> inToday(const std::vector<float>& own, const std::vector<int>& numbers, int classes, float unknown) {
    std::vector<float> today(static_cast<std::size_t>(classes), unknown);
    for (std::size_t c = 0; c < numbers.size(); ++c) {
        if (numbers[c] >= 0) today[static_cast<std::size_t>(numbers[c])] = own[c];
    }
    return today;
}

/** Median width over height, and median area, of the planes whose size is known; nothing when none is. */
struct Shapes {
    double shape = 1.0;
    double pixels = 0.0;
};

std::optional<Shapes> shapesOf(const ItemSource& items) {
    std::vector<double> shapes, areas;
    for (std::size_t i = 0; i < items.count(); ++i) {
        const Size size = items.truth(i).size;
        if (size.empty()) continue;
        shapes.push_back(static_cast<double>(size.width) / size.height);
        areas.push_back(static_cast<double>(size.width) * size.height);
    }
    if (shapes.empty()) return std::nullopt;
    return Shapes{std::clamp(medianOf(shapes), 0.25, 4.0), medianOf(areas)};
}

}  // namespace

std::unique_ptr<TaskLearner> makeLearner(const ProjectSettings& settings) {
    return settings.task == TaskKind::Detect ? makeDetectionLearner(settings) : makeClassificationLearner(settings);
}

const char* headlineMetric(const ProjectSettings& settings) {
    if (settings.task == TaskKind::Detect) return "map50";
    return settings.multiLabel ? "map" : "top1";
}

void takeRequest(const FitRequest& request, learn::TrainingSettings& training) {
    training.seed = request.seed;
    training.device = request.device;
    training.model = request.model;
    training.checkpoint = request.checkpoint;
    training.warmClasses = request.warmClasses;
    training.maxSeconds = request.maxSeconds;
}

void describeTraining(const learn::TrainingSettings& training, int steps, nlohmann::json& config) {
    config["steps"] = steps;
    config["batch"] = training.batch;
    config["learning_rate"] = training.learningRate;
    config["weight_decay"] = training.weightDecay;
    config["ema_decay"] = training.emaDecay;
    config["seed"] = training.seed;
    config["device"] = learn::resolvedDevice(training.device);
}

Metric metricOf(const std::string& name, const learn::metrics::Interval& interval, int label) {
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
    for (const learn::UnreadItem& item : unread)
        leftOut.push_back({item.item, item.error.text()});
    return leftOut;
}

std::string leftOutSentence(const std::vector<LeftOut>& leftOut) {
    if (leftOut.empty()) return {};
    const bool one = leftOut.size() == 1;
    std::string text = std::to_string(leftOut.size());
    text +=
        one ? " item could not be read and was left out: " : " items could not be read and were left out; the first: ";
    text += leftOut.front().sentence;
    return text;
}

std::vector<std::size_t> placesPredicted(const ItemSource& images, const PredictedItems& seen) {
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
            box.classes = inToday(box.classes, numbers, classes, 0.0F);
        }
        if (!picture.probabilities.empty())
            picture.probabilities = inToday(picture.probabilities, numbers, classes, 0.0F);
        for (std::vector<float>& evidence : picture.evidence) {
            if (!evidence.empty()) evidence = inToday(evidence, numbers, classes, 1.0F);
        }
        for (std::vector<float>& sample : picture.samples)
            sample = inToday(sample, numbers, classes, 0.0F);
        for (std::vector<float>& coalition : picture.coalitions)
            coalition = inToday(coalition, numbers, classes, 0.0F);
    }
}

Size networkInput(const ItemSource& items) {
    const auto usual = shapesOf(items);
    if (!usual) return {320, 240};
    const double pixels = std::min(kInputPixels, usual->pixels * kMostEnlargement * kMostEnlargement);
    return {roundedTo16(std::sqrt(pixels * usual->shape)), roundedTo16(std::sqrt(pixels / usual->shape))};
}

bool areDetailed(const ItemSource& pictures) {
    const auto usual = shapesOf(pictures);
    return usual && usual->pixels > kDetailedPixels;
}

Size classifierInput(const ItemSource& items, bool learnt) {
    const auto usual = shapesOf(items);
    if (!usual) return {32, 32};
    const double pixels = std::min(learnt ? kPhotoPixels : kClassifierPixels, usual->pixels);
    const auto side = [](double length) { return std::max(16, static_cast<int>(std::lround(length / 4.0)) * 4); };
    return {side(std::sqrt(pixels * usual->shape)), side(std::sqrt(pixels / usual->shape))};
}

Size spectrogramInput(const ItemSource& items) {
    std::vector<double> seconds;
    for (std::size_t i = 0; i < items.count(); ++i) {
        const Size plane = items.truth(i).size;  // frames x half the rate
        if (!plane.empty()) seconds.push_back(plane.width / (2.0 * plane.height));
    }
    const double usual = seconds.empty() ? 4.0 : medianOf(seconds);
    return {std::clamp(roundedTo16(usual * kColumnsASecond), 128, 768), kSpectrogramRows};
}

double spectrogramSeconds(Size input) {
    return input.width / kColumnsASecond;
}

}  // namespace querent::session::learning
