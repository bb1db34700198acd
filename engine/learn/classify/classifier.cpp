#include "engine/learn/classify/classifier.h"

#include "engine/learn/block_cache.h"
#include "engine/learn/classify/classifier_doubts.h"
#include "engine/learn/classify/classifier_run.h"
#include "engine/learn/devices.h"
#include "engine/learn/losses/evidential.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <set>
#include <span>
#include <utility>

namespace querent::learn::classify {

namespace {

constexpr int kSmallestBatch = 8;

Result<void> checked(const ClassifierConfig& c, const ClassifierTraining& t, const ItemSource& train) {
    const auto wrong = [](const char* sentence) { return fail(ErrorCode::InvalidArgument, sentence); };
    if (c.modalities.empty()) return wrong("A classifier needs at least one kind of medium.");
    if (std::set<Modality>(c.modalities.begin(), c.modalities.end()).size() != c.modalities.size())
        return wrong("A kind of medium was named twice.");
    if (c.classes < 1) return wrong("A classifier needs at least one class.");
    if (c.picture.empty() || c.bands < 1 || c.columns < 1 || c.tokens < 1)
        return wrong("The network's input sizes must be positive.");
    if (train.count() == 0) return wrong("There are no labelled items to learn from.");
    if (t.model.empty()) return wrong("No file was named for the trained model.");
    if (t.batch < 0) return wrong("The batch size cannot be negative.");
    if (t.steps < 0) return wrong("The number of steps cannot be negative.");
    if (!(t.learningRate > 0.0 && t.learningRate < 1.0)) return wrong("The learning rate must be between 0 and 1.");
    if (!t.warmClasses.empty() && t.warmClasses.size() != static_cast<std::size_t>(c.classes))
        return wrong("The classes of the warm start are not as many as the classifier's.");
    return {};
}

/** One try; an Error where LibTorch throws. */
Result<TrainingOutcome> attempt(const ClassifierTask& task, const torch::Device& device, int batch) {
    try {
        return ClassifierRun(task, device, batch).run();
    } catch (const networks::PassStopped&) {
        return Job::stopped();
    } catch (const std::exception& problem) {
        if (task.job.cancelled()) return Job::stopped();
        return errorOf(problem);
    }
}

std::vector<float> floatsOf(const torch::Tensor& row) {
    const torch::Tensor plain = row.to(torch::kCPU, torch::kFloat).contiguous();
    return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

torch::Tensor probabilitiesOf(const torch::Tensor& logits, bool multiLabel) {
    return multiLabel ? torch::sigmoid(logits) : torch::softmax(logits, 1);
}

/**
 * [N, C] how likely the network holds each class for. The joint head has seen most items whole; where media are
 * missing, the heads of those that are there have seen more of their kind, and count twice as much.
 */
torch::Tensor likelihoods(const ClassifierOutput& output, const torch::Tensor& present, bool multiLabel) {
    constexpr double kJointShare = 0.5;
    const torch::Tensor joint = probabilitiesOf(output.joint, multiLabel);
    const torch::Tensor there = present.to(joint.device()).gt(0.0).to(joint.scalar_type());
    const torch::Tensor incomplete = there.sum(1).lt(static_cast<double>(there.size(1))).to(joint.scalar_type());
    torch::Tensor weight = 1.0 - incomplete * (1.0 - kJointShare);
    torch::Tensor sum = joint * weight.unsqueeze(1);
    for (std::size_t m = 0; m < output.logits.size(); ++m) {
        const torch::Tensor counts = there.select(1, static_cast<std::int64_t>(m)) * incomplete;
        sum = sum + probabilitiesOf(output.logits[m], multiLabel) * counts.unsqueeze(1);
        weight = weight + counts;
    }
    return sum / weight.unsqueeze(1);
}

/** What the network says about each row of `present` [N, M]. */
void readOut(const ClassifierOutput& output, const torch::Tensor& present, const ClassifierConfig& config,
             bool features, std::vector<ItemPrediction>& all) {
    const torch::Tensor probabilities = likelihoods(output, present, config.multiLabel);
    std::vector<torch::Tensor> evidence;
    for (const torch::Tensor& logits : output.logits)
        evidence.push_back(losses::evidenceOf(logits));
    for (std::int64_t row = 0; row < present.size(0); ++row) {
        ItemPrediction prediction;
        prediction.probabilities = floatsOf(probabilities[row]);
        for (std::size_t m = 0; m < evidence.size() && features; ++m) {
            const bool there = present[row][static_cast<std::int64_t>(m)].item<float>() > 0.0F;
            prediction.evidence.push_back(there ? floatsOf(evidence[m][row]) : std::vector<float>());
            prediction.features.push_back(there ? floatsOf(output.features[m][row]) : std::vector<float>());
        }
        if (features) prediction.embedding = floatsOf(output.hidden[row]);
        all.push_back(std::move(prediction));
    }
}

/** The answers to each of `logits` [N, C], added to the list `to` of its row. */
void readSets(const std::vector<torch::Tensor>& logits, bool multiLabel,
              std::vector<std::vector<float>> ItemPrediction::*to, std::span<ItemPrediction> rows) {
    for (const torch::Tensor& some : logits) {
        const torch::Tensor probabilities = probabilitiesOf(some, multiLabel).to(torch::kCPU);
        for (std::size_t row = 0; row < rows.size(); ++row)
            (rows[row].*to).push_back(floatsOf(probabilities[static_cast<std::int64_t>(row)]));
    }
}

/** The answers from each set of an item's media: what would be said if it had no others. */
void readCoalitions(ClassifierNet& net, const ClassifierOutput& output, const torch::Tensor& present, bool multiLabel,
                    std::span<ItemPrediction> rows) {
    const std::vector<torch::Tensor> joint = coalitionLogits(net, output.features, present);
    for (std::size_t set = 0; set < joint.size(); ++set) {
        ClassifierOutput some = output;
        some.joint = joint[set];
        const torch::Tensor probabilities = likelihoods(some, presentIn(present, set), multiLabel).to(torch::kCPU);
        for (std::size_t row = 0; row < rows.size(); ++row)
            rows[row].coalitions.push_back(floatsOf(probabilities[static_cast<std::int64_t>(row)]));
    }
}

void average(std::vector<float> ItemPrediction::*values, std::span<ItemPrediction> rows) {
    std::vector<float>& mean = rows.front().*values;
    for (std::size_t i = 0; i < mean.size(); ++i) {
        float sum = 0.0F;
        for (const ItemPrediction& row : rows)
            sum += (row.*values)[i];
        mean[i] = sum / static_cast<float>(rows.size());
    }
}

void average(std::vector<std::vector<float>> ItemPrediction::*values, std::span<ItemPrediction> rows) {
    std::vector<std::vector<float>>& means = rows.front().*values;
    for (std::size_t m = 0; m < means.size(); ++m) {
        for (std::size_t i = 0; i < means[m].size(); ++i) {
            float sum = 0.0F;
            for (const ItemPrediction& row : rows)
                sum += (row.*values)[m][i];
            means[m][i] = sum / static_cast<float>(rows.size());
        }
    }
}

/** One item from its rows, which differ in the window of its sound: the mean of all that was said. */
ItemPrediction merged(std::int64_t item, std::span<ItemPrediction> rows) {
    if (rows.size() > 1) {
        average(&ItemPrediction::probabilities, rows);
        average(&ItemPrediction::embedding, rows);
        average(&ItemPrediction::evidence, rows);
        average(&ItemPrediction::features, rows);
        average(&ItemPrediction::samples, rows);
        average(&ItemPrediction::coalitions, rows);
        double borders = 0.0;
        double losses = 0.0;
        for (const ItemPrediction& row : rows) {
            borders += row.toBorder;
            losses += row.expectedLoss;
        }
        rows.front().toBorder = borders / static_cast<double>(rows.size());
        rows.front().expectedLoss = losses / static_cast<double>(rows.size());
    }
    rows.front().item = item;
    return std::move(rows.front());
}

}  // namespace

int defaultClassifierSteps(std::size_t labelledItems) {
    const int items = static_cast<int>(std::min<std::size_t>(labelledItems, 100000));
    return std::clamp(120 + items / 4, 120, 6000);
}

int defaultClassifierBatch(std::size_t labelledItems) {
    return static_cast<int>(std::clamp<std::size_t>(labelledItems / 6, 16, 64));
}

int defaultPhotoSteps(std::size_t labelledItems) {
    const int items = static_cast<int>(std::min<std::size_t>(labelledItems, 100000));
    return std::clamp(100 + items / 8, 100, 6000);
}

int defaultPhotoBatch(std::size_t labelledItems) {
    return static_cast<int>(std::clamp<std::size_t>(labelledItems / 8, 16, 32));
}

Result<TrainingOutcome> ClassifierTrainer::train(const ClassifierConfig& classifier, const ClassifierTraining& config,
                                                 const ItemSource& train, const std::filesystem::path& warmStart,
                                                 const TrainingObserver& observer, const Job& job) const {
    if (const Result<void> good = checked(classifier, config, train); !good) return good.error();
    const Result<torch::Device> device = deviceFor(config.device);
    if (!device) return device.error();
    setThreads(config.threads);
    const KeptBlocks kept;
    ClassifierTask task{classifier, config, train, warmStart, observer, job};
    if (task.config.steps == 0) task.config.steps = defaultClassifierSteps(train.count());
    if (task.config.batch == 0) task.config.batch = defaultClassifierBatch(train.count());
    for (int batch = task.config.batch;; batch /= 2) {
        Result<TrainingOutcome> outcome = attempt(task, *device, batch);
        const bool full = !outcome && outcome.error().code == ErrorCode::OutOfMemory;
        if (!full || batch / 2 < kSmallestBatch) return outcome;
    }
}

struct Classifier::Impl {
    ClassifierConfig config;
    Subwords subwords;
    std::shared_ptr<ClassifierNet> net;
    std::shared_ptr<ClassifierSide> side;  // null for models of older versions
    torch::Device device{torch::kCPU};
    std::string deviceName;
    mutable std::mutex busy;

