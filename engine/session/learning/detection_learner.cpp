#include "engine/core/paths.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/proxy_trainer.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/session/learning/learner_internal.h"
#include "engine/session/learning/long_sounds_internal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace querent::session::learning {
namespace {

// A step of a proxy costs about half of one of a training (docs/methods.md): one run is a twentieth of a training.
constexpr int kStepsOfOneProxyStep = 16;
constexpr int kStepsOfOneAnsweredStep = 6;  // what answers bring shows later than what looks at items change
constexpr int kFewestProxySteps = 4;
constexpr int kMostProxySteps = 40;

std::string describe(const learn::DetectorConfig& detector, const learn::TrainingConfig& training, int steps) {
    nlohmann::json config = {
        {"network", detector.size},
        {"classes", detector.classes},
        {"input", {detector.input.width, detector.input.height}},
        {"window_seconds", detector.windowSeconds},
        {"backbone", detector.startWeights ? "nanodet-g" : utf8(detector.backboneWeights.filename())},
    };
    describeTraining(training, steps, config);
    return config.dump();
}

/** Items in windows, and which are those of each item. */
struct ItemsInWindows {
    WindowedItems shown;
    std::vector<std::vector<std::size_t>> windows;

    ItemsInWindows(const ItemList& items, double seconds)
        : shown(windowsForTraining(items, seconds)), windows(items.count()) {
        for (std::size_t i = 0; i < shown.parts.size(); ++i)
            windows[shown.parts[i]].push_back(i);
    }

    std::vector<std::size_t> windowsOf(std::span<const std::size_t> places) const {
        std::vector<std::size_t> found;
        for (const std::size_t place : places)
            found.insert(found.end(), windows[place].begin(), windows[place].end());
        return found;
    }
};

/** What a proxy refers to. */
struct ProxyLists {
    ItemsInWindows pool, holdout;
};

class DetectionLearner : public TaskLearner {
 public:
    explicit DetectionLearner(const ProjectSettings& settings)
        : m_sounds(!settings.media.empty() && settings.media.front() == Modality::Audio),
          m_backboneWeights(settings.backboneWeights) {}

    bool startsLearnt(const ItemSource& items) const override {
        return m_backboneWeights.empty() && !m_sounds && areDetailed(items);
    }

    Size inputFor(const ItemSource& items) const override {
        return m_sounds ? spectrogramInput(items) : networkInput(items);
    }

    Result<FitOutcome> fit(const FitRequest& request, const Job& job) override {
        learn::DetectorConfig detector;
        detector.size = request.networkSize;
        detector.classes = std::max(1, request.classes);
        detector.input = request.input.empty() ? inputFor(*request.train) : request.input;
        detector.startWeights = request.startsLearnt;
        if (request.backboneWeights != kNoBackbone) detector.backboneWeights = request.backboneWeights;
        if (m_sounds) detector.windowSeconds = windowSecondsFor(*request.train, detector.input);
        const WindowedItems shown = windowsForTraining(*request.train, detector.windowSeconds);
        learn::TrainingConfig training;
        training.steps = request.steps > 0 ? request.steps : learn::defaultSteps(shown.items.count());
        takeRequest(request, training);
        if (m_sounds) {
            training.augmentation.flipHorizontal = 0.0;  // played backwards it would be another sound
            training.augmentation.moveRows = false;      // higher or lower it would be too
        }
        const auto outcome = learn::detect::DetectorTrainer().train(detector, training, shown.items, nullptr,
                                                                    request.warmStart, request.onStep, job);
        if (!outcome) return outcome.error();
        return FitOutcome{outcome->seconds, outcome->steps, outcome->finalLoss,
                          describe(detector, training, outcome->steps),
                          leftOutOf(unreadItems(outcome->unread, shown, *request.train))};
    }

    Result<PredictedItems> predict(const ModelUse& model, const ItemList& images, PredictFor purpose,
                                   const std::string& device, const Job& job) override {
        if (const auto opened = open(model, device); !opened) return opened.error();
        if (!model.numbers.empty() && model.numbers.size() != static_cast<std::size_t>(m_predictor->classes())) {
            return fail(ErrorCode::Malformed, "The model has other classes than its record says.", model.file);
        }
        learn::detect::PredictOptions options;
        options.embeddings = purpose != PredictFor::Measuring;
        options.allClassScores = purpose != PredictFor::Measuring;
        std::vector<learn::UnreadItem> unread;
        auto predictions = predictInWindows(*m_predictor, images, options, job, unread);
        if (!predictions) return predictions.error();
        if (!model.numbers.empty()) renumber(*predictions, model.numbers, model.classes);
        return PredictedItems{std::move(predictions).value(), leftOutOf(unread)};
    }

