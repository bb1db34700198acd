#pragma once

#include "engine/core/detection.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/round.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace querent::session {

/** What to train, on what, and where the result goes. */
struct FitRequest {
    const ImageSource* train = nullptr;
    int classes = 0;
    std::string networkSize = "small";
    std::string backboneWeights;
    std::filesystem::path model;       // is written
    std::filesystem::path checkpoint;  // may exist from an interrupted run; empty = none is kept
    std::filesystem::path warmStart;   // an earlier model; empty = from scratch
    int steps = 0;                     // 0 = by the number of pictures
    double maxSeconds = 0.0;           // 0 = no limit
    std::uint64_t seed = 1;
    std::string device = "auto";
    std::function<void(const TrainingTick&)> onTick;
};

struct FitOutcome {
    double seconds = 0.0;
    int steps = 0;
    double finalLoss = 0.0;
    std::string config;  // JSON: what was set, seed and versions included
};

enum class PredictFor {
    Measuring,  // every box down to a score of 0.01, for curves and metrics
    Selecting,  // class probabilities and embeddings as well
};

/**
 * What a task brings to the round: how its models are trained, asked and measured. One implementation for each kind of
 * task; the round, the simulation and the command line know this interface only. Calls from one thread at a time.
 */
class TaskLearner {
 public:
    virtual ~TaskLearner() = default;

    virtual Result<FitOutcome> fit(const FitRequest& request, const Job& job) = 0;
    virtual Result<std::vector<ImagePrediction>> predict(const std::filesystem::path& model, const ImageSource& images,
                                                         PredictFor purpose, const std::string& device,
                                                         const Job& job) = 0;
    /**
     * The task's metrics, the headline one first: named values with 95 % bootstrap intervals; `label` of a per-class
     * metric is the class index + 1. Model and split are left to the caller.
     */
    virtual std::vector<Metric> measure(const std::vector<ImageTruth>& truth,
                                        const std::vector<ImagePrediction>& predictions, int classes) const = 0;
    /** The headline metric alone, without an interval: fast, for simulations. */
    virtual double score(const std::vector<ImageTruth>& truth, const std::vector<ImagePrediction>& predictions,
                         int classes) const = 0;
};

std::unique_ptr<TaskLearner> makeLearner(TaskKind task);

/** The headline metric's name: "map50". */
const char* headlineMetric(TaskKind task);

/** The size at which a network looks at these pictures: their usual shape at a fixed number of pixels. */
Size networkInput(const ImageSource& images);

}  // namespace querent::session
