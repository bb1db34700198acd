#include "engine/learn/classify/classifier.h"
#include "engine/learn/classify/classifier_proxy.h"
#include "engine/learn/metrics/classification.h"
#include "engine/session/learning/learner_internal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace querent::session::learning {
namespace {

constexpr std::size_t kItemsLookedAt = 300;  // to see how long sounds and texts are
constexpr int kMostColumns = 1000;
constexpr int kMostTokens = 64;
constexpr double kBytesAToken = 3.0;
constexpr int kDropoutSamples = 10;
constexpr std::uint64_t kDropoutSeed = 10;  // of which features are dropped; the network differs from round to round
// Only the last layers of a classifier are trained by a proxy, so that a step of it costs next to nothing.
constexpr int kStepsOfOneProxyStep = 4;
constexpr int kFewestProxySteps = 10;
constexpr int kMostProxySteps = 60;
constexpr int kAnsweredSteps = 60;
constexpr int kProxyItems = 16;
constexpr std::size_t kProxyHoldout = 300;

int roundedUp(double value, int step) {
    return static_cast<int>(std::ceil(value / step)) * step;
}

/** The value that 95 of 100 do not exceed. */
double highValueOf(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[(values.size() - 1) * 95 / 100];
}

/** How long the sounds (in columns) and texts (in bytes) of a source are. */
struct Lengths {
    std::vector<double> columns, bytes;
};

Lengths lengthsOf(const ItemSource& source, const std::vector<Modality>& modalities, const Job& job) {
    Lengths lengths;
    const std::size_t step = std::max<std::size_t>(1, source.count() / kItemsLookedAt);
    for (std::size_t i = 0; i < source.count() && !job.cancelled(); i += step) {
        for (const Modality modality : modalities) {
            if (modality == Modality::Image) continue;
            const auto content = source.content(i, modality, {});
            if (!content) continue;
            if (const auto* sound = std::get_if<Matrix>(&*content))
                lengths.columns.push_back(static_cast<double>(sound->rows));
            if (const auto* text = std::get_if<std::string>(&*content))
                lengths.bytes.push_back(static_cast<double>(text->size()));
        }
    }
    return lengths;
}

std::string describe(const learn::classify::ClassifierConfig& network,
                     const learn::classify::ClassifierTraining& training, int steps) {
    nlohmann::json media = nlohmann::json::array();
    for (const Modality modality : network.modalities)
        media.push_back(toText(modality));
    nlohmann::json config = {
        {"network", network.size},    {"media", media},
        {"classes", network.classes}, {"input", {network.picture.width, network.picture.height}},
        {"bands", network.bands},     {"columns", network.columns},
        {"tokens", network.tokens},   {"backbone", network.photographs ? "nanodet-g" : ""},
    };
    describeTraining(training, steps, config);
    return config.dump();
}

/** What a proxy refers to. */
struct ProxyLists {
    ItemList pool, holdout;
};

class ClassificationLearner : public TaskLearner {
 public:
    explicit ClassificationLearner(const ProjectSettings& settings) : m_settings(settings) {}

    bool startsLearnt(const ItemSource& items) const override {
        const bool pictures =
            std::find(m_settings.media.begin(), m_settings.media.end(), Modality::Image) != m_settings.media.end();
        return m_settings.backboneWeights.empty() && pictures && areDetailed(items);
    }

    Size inputFor(const ItemSource& items) const override { return classifierInput(items, startsLearnt(items)); }

    Result<FitOutcome> fit(const FitRequest& request, const Job& job) override {
        const learn::classify::ClassifierConfig network = networkFor(request, job);
        learn::classify::ClassifierTraining training;
        const std::size_t count = request.train->count();
        const bool photographsAlone = network.photographs && network.modalities.size() == 1;
        training.steps = photographsAlone ? learn::classify::defaultPhotoSteps(count)
                                          : learn::classify::defaultClassifierSteps(count);
        training.batch = photographsAlone ? learn::classify::defaultPhotoBatch(count)
                                          : learn::classify::defaultClassifierBatch(count);
        if (request.steps > 0) training.steps = request.steps;
        if (network.photographs) training.augmentation.flip = 0.5;
        takeRequest(request, training);
        const auto outcome = learn::classify::ClassifierTrainer().train(network, training, *request.train,
                                                                        request.warmStart, request.onStep, job);
        if (!outcome) return outcome.error();
        return FitOutcome{outcome->seconds, outcome->steps, outcome->finalLoss,
                          describe(network, training, outcome->steps), leftOutOf(outcome->unread)};
    }

