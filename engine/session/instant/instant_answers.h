#pragma once

#include "engine/core/annotation.h"
#include "engine/core/ids.h"
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/instant/frozen_features.h"
#include "engine/session/project/project.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace querent::session::instant {

/** Where FeaturePlan::cache of a project is; it may be deleted at any time. */
std::filesystem::path featureCache(const Project& project);

/** What a head on the features of a plan, fitted to the answers of `known`, says about other items: for measuring. */
struct HeadAnswers {
    learning::PredictedItems seen;  // class probabilities alone
    double lookSeconds = 0.0;       // for the features, of all items
    double fitSeconds = 0.0;        // for the head, and for its answers
};
Result<HeadAnswers> answerAtOnce(const learning::ItemList& known, const learning::ItemList& items, int classes,
                                 bool multiLabel, const FeaturePlan& plan, const Job& job);

/**
 * What the answers given so far say about the items that have none yet, up to date with the last one: a linear head
 * (learn::instant::RidgeHead) on features that do not change between trainings. For projects whose items have classes.
 * Any thread; a call waits for the one before, and takes a few milliseconds at most.
 */
class InstantAnswers {
 public:
    /**
     * The items of the pool and of the holdout as they are now, and the answers of the labelled ones; of the holdout
     * none is learnt from. Slow: all items are looked at once, and kept (see lookAt()); not where the project is open
     * for reading only.
     * @param model  whose last layer sees them; none: FrozenEncoder, which nothing has been learnt for
     * @return NotFound when the project has no items; the errors of lookAt()
     */
    static Result<std::shared_ptr<InstantAnswers>> prepare(const Project& project, std::optional<SeeingModel> model,
                                                           const Job& job);
    ~InstantAnswers();
    InstantAnswers(const InstantAnswers&) = delete;
    InstantAnswers& operator=(const InstantAnswers&) = delete;

    /**
     * The item has these classes from now on, instead of those it had: learnt at once. Items of the holdout, and
     * unknown ones, are ignored.
     */
    void answer(ItemId item, std::span<const ClassId> classes);
    /** Nothing is known of the item any more. */
    void takeBack(ItemId item);

    /** How many answers it has learnt. */
    std::size_t answers() const;
    /**
     * Classes of the whole item with their probabilities, best first, those below 0.01 left out; nothing for an unknown
     * item, before ten answers, and while fewer than two classes have been met.
     */
    std::vector<Prediction> predictions(ItemId item) const;
    /** Those of the items that it knows, the most doubtful (the least margin between the two best classes) first. */
    std::vector<ItemId> byDoubt(std::span<const ItemId> items) const;

 private:
    struct State;
    explicit InstantAnswers(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace querent::session::instant
