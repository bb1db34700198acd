#pragma once

// Internal: torch inside.

#include "engine/core/job.h"
#include "engine/core/training.h"
#include "engine/learn/descent/checkpoint.h"
#include "engine/learn/descent/optimiser.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/training_outcome.h"

#include <chrono>
#include <string>
#include <vector>

namespace querent::learn::descent {

/**
 * What every training has in common on its way down the loss, whatever its network: weights, optimiser, averaged
 * weights, the count of steps, the clock, and the checkpoint from which all of it goes on. Network, settings and job
 * outlive it. One thread.
 */
class Descent {
 public:
    /** @param learnt  parameters that have learnt before: they go at settings.pretrainedPace */
    Descent(torch::nn::Module& network, const TrainingSettings& settings, int batch, const Job& job,
            const std::vector<torch::Tensor>& learnt = {});
    Descent(const Descent&) = delete;
    Descent& operator=(const Descent&) = delete;

    /** Goes on from the checkpoint where there is one of this fingerprint whose batches are not larger than ours. */
    void resume(const std::string& fingerprint);

    /** All steps are taken, or the time is up. */
    bool finished() const;
    /** One step along the gradient of a scalar. `told` gets step, rate and speed; its losses are the caller's. */
    void step(const torch::Tensor& loss, TrainingStep& told);
    /** Writes the checkpoint when one is due. */
    Result<void> keepCheckpoint();

    /** Puts the averaged weights in the place of the trained ones. */
    void takeAverage();
    /** The checkpoint has done its work. */
    void dropCheckpoint();
    /** What can be told of this training when it has ended; seconds are those of this call. */
    TrainingOutcome outcome(const torch::Device& device) const;

    FlatModel model;
    WeightAverage average;
    TrainingState state;

 private:
    double progress() const;
    double seconds() const;

    const TrainingSettings& m_settings;
    const Job& m_job;
    AdamW m_optimiser;
    double m_earlierSeconds = 0.0;
    int m_firstStep = 0;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

}  // namespace querent::learn::descent
