#include "engine/learn/classify/classifier_run.h"

#include "engine/learn/devices.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/start_weights.h"
#include "engine/learn/losses/evidential.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace querent::learn::classify {

namespace {

std::vector<std::uint64_t> numbersOf(const ItemTruth& truth) {
    std::vector<std::uint64_t> numbers = {truth.labels.size()};
    for (const int label : truth.labels)
        numbers.push_back(static_cast<std::uint64_t>(label));
    return numbers;
}

/** Everything that the weights of a training depend on. */
std::string fingerprintOf(const ClassifierTask& task, const Subwords& subwords, const torch::Device& device) {
    const ClassifierTraining& c = task.config;
    const ItemAugmentation& a = c.augmentation;
    auto numbers = nlohmann::json::array();
    for (const double value :
         {double(c.steps), double(c.batch), c.learningRate,   c.weightDecay,  c.warmupShare,
          c.emaDecay,      c.gradientNorm,  c.pretrainedPace, c.evidence,     c.smoothing,
          c.dropout,       c.balance,       a.shift,          a.turn,         a.flip,
          a.scale,         a.colour,        a.noise,          a.timeShift,    a.timeMask,
          a.bandMask,      a.soundNoise,    a.dropToken,      a.dropModality, double(task.train.count())})
        numbers.push_back(value);
    for (const int number : c.warmClasses)
        numbers.push_back(number);
    for (const std::string& text : {std::to_string(descent::snapshotOf(task.train, numbersOf)), std::to_string(c.seed),
                                    nameOf(device), task.warmStart.string()})
        numbers.push_back(text);
    return toJson(task.classifier, subwords) + files::jsonText(numbers);
}

/** The old weights, with the rows of the class layers in the order of today's classes; new classes keep their start. */
files::NamedTensors carriedOver(const torch::nn::Module& fresh, const SavedClassifier& old,
                                const std::vector<int>& classes) {
    files::NamedTensors tensors = old.tensors;
    if (classes.empty()) return tensors;
    const torch::NoGradGuard noGrad;
    for (const auto& named : fresh.named_parameters()) {
        const std::string& name = named.key();
        const bool ofClasses = name.rfind("joint.", 0) == 0 || name.find("_head.") != std::string::npos;
        const auto from = old.tensors.find(name);
        if (!ofClasses || from == old.tensors.end()) continue;
        if (from->second.dim() == 0 || from->second.sizes().slice(1) != named.value().sizes().slice(1)) continue;
        torch::Tensor rows = named.value().detach().clone();
        for (std::size_t c = 0; c < classes.size(); ++c) {
            if (classes[c] < 0 || classes[c] >= from->second.size(0)) continue;
            rows[static_cast<std::int64_t>(c)].copy_(from->second[classes[c]]);
        }
        tensors[name] = rows;
    }
    return tensors;
}

bool sameNetwork(const ClassifierConfig& a, const ClassifierConfig& b) {
    return a.size == b.size && a.modalities == b.modalities && a.bands == b.bands && a.photographs == b.photographs;
}

ItemBatch onDevice(const ItemBatch& batch, const torch::Device& device) {
    ItemBatch out;
    for (const torch::Tensor& media : batch.media)
        out.media.push_back(media.to(device));
    out.present = batch.present.to(device);
    out.targets = batch.targets.to(device);
    return out;
}

}  // namespace

ClassifierRun::ClassifierRun(const ClassifierTask& task, torch::Device device, int batch)
    : m_task(task), m_config(task.config), m_device(device), m_batch(batch) {}

ClassifierRun::~ClassifierRun() {
    if (m_prefetched.valid()) m_prefetched.wait();
}

Result<TrainingOutcome> ClassifierRun::run() {
    if (const Result<void> ready = prepare(); !ready) return ready.error();
    m_descent->resume(fingerprintOf(m_task, m_subwords, m_device));
    if (m_sideDescent && m_descent->state.step > 0) m_sideDescent->restore(m_descent->state.side);
    while (!m_descent->finished()) {
        if (const Result<void> step = oneStep(); !step) return step.error();
        if (const Result<void> kept = m_descent->keepCheckpoint(); !kept) return kept.error();
    }
    return finish();
}

