#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/unread.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace querent::learn {

/** One step of training, for charts and logs. The losses are means over the batch. */
struct TrainingStep {
    int step = 0;  // 1-based
    int of = 0;
    double loss = 0.0;             // the sum of the parts
    double classLoss = 0.0;        // focal
    double boxLoss = 0.0;          // GIoU
    double qualityLoss = 0.0;      // binary cross-entropy of the predicted IoU
    double rate = 0.0;             // learning rate of the step
    double imagesPerSecond = 0.0;  // running mean
};
using TrainingObserver = std::function<void(const TrainingStep&)>;

struct TrainingOutcome {
    int steps = 0;  // those taken, earlier sessions of a resumed training included
    double finalLoss = 0.0;
    double seconds = 0.0;                // of this call
    int batch = 0;                       // smaller than asked for when memory ran out
    std::optional<double> holdoutMap50;  // of the saved model; empty without a holdout
    std::filesystem::path model;
    std::string device;              // "cpu", "cuda:0"
    std::vector<UnreadItem> unread;  // drawn, and left out because they could not be read
};

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

}  // namespace querent::learn