    // Long sounds are learnt from, and measured, window by window.
    Result<Proxy> proxy(const ProxyRequest& request, const Job& job) override {
        if (const auto opened = open(request.model, request.device); !opened) return opened.error();
        const double seconds = m_predictor->config().windowSeconds;
        const auto known = windowsForTraining(inModelNumbers(*request.labelled, request.model), seconds);
        const auto lists = std::make_shared<const ProxyLists>(
            ProxyLists{ItemsInWindows(withoutAnswers(*request.pool), seconds),
                       ItemsInWindows(inModelNumbers(*request.holdout, request.model), seconds)});
        learn::detect::ProxySettings settings;
        const int whole = request.trainingSteps > 0 ? request.trainingSteps : learn::defaultSteps(known.items.count());
        settings.steps = std::clamp(whole / kStepsOfOneProxyStep, kFewestProxySteps, kMostProxySteps);
        settings.answeredSteps = std::clamp(whole / kStepsOfOneAnsweredStep, kFewestProxySteps, kMostProxySteps);
        settings.seed = request.seed;
        settings.device = request.device;
        settings.mirror = !m_sounds;
        auto proxy = learn::detect::makeDetectorProxy(request.model.file, known.items, lists->pool.shown.items,
                                                      lists->holdout.shown.items, settings, job);
        if (!proxy) return proxy.error();
        return Proxy{
            [lists, ofPool = std::move(proxy->ofPool)](std::span<const std::size_t> places, const Job& within) {
                return ofPool(lists->pool.windowsOf(places), within);
            },
            [lists, ofAnswered = std::move(proxy->ofAnswered)](
                std::span<const std::size_t> learnt, std::span<const std::size_t> measured, const Job& within) {
                const ItemsInWindows& holdout = lists->holdout;
                return ofAnswered(holdout.windowsOf(learnt), holdout.windowsOf(measured), within);
            }};
    }

    std::vector<Metric> measure(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                                int classes) const override {
        std::vector<Metric> found;
        const auto intervals =
            learn::metrics::bootstrap(truth, predictions, classes, kBootstrapReplicates, kBootstrapSeed);
        // Small, medium and large mean nothing in frames x Hz.
        const auto coco = learn::metrics::evaluateCoco(truth, predictions, classes);
        const auto voc07 =
            learn::metrics::evaluateVoc(truth, predictions, classes, learn::metrics::VocForm::ElevenPoint);
        const auto voc10 = learn::metrics::evaluateVoc(truth, predictions, classes, learn::metrics::VocForm::AllPoints);
        if (!intervals || !coco || !voc07 || !voc10) return found;
        found.push_back(metricOf("map50", intervals->map50));
        found.push_back(metricOf("map", intervals->map));
        const auto plain = [&](const char* name, double value) {
            found.push_back(metricOf(name, {value, value, value}));
        };
        static constexpr const char* kCocoNames[] = {"ap75", "ap_small", "ap_medium", "ap_large",  "ar1",
                                                     "ar10", "ar100",    "ar_small",  "ar_medium", "ar_large"};
        for (std::size_t i = 0; i < std::size(kCocoNames); ++i) {
            const std::string name = kCocoNames[i];
            const bool bySize = name.ends_with("small") || name.ends_with("medium") || name.ends_with("large");
            if (!m_sounds || !bySize) plain(kCocoNames[i], coco->values()[i + 2]);
        }
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
        const auto value = learn::metrics::map50(truth, predictions, classes);
        return value ? *value : -1.0;
    }

 private:
    Result<void> open(const ModelUse& model, const std::string& device) {
        if (m_predictor && m_loaded == model.file && m_device == device) return {};
        auto loaded = learn::detect::Predictor::load(model.file, device);
        if (!loaded) return loaded.error();
        m_predictor = std::move(loaded).value();
        m_loaded = model.file;
        m_device = device;
        return {};
    }

    bool m_sounds;  // boxes lie on spectrograms
    std::string m_backboneWeights;
    std::shared_ptr<const learn::detect::Predictor> m_predictor;
    std::filesystem::path m_loaded;
    std::string m_device;
};

}  // namespace

std::unique_ptr<TaskLearner> makeDetectionLearner(const ProjectSettings& settings) {
    return std::make_unique<DetectionLearner>(settings);
}

}  // namespace querent::session::learning
