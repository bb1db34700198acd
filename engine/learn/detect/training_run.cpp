#include "engine/learn/detect/training_run.h"

#include "engine/learn/detect/inference.h"
#include "engine/learn/devices.h"
#include "engine/learn/files/json.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/torch_compat.h"

#include <algorithm>
#include <bit>

namespace querent::learn::detect {

namespace {

std::vector<std::uint64_t> numbersOf(const ItemTruth& truth) {
    std::vector<std::uint64_t> numbers = {truth.boxes.size()};
    for (const TrueBox& box : truth.boxes) {
        for (const double side : {box.box.left, box.box.top, box.box.right, box.box.bottom})
            numbers.push_back(std::bit_cast<std::uint64_t>(side));
        numbers.push_back(static_cast<std::uint64_t>(box.label) * 4 + (box.difficult ? 2U : 0U) +
                          (box.crowd ? 1U : 0U));
    }
    return numbers;
}

/** Everything that the weights of a training depend on. */
std::string fingerprintOf(const TrainingTask& task, const networks::BackbonePlan& plan, const torch::Device& device) {
    const TrainingConfig& c = task.config;
    const Augmentation& a = c.augmentation;
    std::string warmClasses;
    for (const int number : c.warmClasses)
        warmClasses += std::to_string(number) + " ";
    const auto numbers = nlohmann::json::array({c.steps,
                                                c.learningRate,
                                                c.weightDecay,
                                                c.warmupShare,
                                                c.emaDecay,
                                                c.gradientNorm,
                                                c.pretrainedPace,
                                                a.flipHorizontal,
                                                a.flipVertical,
                                                a.scale,
                                                a.translate,
                                                a.aspect,
                                                a.moveRows,
                                                a.colour,
                                                a.mosaic,
                                                c.batch,
                                                c.mixedPrecision,
                                                task.train.count(),
                                                std::to_string(descent::snapshotOf(task.train, numbersOf)),
                                                std::to_string(c.seed),
                                                nameOf(device),
                                                task.holdout ? task.holdout->count() : 0,
                                                c.evaluateEvery,
                                                c.patience,
                                                task.warmStart.string(),
                                                warmClasses});
    return toJson(task.detector, plan) + files::jsonText(numbers);
}

/**
 * The old weights, with the rows of a class layer in the order of today's classes; new classes keep their start.
 * @param fresh  the tensors of the network that starts
 * @param layer  "head.classes."
 */
files::NamedTensors carriedOver(const files::NamedTensors& fresh, const files::NamedTensors& old,
                                const std::string& layer, const std::vector<int>& classes) {
    files::NamedTensors tensors = old;
    if (classes.empty()) return tensors;
    const torch::NoGradGuard noGrad;
    for (const std::string& name : {layer + "weight", layer + "bias"}) {
        const auto start = fresh.find(name);
        const auto from = old.find(name);
        if (start == fresh.end() || from == old.end()) continue;
        if (from->second.dim() == 0 || from->second.sizes().slice(1) != start->second.sizes().slice(1)) continue;
        torch::Tensor rows = start->second.clone();
        for (std::size_t c = 0; c < classes.size(); ++c) {
            if (classes[c] < 0 || classes[c] >= from->second.size(0)) continue;
            rows[static_cast<std::int64_t>(c)].copy_(from->second[classes[c]]);
        }
        tensors[name] = rows;
    }
    return tensors;
}

/** The answers of a batch, without its pictures. */
Batch onDevice(const Batch& batch, const torch::Device& device) {
    Batch answers;
    answers.labels = batch.labels.to(device);
    answers.boxes = batch.boxes.to(device);
    answers.weights = batch.weights.to(device);
    return answers;
}

/** [N], what each picture alone would have cost. */
torch::Tensor lossesOf(const networks::DetectorOutput& output, const Batch& batch) {
    const torch::NoGradGuard noGrad;
    std::vector<torch::Tensor> losses;
    for (std::int64_t n = 0; n < batch.labels.size(0); ++n) {
        const auto one = [n](const torch::Tensor& all) { return all.detach().narrow(0, n, 1); };
        const networks::DetectorOutput picture{one(output.classes), one(output.boxes), one(output.quality)};
        losses.push_back(
            losses::detectionLoss(picture, one(batch.labels), one(batch.boxes), one(batch.weights)).total());
    }
    return torch::stack(losses);
}

ItemTruth truthOf(const ItemSource& source, std::size_t i) {
    return source.truth(i);
}

}  // namespace

TrainingRun::TrainingRun(const TrainingTask& task, torch::Device device, int batch)
    : m_task(task), m_config(task.config), m_device(device), m_batch(batch) {}

TrainingRun::~TrainingRun() {
    if (m_prefetched.valid()) m_prefetched.wait();
}

Result<TrainingOutcome> TrainingRun::run() {
    if (const Result<void> ready = prepare(); !ready) return ready.error();
    resume();
    while (!finished()) {
        if (const Result<void> step = oneStep(); !step) return step.error();
        if (const Result<void> after = afterStep(); !after) return after.error();
    }
    return finish();
}

void TrainingRun::resume() {
    m_descent->resume(fingerprintOf(m_task, m_start.plan, m_device));
    if (m_sideDescent && m_descent->state.step > 0) m_sideDescent->restore(m_descent->state.side);
}

Result<void> TrainingRun::prepare() {
    Result<BackboneStart> start = backboneStart(m_task.detector);
    if (!start) return start.error();
    m_start = std::move(*start);
    m_net =
        std::make_shared<networks::DetectorNet>(m_start.plan, m_task.detector.classes, Rng(m_config.seed, "weights"));
    if (!m_start.tensors.empty()) files::fillTensors(m_net->backbone(), m_start.tensors);
    if (m_config.sideHeads)
        m_side = std::make_shared<networks::DetectorSide>(m_net->width(), m_task.detector.classes, m_config.seed);
    if (const Result<void> warm = loadWarmStart(); !warm) return warm;
    m_net->to(m_device);
    m_net->train();
    m_net->backbone().stopPoint.listenTo(m_task.job.token());
    // What finds edges is as good for other pictures, and finds them at most of the backbone's cost.
    for (torch::Tensor& early : m_net->backbone().early(4))
        early.requires_grad_(false);
    std::vector<torch::Tensor> learnt;
    if (networks::isNanoDet(m_start.plan)) learnt = m_net->backbone().parameters();
    m_descent.emplace(*m_net, m_config, m_batch, m_task.job, learnt);
    if (m_side) {
        m_side->to(m_device);
        m_sideDescent.emplace(*m_side, m_config);
    }
    m_sampler.emplace(m_task.train, m_task.detector.classes, m_task.detector.input, m_config);
    return {};
}

Result<void> TrainingRun::loadWarmStart() {
    if (m_task.warmStart.empty()) return {};
    const Result<SavedModel> old = loadModel(m_task.warmStart);
    if (!old) return old.error();
    if (old->plan.layout != m_start.plan.layout || old->plan.script != m_start.plan.script) {
        return fail(ErrorCode::InvalidArgument, "The model to start from is a network of another kind.",
                    m_task.warmStart);
    }
    const std::string head = "head.classes.";
    files::fillTensors(*m_net, carriedOver(files::tensorsOf(*m_net), old->tensors, head, m_config.warmClasses));
    if (!m_side) return {};
    const std::string second = "side.classes.";
    descent::fillSideTensors(*m_side,
                             carriedOver(descent::sideTensorsOf(*m_side), old->tensors, second, m_config.warmClasses));
    return {};
}

Result<Batch> TrainingRun::nextBatch() {
    const descent::TrainingState& state = m_descent->state;
    const auto draw = [this, size = state.batch](int step) { return m_sampler->batchOf(step, size, m_task.job); };
    Result<Batch> batch = m_prefetched.valid() ? m_prefetched.get() : draw(state.step);
    // The next batch is decoded and changed while this one is learnt from.
    if (state.step + 1 < m_config.steps) m_prefetched = std::async(std::launch::async, draw, state.step + 1);
    return batch;
}

networks::DetectorOutput TrainingRun::outputOf(const Batch& batch) {
    const bool worthIt = m_device.is_cuda() || networks::isNanoDet(m_start.plan);
    const AutocastScope mixed(m_device, m_config.mixedPrecision && worthIt);
    return m_net->forward(batch.pictures.to(m_device));
}

// The heads that look on learn from what the network said in this step. No picture, and no number, more than that.
void TrainingRun::sideStep(const networks::DetectorOutput& output, const Batch& batch, double rate) {
    const torch::Tensor classes = losses::classLoss(m_side->secondClasses(output), batch.labels, batch.weights);
    const torch::Tensor ranks = networks::rankingLoss(m_side->expectedLoss(output), lossesOf(output, batch));
    m_sideDescent->step(classes + ranks, m_descent->state.step, rate);
    m_descent->state.side = m_sideDescent->captured();
}

Result<void> TrainingRun::oneStep() {
    if (m_task.job.cancelled()) return Job::stopped();
    const Result<Batch> batch = nextBatch();
    if (!batch) return batch.error();
    const networks::DetectorOutput output = outputOf(*batch);
    const Batch answers = onDevice(*batch, m_device);
    const losses::DetectionLoss loss = losses::detectionLoss(output, answers.labels, answers.boxes, answers.weights);
    TrainingStep told;
    m_descent->step(loss.total(), told);
    if (m_side) sideStep(output, answers, told.learningRate);
    told.classLoss = loss.classes.item<double>();
    told.boxLoss = loss.boxes.item<double>();
    told.qualityLoss = loss.quality.item<double>();
    told.loss = m_descent->state.loss = told.classLoss + told.boxLoss + told.qualityLoss;
    if (m_task.observer) m_task.observer(told);
    return {};
}

Result<void> TrainingRun::afterStep() {
    const bool due = m_config.evaluateEvery > 0 && m_descent->state.step % m_config.evaluateEvery == 0;
    if (due && !finished()) {
        if (const Result<void> done = evaluate(); !done) return done;
    }
    return m_descent->keepCheckpoint();
}

/** Measures the averaged weights on the holdout and keeps the best ones. */
Result<void> TrainingRun::evaluate() {
    if (!m_task.holdout || m_task.holdout->count() == 0) return {};
    const torch::NoGradGuard noGrad;
    descent::FlatModel& model = m_descent->model;
    descent::TrainingState& state = m_descent->state;
    const torch::Tensor weights = model.weights.clone();
    const torch::Tensor statistics = model.statistics.clone();
    m_descent->takeAverage();
    const auto predictions =
        inferAll(*m_net, m_task.detector, m_device, *m_task.holdout, PredictOptions{}, Job(m_task.job.token()));
    model.weights.copy_(weights);
    model.statistics.copy_(statistics);
    m_net->backbone().stopPoint.listenTo(m_task.job.token());
    if (!predictions) return predictions.error();

    std::vector<ItemTruth> truth;
    for (std::size_t i = 0; i < m_task.holdout->count(); ++i)
        truth.push_back(truthOf(*m_task.holdout, i));
    const Result<double> map = metrics::map50(truth, *predictions, m_task.detector.classes);
    if (!map) return map.error();
    ++state.sinceBest;
    if (*map > state.bestMap || !state.bestWeights.defined()) {
        state.bestMap = *map;
        state.sinceBest = 0;
        state.bestWeights = m_descent->average.weights.clone();
        state.bestStatistics = m_descent->average.statistics.clone();
        if (m_sideDescent) {
            m_sideDescent->keepBest();
            state.side = m_sideDescent->captured();
        }
    }
    m_patienceSpent = m_config.patience > 0 && state.sinceBest >= m_config.patience;
    return {};
}

Result<TrainingOutcome> TrainingRun::finish() {
    if (const Result<void> done = evaluate(); !done) return done.error();
    if (m_prefetched.valid()) m_prefetched.wait();  // with a time limit a batch may still be on its way
    const descent::TrainingState& state = m_descent->state;
    m_descent->takeAverage();
    if (state.bestWeights.defined() && state.bestWeights.numel() > 0) {
        const torch::NoGradGuard noGrad;
        m_descent->model.weights.copy_(state.bestWeights);
        m_descent->model.statistics.copy_(state.bestStatistics);
    }
    SavedModel saved{m_task.detector, m_start.plan, files::tensorsOf(*m_net)};
    if (m_sideDescent) {
        m_sideDescent->takeAverage();
        saved.tensors.merge(descent::sideTensorsOf(*m_side));
    }
    saved.config.backboneWeights.clear();
    if (const Result<void> done = saveModel(m_config.model, saved); !done) return done.error();
    m_descent->dropCheckpoint();
    TrainingOutcome outcome = m_descent->outcome(m_device);
    outcome.unread = m_sampler->unread();
    if (state.bestMap >= 0.0) outcome.holdoutMap50 = state.bestMap;
    return outcome;
}

}  // namespace querent::learn::detect