    Result<PredictedItems> predict(const ModelUse& model, const ItemList& items, PredictFor purpose,
                                   const std::string& device, const Job& job) override {
        if (!m_classifier || m_loaded != model.file || m_device != device) {
            auto loaded = learn::classify::Classifier::load(model.file, device);
            if (!loaded) return loaded.error();
            m_classifier = std::move(loaded).value();
            m_loaded = model.file;
            m_device = device;
        }
        const int own = m_classifier->config().classes;
        if (!model.numbers.empty() && model.numbers.size() != static_cast<std::size_t>(own)) {
            return fail(ErrorCode::Malformed, "The model has other classes than its record says.", model.file);
        }
        learn::classify::ClassifyOptions options;
        options.features = purpose != PredictFor::Measuring;
        options.dropoutSamples = purpose == PredictFor::Disagreement ? kDropoutSamples : 0;
        options.dropoutSeed = kDropoutSeed;
        options.coalitions = purpose == PredictFor::Contributions;
        std::vector<learn::UnreadItem> unread;
        auto predictions = m_classifier->predict(items, options, job, &unread);
        if (!predictions) return predictions.error();
        if (!model.numbers.empty()) renumber(*predictions, model.numbers, model.classes);
        return PredictedItems{std::move(predictions).value(), leftOutOf(unread)};
    }

    Result<Proxy> proxy(const ProxyRequest& request, const Job& job) override {
        const ItemList known = inModelNumbers(*request.labelled, request.model);
        const auto lists = std::make_shared<const ProxyLists>(
            ProxyLists{withoutAnswers(*request.pool), inModelNumbers(*request.holdout, request.model)});
        learn::detect::ProxySettings settings;
        const int whole = request.trainingSteps > 0
                              ? request.trainingSteps
                              : learn::classify::defaultClassifierSteps(request.labelled->count());
        settings.steps = std::clamp(whole / kStepsOfOneProxyStep, kFewestProxySteps, kMostProxySteps);
        settings.answeredSteps = kAnsweredSteps;
        settings.labelled = kProxyItems;
        settings.unlabelled = kProxyItems / 2;
        settings.holdoutItems = kProxyHoldout;
        settings.seed = request.seed;
        settings.device = request.device;
        auto proxy =
            learn::classify::makeClassifierProxy(request.model.file, known, lists->pool, lists->holdout, settings, job);
        if (!proxy) return proxy.error();
        return Proxy{[lists, ofPool = std::move(proxy->ofPool)](std::span<const std::size_t> places,
                                                                const Job& within) { return ofPool(places, within); },
                     [lists, ofAnswered = std::move(proxy->ofAnswered)](
                         std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                         const Job& within) { return ofAnswered(learnt, measured, within); }};
    }

    std::vector<Metric> measure(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                                int classes) const override {
        const bool multi = m_settings.multiLabel;
        const auto summary = learn::metrics::evaluateClasses(truth, predictions, classes, multi);
        const auto intervals =
            learn::metrics::bootstrapClasses(truth, predictions, classes, multi, kBootstrapReplicates, kBootstrapSeed);
        if (!summary || !intervals) return {};
        std::vector<Metric> found = {metricOf("top1", intervals->top1), metricOf("macro_f1", intervals->macroF1),
                                     metricOf("map", intervals->map), metricOf("nll", intervals->nll),
                                     metricOf("ece", intervals->ece)};
        if (multi) std::swap(found[0], found[2]);
        for (int c = 0; c < classes; ++c) {
            const auto at = static_cast<std::size_t>(c);
            const auto plain = [&](const char* name, double value) {
                found.push_back(metricOf(name, {value, value, value}, c));
            };
            found.push_back(metricOf("f1", intervals->f1[at], c));
            found.push_back(metricOf("ap", intervals->ap[at], c));
            plain("precision", summary->precision[at]);
            plain("recall", summary->recall[at]);
        }
        return found;
    }

    double score(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                 int classes) const override {
        const auto summary = learn::metrics::evaluateClasses(truth, predictions, classes, m_settings.multiLabel);
        if (!summary) return -1.0;
        return m_settings.multiLabel ? summary->figures.map : summary->figures.top1;
    }

 private:
    learn::classify::ClassifierConfig networkFor(const FitRequest& request, const Job& job) const {
        learn::classify::ClassifierConfig network;
        network.size = request.networkSize;
        network.modalities = m_settings.media;
        network.classes = std::max(1, request.classes);
        network.multiLabel = m_settings.multiLabel;
        network.bands = m_settings.mel.bands;
        network.photographs = request.startsLearnt;
        network.picture = request.input.empty() ? inputFor(*request.train) : request.input;
        const Lengths lengths = lengthsOf(*request.train, network.modalities, job);
        if (!lengths.columns.empty())
            network.columns = std::clamp(roundedUp(highValueOf(lengths.columns), 8), 16, kMostColumns);
        if (!lengths.bytes.empty())
            network.tokens = std::clamp(roundedUp(highValueOf(lengths.bytes) / kBytesAToken, 4), 8, kMostTokens);
        return network;
    }

    ProjectSettings m_settings;
    std::shared_ptr<const learn::classify::Classifier> m_classifier;
    std::filesystem::path m_loaded;
    std::string m_device;
};

}  // namespace

std::unique_ptr<TaskLearner> makeClassificationLearner(const ProjectSettings& settings) {
    return std::make_unique<ClassificationLearner>(settings);
}

}  // namespace querent::session::learning
