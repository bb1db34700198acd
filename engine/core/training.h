#pragma once

#include <functional>
#include <string>

namespace querent {

/** One step of a training, for charts and logs. The losses are means over the batch. */
struct TrainingStep {
    int step = 0;  // 1-based
    int steps = 0;
    double loss = 0.0;         // the sum of the parts
    double classLoss = 0.0;    // of boxes: focal
    double boxLoss = 0.0;      // of boxes: GIoU
    double qualityLoss = 0.0;  // of boxes: binary cross-entropy of the predicted IoU
    double learningRate = 0.0;
    double itemsPerSecond = 0.0;  // running mean
    double secondsLeft = 0.0;     // 0 = not known yet
};
using TrainingObserver = std::function<void(const TrainingStep&)>;

/** Hears a plain sentence about something that did not stop the work: pictures that were left out. */
using Note = std::function<void(const std::string&)>;

}  // namespace querent
