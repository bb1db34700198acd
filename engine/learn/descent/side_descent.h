#pragma once

// Internal: torch inside.

#include "engine/learn/descent/optimiser.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/files/model_archive.h"

#include <torch/torch.h>

namespace querent::learn::descent {

/**
 * The way down for heads that look on (side_heads.h): weights, optimiser and average of their own, the rate and the
 * steps those of the network they stand beside. The loss must not lead back into that network. `heads` and `settings`
 * outlive it; the heads are on their device, and stay there.
 */
class SideDescent {
 public:
    SideDescent(torch::nn::Module& heads, const TrainingSettings& settings);
    SideDescent(const SideDescent&) = delete;
    SideDescent& operator=(const SideDescent&) = delete;

    /** One step, the 1-based `step` of the training, along the gradient of a scalar. */
    void step(const torch::Tensor& loss, int step, double rate);

    /** All that changes, for a checkpoint; not copies. */
    files::NamedTensors captured() const;
    /** The way back. Where something is missing, as in checkpoints of older versions, all is left as it is. */
    void restore(const files::NamedTensors& state);

    /** Remembers the average of now as the best. */
    void keepBest();
    /** Puts the best average, or that of now where none was kept, in the place of the trained weights. */
    void takeAverage();

 private:
    FlatModel m_model;
    WeightAverage m_average;
    AdamW m_optimiser;
    double m_gradientNorm;
    torch::Tensor m_best;  // undefined: none was kept
};

/** The tensors of `heads` under names that no network's tensors have, and back; false where one is missing. */
files::NamedTensors sideTensorsOf(const torch::nn::Module& heads);
bool fillSideTensors(torch::nn::Module& heads, const files::NamedTensors& model);

}  // namespace querent::learn::descent
