#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/samples.h"
#include "engine/core/training.h"
#include "engine/session/project/project.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::learning {
class TaskLearner;
}

namespace querent::session {

struct RoundOptions {
    std::string strategy;  // empty = the project's
    int count = 0;         // batch size, 0 = the project's
    int steps = 0;         // training steps, 0 = the project's
    std::string device = "auto";
    std::optional<std::uint64_t> seed;
    bool askedOnly = false;  // train only on answers to earlier questions: for rounds whose answers are known already
    TrainingObserver onStep;
    Note onNote;
    Note onRemark;  // about how a batch was chosen, where nothing is wrong; onNote hears it when this is empty
};

/**
 * The circle, one step a function. Every step ends in one transaction that moves the round's record on, so a program
 * that dies comes back at the step it was in: advance() goes on from wherever the record stands.
 *
 *     suggest -> (people label) -> train -> evaluate -> reward -> suggest ...
 *
 * All of it is slow; call it from one worker thread at a time.
 */
class Round {
 public:
    Round(Project& project, RoundOptions options);
    ~Round();

    /** Ranks the unlabelled pool, freezes the batch as a new round and keeps what the model sees in it (ghosts). */
    Result<RoundRecord> suggest(const Job& job);
    /** Trains on a snapshot of what is answered now. Resumes from its checkpoint after a crash. */
    Result<RoundRecord> train(const Job& job);
    /** Measures the round's model on the holdout, with intervals, and makes it the current one. */
    Result<RoundRecord> evaluate(const Job& job);
    /** Pays the policy what the round gained, and closes the round. */
    Result<RoundRecord> reward(const Job& job);

    /** Whatever is due of train, evaluate and reward, to the end of the open round. */
    Result<RoundRecord> advance(const Job& job);
    /** Answers the open batch from the known truth (a round when no person is needed). */
    Result<std::int64_t> answerFromTruth(const Job& job);

 private:
    using Also = std::function<Result<void>(store::ProjectFile&, RoundRecord&)>;
    Result<RoundRecord> open() const;
    Result<RoundRecord> save(RoundRecord record, RoundStep step, const Also& also);

    Project& m_project;
    RoundOptions m_options;
    std::unique_ptr<learning::TaskLearner> m_learner;
};

/** A training outside the circle, on everything that is answered: its model becomes the current one, measured on val.
 */
Result<ModelRecord> trainNow(Project& project, const RoundOptions& options, const Job& job);

/** The current model's metrics on a split, with intervals; they are stored as well. Slow. */
Result<std::vector<Metric>> measureSplit(Project& project, Split split, const std::string& device, const Job& job,
                                         const Note& note = {});

/** What the current model sees in the items of a split (the pool: unanswered ones) that can be read, and their names.
 */
struct SplitPredictions {
    std::vector<ClassLabel> classes;
    std::vector<std::string> names;
    std::vector<ItemTruth> truth;
    std::vector<ItemPrediction> predictions;
};
Result<SplitPredictions> predictSplit(Project& project, std::optional<Split> split, const std::string& device,
                                      const Job& job);

/** Items of the pool that the strategy would ask about next, without freezing a round. */
Result<std::vector<QueryEntry>> rankPool(Project& project, const std::string& strategy, int count, std::uint64_t seed,
                                         const std::string& device, const Job& job, const Note& note = {});

/** Names, sentence and source of each strategy (that fits a project); needsModel: random until there is a model. */
struct StrategyChoice {
    std::string name;   // "rl-mba"
    std::string title;  // "RL-MBA"; strategies without one of their parts share that of the whole
    std::string sentence;
    std::string source;
    bool needsModel = false;
    bool needsHoldout = false;  // refuses to ask while no validation item is labelled
    bool learns = false;        // gets better from round to round
    bool ablation = false;      // for comparisons alone
    std::vector<TaskKind> tasks;
};
std::vector<StrategyChoice> strategiesFor(const ProjectSettings& settings);
std::vector<StrategyChoice> allStrategies();

}  // namespace querent::session