    void readDoubts(const ClassifierOutput& output, const torch::Tensor& present, const ClassifyOptions& options,
                    std::span<ItemPrediction> rows) const {
        const bool multi = config.multiLabel;
        if (options.features) {
            const torch::Tensor borders = bordersOf(output.joint, net->joint()->weight, multi).to(torch::kCPU);
            for (std::size_t row = 0; row < rows.size(); ++row)
                rows[row].toBorder = borders[static_cast<std::int64_t>(row)].item<double>();
        }
        if (options.features && side) {
            const torch::Tensor losses = side->expectedLoss(output).to(torch::kCPU);
            for (std::size_t row = 0; row < rows.size(); ++row)
                rows[row].expectedLoss = losses[static_cast<std::int64_t>(row)].item<double>();
        }
        if (options.dropoutSamples > 0) {
            const torch::Tensor masks =
                dropoutMasks(options.dropoutSamples, net->features(), options.dropout, options.dropoutSeed);
            readSets(droppedLogits(*net, output.fused, masks.to(device)), multi, &ItemPrediction::samples, rows);
        }
        if (options.coalitions) readCoalitions(*net, output, present, multi, rows);
    }

    void look(ItemBatch batch, const ClassifyOptions& options, std::vector<ItemPrediction>& all) const {
        for (const Modality modality : options.without) {
            const auto at = std::find(config.modalities.begin(), config.modalities.end(), modality);
            if (at != config.modalities.end()) batch.present.select(1, at - config.modalities.begin()).zero_();
        }
        std::vector<ItemPrediction> rows;
        const std::int64_t count = batch.present.size(0);
        const std::int64_t most = std::max(1, options.batch);
        for (std::int64_t first = 0; first < count; first += most) {
            const std::int64_t some = std::min(most, count - first);
            ItemBatch given;
            for (const torch::Tensor& media : batch.media)
                given.media.push_back(media.narrow(0, first, some).to(device));
            given.present = batch.present.narrow(0, first, some).to(device);
            const ClassifierOutput output = net->forward(given);
            const std::size_t before = rows.size();
            readOut(output, batch.present.narrow(0, first, some), config, options.features, rows);
            readDoubts(output, given.present, options, std::span(rows).subspan(before));
        }
        std::span<ItemPrediction> left(rows);
        for (std::size_t i = 0; i < batch.items.size(); ++i) {
            const auto own = static_cast<std::size_t>(batch.rows[i]);
            all.push_back(merged(batch.items[i], left.first(own)));
            left = left.subspan(own);
        }
    }
};

Classifier::Classifier(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Classifier::~Classifier() = default;

Result<std::shared_ptr<const Classifier>> Classifier::load(const std::filesystem::path& model,
                                                           const std::string& device) {
    const Result<torch::Device> target = deviceFor(device);
    if (!target) return target.error();
    Result<SavedClassifier> saved = loadClassifier(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<ClassifierNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    auto impl = std::make_unique<Impl>();
    impl->side = reviveSide(*saved, **net);
    try {
        (*net)->to(*target);
        if (impl->side) impl->side->to(*target);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    impl->config = std::move(saved->config);
    impl->subwords = std::move(saved->subwords);
    impl->net = *net;
    impl->device = *target;
    impl->deviceName = nameOf(*target);
    return std::shared_ptr<const Classifier>(new Classifier(std::move(impl)));
}

Result<std::vector<ItemPrediction>> Classifier::predict(const ItemSource& source, const ClassifyOptions& options,
                                                        const Job& job, std::vector<UnreadItem>* unread) const {
    const std::scoped_lock lock(m_impl->busy);
    const KeptBlocks kept;
    std::vector<ItemPrediction> all;
    try {
        const torch::NoGradGuard noGrad;
        ItemBank bank(source, m_impl->config, m_impl->subwords, 0);
        const auto size = static_cast<std::size_t>(std::max(1, options.batch));
        for (std::size_t begin = 0; begin < source.count(); begin += size) {
            if (job.cancelled()) return Job::stopped();
            std::vector<std::size_t> places(std::min(size, source.count() - begin));
            std::iota(places.begin(), places.end(), begin);
            Result<ItemBatch> batch = bank.plain(places, unread, job);
            if (!batch) return batch.error();
            if (batch->items.empty()) continue;
            m_impl->look(std::move(*batch), options, all);
            job.report("Predicting", static_cast<std::int64_t>(begin + places.size()),
                       static_cast<std::int64_t>(source.count()));
        }
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
    if (all.empty() && unread != nullptr && !unread->empty()) return unread->front().error;
    return all;
}

const ClassifierConfig& Classifier::config() const {
    return m_impl->config;
}
const std::string& Classifier::device() const {
    return m_impl->deviceName;
}

}  // namespace querent::learn::classify
