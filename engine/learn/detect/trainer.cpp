#include "engine/learn/detect/trainer.h"

#include "engine/learn/block_cache.h"
#include "engine/learn/detect/training_run.h"
#include "engine/learn/devices.h"

#include <algorithm>

namespace querent::learn::detect {

namespace {

Result<void> checked(const DetectorConfig& d, const TrainingConfig& c, const ItemSource& train) {
    const auto wrong = [](const char* sentence) { return fail(ErrorCode::InvalidArgument, sentence); };
    if (d.classes < 1) return wrong("A detector needs at least one class.");
    if (d.input.empty()) return wrong("The network's input size must be positive.");
    if (train.count() == 0) return wrong("There are no labelled pictures to learn from.");
    if (c.model.empty()) return wrong("No file was named for the trained model.");
    if (c.batch < 1) return wrong("The batch size must be at least 1.");
    if (c.steps < 0) return wrong("The number of steps cannot be negative.");
    if (!(c.learningRate > 0.0 && c.learningRate < 1.0)) return wrong("The learning rate must be between 0 and 1.");
    if (!(c.weightDecay >= 0.0 && c.weightDecay < 10.0)) return wrong("The weight decay must be between 0 and 10.");
    if (!(c.emaDecay >= 0.0 && c.emaDecay < 1.0)) return wrong("The decay of the average must be in [0, 1).");
    if (!(c.warmupShare >= 0.0 && c.warmupShare < 1.0)) return wrong("The share of the warm-up must be in [0, 1).");
    if (!c.warmClasses.empty() && c.warmClasses.size() != static_cast<std::size_t>(d.classes))
        return wrong("The classes of the warm start are not as many as the detector's.");
    const Augmentation& a = c.augmentation;
    for (const double share : {a.flipHorizontal, a.flipVertical, a.mosaic, a.translate, a.colour}) {
        if (!(share >= 0.0 && share <= 1.0)) return wrong("A share of the augmentation is not between 0 and 1.");
    }
    for (const double range : {a.scale, a.aspect}) {
        if (!(range >= 0.0 && range <= 4.0)) return wrong("A range of the augmentation is not between 0 and 4.");
    }
    return {};
}

/** One try; an Error where LibTorch throws. */
Result<TrainingOutcome> attempt(const TrainingTask& task, const torch::Device& device, int batch) {
    try {
        return TrainingRun(task, device, batch).run();
    } catch (const networks::PassStopped&) {
        return Job::stopped();
    } catch (const std::exception& problem) {
        if (task.job.cancelled()) return Job::stopped();
        return errorOf(problem);
    }
}

}  // namespace

Result<TrainingOutcome> DetectorTrainer::train(const DetectorConfig& detector, const TrainingConfig& config,
                                               const ItemSource& train, const ItemSource* holdout,
                                               const std::filesystem::path& warmStart, const TrainingObserver& observer,
                                               const Job& job) const {
    if (const Result<void> good = checked(detector, config, train); !good) return good.error();
    const Result<torch::Device> device = deviceFor(config.device);
    if (!device) return device.error();
    setThreads(config.threads);
    const KeptBlocks kept;

    TrainingTask task{detector, config, train, holdout, warmStart, observer, job};
    task.detector.input = networkInput(detector.input);
    if (task.config.steps == 0) task.config.steps = defaultSteps(train.count());
    for (int batch = config.batch;; batch /= 2) {
        Result<TrainingOutcome> outcome = attempt(task, *device, batch);
        const bool full = !outcome && outcome.error().code == ErrorCode::OutOfMemory;
        if (!full || batch <= 1) return outcome;
    }
}

}  // namespace querent::learn::detect