Result<void> ClassifierRun::prepare() {
    if (!m_task.warmStart.empty()) {
        Result<SavedClassifier> old = loadClassifier(m_task.warmStart);
        if (!old) return old.error();
        if (!sameNetwork(old->config, m_task.classifier)) {
            return fail(ErrorCode::InvalidArgument, "The model to start from is a network of another kind.",
                        m_task.warmStart);
        }
        m_warm = std::move(*old);
    }
    if (const Result<void> learnt = learnSubwords(); !learnt) return learnt;
    m_bank.emplace(m_task.train, m_task.classifier, m_subwords, m_config.cacheBytes);
    if (const Result<void> read = readItems(); !read) return read;
    weighClasses();
    m_net = std::make_shared<ClassifierNet>(m_task.classifier, m_subwords.size(), Rng(m_config.seed, "weights"));
    if (const Result<void> started = takeStart(); !started) return started;
    m_net->to(m_device);
    m_net->train();
    std::vector<torch::Tensor> learnt;
    if (networks::PhotoEncoder* photographs = m_net->photographs()) {
        // What finds edges and textures is as good for other photographs, and finds them at half of the cost.
        for (torch::Tensor& early : photographs->backbone().early(8))
            early.requires_grad_(false);
        photographs->backbone().stopPoint.listenTo(m_task.job.token());
        learnt = photographs->backbone().parameters();
        photographs->mixedPrecision = m_config.mixedPrecision && !m_device.is_cuda();
    }
    m_descent.emplace(*m_net, m_config, m_batch, m_task.job, learnt);
    prepareSide();
    return {};
}

Result<void> ClassifierRun::takeStart() {
    if (m_warm) {
        files::fillTensors(*m_net, carriedOver(*m_net, *m_warm, m_config.warmClasses));
    } else if (networks::PhotoEncoder* photographs = m_net->photographs()) {
        const Result<files::TensorFile> start = files::startWeights();
        if (!start) return start.error();
        files::fillTensors(photographs->backbone(), files::partOf(start->tensors, "backbone."));
    }
    return {};
}

void ClassifierRun::prepareSide() {
    if (!m_config.sideHeads) return;
    m_side = std::make_shared<ClassifierSide>(m_task.classifier.modalities.size(), m_net->features(), m_config.seed);
    if (m_warm) descent::fillSideTensors(*m_side, m_warm->tensors);
    m_side->to(m_device);
    m_sideDescent.emplace(*m_side, m_config);
}

// The words of the warm start go on: its embeddings belong to them.
Result<void> ClassifierRun::learnSubwords() {
    if (m_warm) {
        m_subwords = m_warm->subwords;
        return {};
    }
    const auto& modalities = m_task.classifier.modalities;
    if (std::find(modalities.begin(), modalities.end(), Modality::Text) == modalities.end()) return {};
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < m_task.train.count(); ++i) {
        if (m_task.job.cancelled()) return Job::stopped();
        const Result<Content> content = m_task.train.content(i, Modality::Text, {});
        if (!content) continue;
        if (const auto* text = std::get_if<std::string>(&*content)) texts.push_back(*text);
    }
    m_subwords = Subwords::learn(texts);
    return {};
}

// Every item is tried once, so that no batch meets one that cannot be read.
Result<void> ClassifierRun::readItems() {
    for (std::size_t i = 0; i < m_task.train.count(); ++i) {
        if (m_task.job.cancelled()) return Job::stopped();
        m_task.job.report("Reading", static_cast<std::int64_t>(i), static_cast<std::int64_t>(m_task.train.count()));
        const ItemTruth truth = m_task.train.truth(i);
        if (truth.labels.empty() && !m_task.classifier.multiLabel) continue;
        const auto item = m_bank->item(i);
        if (item) {
            m_readable.push_back(i);
        } else if (concernsOneItem(item.error())) {
            m_unread.push_back({truth.item, item.error()});
        } else {
            return item.error();
        }
    }
    if (!m_readable.empty()) return {};
    if (!m_unread.empty()) return m_unread.front().error;
    return fail(ErrorCode::InvalidArgument, "There are no labelled items to learn from.");
}

void ClassifierRun::weighClasses() {
    const auto classes = static_cast<std::size_t>(m_task.classifier.classes);
    std::vector<double> counts(classes, 0.0);
    double items = 0.0;
    for (const std::size_t place : m_readable) {
        for (const int label : m_task.train.truth(place).labels) {
            counts[static_cast<std::size_t>(label)] += 1.0;
            items += 1.0;
        }
    }
    // So that the mean weight of an item is 1.
    double sum = 0.0;
    std::vector<float> weights(classes, 1.0F);
    for (std::size_t c = 0; c < classes; ++c) {
        if (counts[c] == 0.0 || m_task.classifier.multiLabel) continue;
        const double weight = std::pow(counts[c], -m_config.balance);
        weights[c] = static_cast<float>(weight);
        sum += weight * counts[c];
    }
    m_classWeights = torch::tensor(weights);
    if (sum > 0.0) m_classWeights.mul_(items / sum);
    m_classWeights = m_classWeights.to(m_device);
}

// Every item comes once an epoch, in an order of that epoch's own.
Result<ItemBatch> ClassifierRun::drawBatch(int step) {
    const std::size_t count = m_readable.size();
    const auto size = static_cast<std::size_t>(m_descent->state.batch);
    std::vector<std::size_t> places;
    for (std::size_t n = 0; n < size;) {
        const std::size_t position = static_cast<std::size_t>(step) * size + n;
        const std::size_t epoch = position / count;
        std::vector<std::size_t> order = m_readable;
        Rng(deriveSeed(m_config.seed, "epoch " + std::to_string(epoch))).shuffle(order);
        for (std::size_t at = position % count; at < count && n < size; ++at, ++n)
            places.push_back(order[at]);
    }
    const std::uint64_t seed = deriveSeed(m_config.seed, "step " + std::to_string(step));
    return m_bank->changed(places, m_config.augmentation, seed, m_task.job);
}

