#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/core/training.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/training_outcome.h"

#include <filesystem>

namespace querent::learn::detect {

/**
 * Trains a detector and writes it as one file: configuration, class count, averaged weights.
 * Deterministic on the processor: the same sources, configurations and seed give the same weights with the same number
 * of threads, also when training was interrupted and resumed from its checkpoint. One training at a time a process;
 * any thread.
 */
class DetectorTrainer {
 public:
    /**
     * @param train      pictures to learn from, empty ones included; labels are in [0, detector.classes). Crowd boxes
     *                   are ignored regions: no loss is computed inside; difficult boxes train as all others. A
     *                   picture that cannot be read gives its turn to the next one; without any it is an error.
     * @param holdout    evaluated as TrainingConfig says; null for none. The best evaluation's weights are saved.
     * @param warmStart  a model file of the same network (TrainingConfig::warmClasses says which of its classes go
     *                   on); empty: from scratch or from detector.backboneWeights.
     * @param observer   called after every step on the calling thread; may be empty.
     * @return Cancelled within 0.5 s of the wish (the checkpoint stays); InvalidArgument for settings that make no
     *         sense; Unsupported for a missing device; OutOfMemory when even one picture a batch does not fit.
     */
    Result<TrainingOutcome> train(const DetectorConfig& detector, const TrainingConfig& config, const ItemSource& train,
                                  const ItemSource* holdout, const std::filesystem::path& warmStart,
                                  const TrainingObserver& observer, const Job& job) const;
};

}  // namespace querent::learn::detect
