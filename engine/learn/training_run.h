#pragma once

// Internal: torch inside.

#include "engine/learn/checkpoint.h"
#include "engine/learn/losses/detection_loss.h"
#include "engine/learn/model_file.h"
#include "engine/learn/optimiser.h"
#include "engine/learn/sampler.h"
#include "engine/learn/trainer.h"
#include "engine/learn/weights.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>

namespace querent::learn {

/** What a training is given; references live as long as the run. */
struct TrainingTask {
    DetectorConfig detector;  // input already fits the network
    TrainingConfig config;    // steps > 0
    const ItemSource& train;
    const ItemSource* holdout;
    std::filesystem::path warmStart;
    const TrainingObserver& observer;
    const Job& job;
};

/** One training from its start, or its checkpoint, to its model file. Used once, on one thread. */
class TrainingRun {
 public:
    TrainingRun(const TrainingTask& task, torch::Device device, int batch);
    ~TrainingRun();

    Result<TrainingOutcome> run();

 private:
    Result<void> prepare();
    Result<void> loadWarmStart();
    void resume();
    bool finished() const;
    double progress() const;
    Result<void> oneStep();
    Result<Batch> nextBatch();
    DetectionLoss lossOf(const Batch& batch);
    void tell(const DetectionLoss& loss, double rate);
    Result<void> afterStep();
    Result<void> evaluate();
    Result<void> keepCheckpoint();
    Result<TrainingOutcome> finish();
    double seconds() const;

    const TrainingTask& m_task;
    const TrainingConfig& m_config;
    torch::Device m_device;
    BackboneStart m_start;
    std::shared_ptr<DetectorNet> m_net;
    std::optional<FlatModel> m_model;
    std::optional<AdamW> m_optimiser;
    std::optional<WeightAverage> m_average;
    std::optional<Sampler> m_sampler;
    TrainingState m_state;
    double m_earlierSeconds = 0.0;
    int m_firstStep = 0;
    bool m_patienceSpent = false;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
    std::future<Result<Batch>> m_prefetched;  // of step m_state.step; waited for before the sampler dies
};

}  // namespace querent::learn
