#include "engine/learn/descent/descent.h"

#include "engine/learn/devices.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace querent::learn::descent {

Descent::Descent(torch::nn::Module& network, const TrainingSettings& settings, int batch, const Job& job,
                 const std::vector<torch::Tensor>& learnt)
    : model(network, learnt, settings.pretrainedPace),
      average(model, settings.emaDecay),
      m_settings(settings),
      m_job(job),
      m_optimiser(model, settings.weightDecay) {
    state.batch = batch;
}

void Descent::resume(const std::string& fingerprint) {
    state.fingerprint = fingerprint;
    if (m_settings.checkpoint.empty()) return;
    std::optional<TrainingState> old = loadState(m_settings.checkpoint, fingerprint);
    if (!old || old->batch > state.batch || !restore(*old, model, m_optimiser, average)) return;
    state = std::move(*old);
    m_earlierSeconds = state.seconds;
    m_firstStep = state.step;
}

double Descent::seconds() const {
    return m_earlierSeconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - m_began).count();
}

bool Descent::finished() const {
    if (state.step >= m_settings.steps) return true;
    return m_settings.maxSeconds > 0.0 && seconds() >= m_settings.maxSeconds;
}

double Descent::progress() const {
    const double bySteps = static_cast<double>(state.step + 1) / m_settings.steps;
    return m_settings.maxSeconds > 0.0 ? std::max(bySteps, seconds() / m_settings.maxSeconds) : bySteps;
}

void Descent::step(const torch::Tensor& loss, TrainingStep& told) {
    model.gradients.zero_();
    loss.backward();
    clipGradients(model, m_settings.gradientNorm);
    told.learningRate = cosineRate(m_settings.learningRate, m_settings.warmupShare, progress());
    ++state.step;
    m_optimiser.step(state.step, told.learningRate);
    average.update(model, state.step);
    told.step = state.step;
    told.steps = m_settings.steps;
    const double spent = seconds() - m_earlierSeconds;
    told.itemsPerSecond = (state.step - m_firstStep) * state.batch / std::max(spent, 1e-9);
    if (told.itemsPerSecond > 0.0) told.secondsLeft = (told.steps - told.step) * state.batch / told.itemsPerSecond;
    m_job.report("Training", state.step, m_settings.steps);
}

Result<void> Descent::keepCheckpoint() {
    const bool due = m_settings.checkpointEvery > 0 && state.step % m_settings.checkpointEvery == 0;
    if (!due || m_settings.checkpoint.empty() || finished()) return {};
    state.seconds = seconds();
    capture(state, model, m_optimiser, average);
    return saveState(m_settings.checkpoint, state);
}

void Descent::takeAverage() {
    const torch::NoGradGuard noGrad;
    model.weights.copy_(average.weights);
    model.statistics.copy_(average.statistics);
}

void Descent::dropCheckpoint() {
    if (m_settings.checkpoint.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(m_settings.checkpoint, ignored);
}

TrainingOutcome Descent::outcome(const torch::Device& device) const {
    TrainingOutcome outcome;
    outcome.steps = state.step;
    outcome.finalLoss = state.loss;
    outcome.seconds = seconds() - m_earlierSeconds;
    outcome.batch = state.batch;
    outcome.model = m_settings.model;
    outcome.device = nameOf(device);
    return outcome;
}

}  // namespace querent::learn::descent
