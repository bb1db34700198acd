#pragma once

// Internal: torch inside.

#include "engine/learn/descent/descent.h"
#include "engine/learn/descent/side_descent.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/sampler.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/losses/detection_loss.h"

#include <future>
#include <memory>
#include <optional>

namespace querent::learn::detect {

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
    bool finished() const { return m_descent->finished() || m_patienceSpent; }
    Result<void> oneStep();
    Result<Batch> nextBatch();
    networks::DetectorOutput outputOf(const Batch& batch);
    void sideStep(const networks::DetectorOutput& output, const Batch& batch, double rate);
    Result<void> afterStep();
    Result<void> evaluate();
    Result<TrainingOutcome> finish();

    const TrainingTask& m_task;
    const TrainingConfig& m_config;
    torch::Device m_device;
    BackboneStart m_start;
    std::shared_ptr<networks::DetectorNet> m_net;
    int m_batch;
    std::optional<descent::Descent> m_descent;
    std::shared_ptr<networks::DetectorSide> m_side;  // with its descent; null where the settings want none
    std::optional<descent::SideDescent> m_sideDescent;
    std::optional<Sampler> m_sampler;
    bool m_patienceSpent = false;
    std::future<Result<Batch>> m_prefetched;  // of the next step; waited for before the sampler dies
};

}  // namespace querent::learn::detect