Result<ItemBatch> ClassifierRun::nextBatch() {
    Result<ItemBatch> batch = m_prefetched.valid() ? m_prefetched.get() : drawBatch(m_descent->state.step);
    // The next batch is made while this one is learnt from.
    const int next = m_descent->state.step + 1;
    if (next < m_config.steps) {
        m_prefetched = std::async(std::launch::async, [this, next] { return drawBatch(next); });
    }
    return batch;
}

// [N]: cross-entropy and, in single-label tasks, evidence.
torch::Tensor ClassifierRun::itemLosses(const torch::Tensor& logits, const torch::Tensor& targets) {
    if (m_task.classifier.multiLabel)
        return torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None).mean(1);
    const double share = m_config.smoothing / static_cast<double>(targets.size(1));
    const torch::Tensor smooth = targets * (1.0 - m_config.smoothing) + share;
    const double annealing = std::min(1.0, 2.0 * m_descent->state.step / m_config.steps);
    torch::Tensor loss = -(smooth * torch::log_softmax(logits, 1)).sum(1);
    if (m_config.evidence > 0.0)
        loss = loss + m_config.evidence * losses::evidentialLoss(losses::evidenceOf(logits), targets, annealing);
    return loss;
}

ClassifierOutput ClassifierRun::outputOf(const ItemBatch& given) {
    torch::Tensor mask;
    if (m_config.dropout > 0.0) {
        auto generator = at::detail::createCPUGenerator(
            deriveSeed(m_config.seed, "dropout " + std::to_string(m_descent->state.step)));
        const double kept = 1.0 - m_config.dropout;
        mask = torch::empty({given.present.size(0), m_net->features()}).bernoulli_(kept, generator).div_(kept);
        mask = mask.to(m_device);
    }
    return m_net->forward(given, mask);
}

// A weighted mean over the items for each head, and the mean of those.
torch::Tensor ClassifierRun::lossOf(const ClassifierOutput& output, const ItemBatch& given) {
    const torch::Tensor weights = m_task.classifier.multiLabel ? torch::ones_like(given.targets.select(1, 0))
                                                               : (given.targets * m_classWeights).sum(1);
    const auto headLoss = [&](const torch::Tensor& logits, const torch::Tensor& counts) {
        return (itemLosses(logits.to(torch::kFloat), given.targets) * counts).sum() / counts.sum().clamp_min(1e-6);
    };
    torch::Tensor loss = headLoss(output.joint, weights);
    for (std::size_t m = 0; m < output.logits.size(); ++m) {
        const torch::Tensor there = given.present.select(1, static_cast<std::int64_t>(m)).gt(0.0);
        loss = loss + headLoss(output.logits[m], weights * there);
    }
    return loss / static_cast<double>(output.logits.size() + 1);
}

// The head that looks on learns in which items the joint head's answer cost more.
void ClassifierRun::sideStep(const ClassifierOutput& output, const ItemBatch& given, int step, double rate) {
    const torch::Tensor losses = itemLosses(output.joint.detach().to(torch::kFloat), given.targets);
    m_sideDescent->step(networks::rankingLoss(m_side->expectedLoss(output), losses), step, rate);
    m_descent->state.side = m_sideDescent->captured();
}

Result<void> ClassifierRun::oneStep() {
    if (m_task.job.cancelled()) return Job::stopped();
    const Result<ItemBatch> batch = nextBatch();
    if (!batch) return batch.error();
    const ItemBatch given = onDevice(*batch, m_device);
    ClassifierOutput output;
    torch::Tensor loss;
    {
        const AutocastScope mixed(m_device, m_config.mixedPrecision && m_device.is_cuda());
        output = outputOf(given);
        loss = lossOf(output, given);
    }
    TrainingStep told;
    m_descent->step(loss, told);
    if (m_side) sideStep(output, given, m_descent->state.step, told.learningRate);
    told.loss = told.classLoss = m_descent->state.loss = loss.item<double>();
    if (m_task.observer) m_task.observer(told);
    return {};
}

Result<TrainingOutcome> ClassifierRun::finish() {
    m_descent->takeAverage();
    files::NamedTensors tensors = files::tensorsOf(*m_net);
    if (m_sideDescent) {
        m_sideDescent->takeAverage();
        tensors.merge(descent::sideTensorsOf(*m_side));
    }
    const Result<void> saved = saveClassifier(m_config.model, {m_task.classifier, m_subwords, std::move(tensors)});
    if (!saved) return saved.error();
    m_descent->dropCheckpoint();
    TrainingOutcome outcome = m_descent->outcome(m_device);
    outcome.unread = m_unread;
    return outcome;
}

}  // namespace querent::learn::classify
