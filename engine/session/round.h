#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/training.h"
#include "engine/session/learning/learner.h"
#include "engine/session/project/project.h"
#include "engine/session/training.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace querent::session {

struct Ranking;

/** How a round goes; the device is that of the choice, too. */
struct RoundOptions : TrainOptions {
    std::string strategy;  // empty = the project's
    int count = 0;         // batch size, 0 = the project's
    std::optional<std::uint64_t> seed;
    bool askedOnly = false;  // train only on answers to earlier questions: for rounds whose answers are known already
    Note onRemark;           // about how a batch was chosen, where nothing is wrong; onNote hears it when this is empty
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
    /** Answers the open batch from the known truth (a round when no person is needed). */
    Result<std::int64_t> answerFromTruth(const Job& job);
    /** Trains on a snapshot of what is answered now. Resumes from its checkpoint after a crash. */
    Result<RoundRecord> train(const Job& job);
    /** Measures the round's model on the holdout, with intervals, and makes it the current one. */
    Result<RoundRecord> evaluate(const Job& job);
    /** Pays the policy what the round gained, and closes the round. */
    Result<RoundRecord> reward(const Job& job);

    /** Whatever is due of train, evaluate and reward, to the end of the open round. */
    Result<RoundRecord> advance(const Job& job);

 private:
    using Also = std::function<Result<void>(store::ProjectFile&, RoundRecord&)>;
    Result<RoundRecord> open() const;
    Result<RoundRecord> save(RoundRecord record, RoundStep step, const Also& also);
    void tell(const Ranking& ranking) const;

    Project& m_project;
    RoundOptions m_options;
    std::unique_ptr<learning::TaskLearner> m_learner;
};

}  // namespace querent::session
