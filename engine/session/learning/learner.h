#pragma once

#include "engine/core/job.h"
#include "engine/core/proxy.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/core/strategy.h"
#include "engine/core/training.h"
#include "engine/session/learning/item_list.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace querent::session::learning {

/** "3 pictures could not be read and were left out; the first: FILE: why." Empty when there are none. */
std::string leftOutSentence(const std::vector<LeftOut>& leftOut);

/** A model's file and the numbers under which today's project knows its classes. */
struct ModelUse {
    std::filesystem::path file;
    /** Today's number of each of the model's classes, -1 for one that is no longer used. Empty: the model's own. */
    std::vector<int> numbers;
    int classes = 0;  // of today; counts only with `numbers`
};

/** Predictions of every picture that could be read, in their order, under today's class numbers. */
struct PredictedItems {
    std::vector<ItemPrediction> predictions;
    std::vector<LeftOut> leftOut;
};

/** Where the items that were predicted are among those that were asked for; ascending. */
std::vector<std::size_t> placesPredicted(const ItemSource& images, const PredictedItems& seen);

/** Rewrites class numbers; boxes of classes that are no longer used go, new classes have the probability 0. */
void renumber(std::vector<ItemPrediction>& predictions, const std::vector<int>& numbers, int classes);

/** What to train, on what, and where the result goes. */
struct FitRequest {
    const ItemList* train = nullptr;
    int classes = 0;
    std::string networkSize = "small";
    std::string backboneWeights;       // as in ProjectSettings
    bool startsLearnt = false;         // TaskLearner::startsLearnt() of all items that there are
    std::filesystem::path model;       // is written
    std::filesystem::path checkpoint;  // may exist from an interrupted run; empty = none is kept
    std::filesystem::path warmStart;   // an earlier model of the same network; empty = from scratch
    std::vector<int> warmClasses;      // for each class its number in that model, -1 = a new class
    Size input;                        // what the network sees; 0 x 0 = by the pictures
    int steps = 0;                     // 0 = by the number of pictures
    double maxSeconds = 0.0;           // 0 = no limit
    std::uint64_t seed = 1;
    std::string device = "auto";
    TrainingObserver onStep;
};

struct FitOutcome {
    double seconds = 0.0;
    int steps = 0;
    double finalLoss = 0.0;
    std::string config;  // JSON: what was set, seed and versions included
    std::vector<LeftOut> leftOut;
};

enum class PredictFor {
    Measuring,  // every box down to a score of 0.01, for curves and metrics
    Selecting,  // class probabilities and embeddings as well
    // The two below are for classes of whole items; they are Selecting for other tasks.
    Disagreement,   // Selecting, and the answers of networks with features dropped at random
    Contributions,  // Selecting, and the answers from each set of the media alone
};

/** What proxies are made of: all lists outlive the call alone. */
struct ProxyRequest {
    ModelUse model;                      // with a file
    const ItemList* labelled = nullptr;  // truth included, at least one
    const ItemList* pool = nullptr;
    const ItemList* holdout = nullptr;  // truth included, at least one
    int trainingSteps = 0;              // of a whole training; 0 = by the number of items
    std::uint64_t seed = 1;
    std::string device = "auto";
};

/**
 * What a task brings to the round: how its models are trained, asked and measured. One implementation for each kind of
 * task; the round, the simulation and the command line know this interface only. Calls from one thread at a time.
 */
class TaskLearner {
 public:
    virtual ~TaskLearner() = default;

    /**
     * Whether a new network for these items starts from the weights that come with the program, which have seen
     * photographs: where the settings name no others, and the items are pictures of more than a few pixels. Sounds, and
     * pictures like single digits, are learnt better from nothing (docs/methods.md).
     */
    virtual bool startsLearnt(const ItemSource& items) const = 0;
    /** The size at which a new model looks at these items; what fit() takes when none is asked for. */
    virtual Size inputFor(const ItemSource& items) const = 0;
    virtual Result<FitOutcome> fit(const FitRequest& request, const Job& job) = 0;
    /** Pictures that cannot be read are left out and named; it fails when there are pictures and none can be read. */
    virtual Result<PredictedItems> predict(const ModelUse& model, const ItemList& images, PredictFor purpose,
                                           const std::string& device, const Job& job) = 0;
    /**
     * Something that trains short copies of a model. One of them takes about a twentieth of the
     * time of a whole training, so that a strategy that asks for less than twenty costs no more than that. Stands by
     * itself: learner and lists may go.
     */
    virtual Result<Proxy> proxy(const ProxyRequest& request, const Job& job) = 0;
    /**
     * The task's metrics, the headline one first: named values with 95 % bootstrap intervals; `label` of a per-class
     * metric is the class index + 1. Model and split are left to the caller.
     */
    virtual std::vector<Metric> measure(const std::vector<ItemTruth>& truth,
                                        const std::vector<ItemPrediction>& predictions, int classes) const = 0;
    /** The headline metric alone, without an interval: fast, for simulations. */
    virtual double score(const std::vector<ItemTruth>& truth, const std::vector<ItemPrediction>& predictions,
                         int classes) const = 0;
};

/** The learner of a project's task, for its media. */
std::unique_ptr<TaskLearner> makeLearner(const ProjectSettings& settings);

/** The headline metric's name: "map50" for boxes, "top1" for classes, "map" for several classes an item. */
const char* headlineMetric(const ProjectSettings& settings);

/** The size at which a detector looks at these pictures: their usual shape at a fixed number of pixels. */
Size networkInput(const ItemSource& items);
/** The same for a classifier. @param learnt  it starts from weights that have seen photographs */
Size classifierInput(const ItemSource& items, bool learnt);
/** Whether the usual one of these pictures is large enough to show more than a letter or a sign. */
bool areDetailed(const ItemSource& pictures);
/** The size at which a detector looks at the spectrograms of these sounds: their usual length. */
Size spectrogramInput(const ItemSource& items);
/** How many seconds of sound such an input shows at the scale of the usual ones. */
double spectrogramSeconds(Size input);

}  // namespace querent::session::learning
