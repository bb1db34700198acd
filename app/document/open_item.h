#pragma once

#include "engine/core/annotation.h"
#include "engine/core/records.h"

#include <QUndoStack>

#include <memory>
#include <set>
#include <vector>

namespace querent::app::document {

/** Ids of ghosts begin here, far above any annotation's, so that both live in one selection. */
inline constexpr qint64 kGhostIdBase = qint64{1} << 60;
inline bool isGhostId(qint64 id) {
    return id >= kGhostIdBase;
}

/** A prediction that is shown: nobody has accepted, drawn over or rejected it. */
struct Ghost {
    qint64 id = 0;          // kGhostIdBase + index
    std::size_t index = 0;  // into the item's predictions
    Prediction prediction;
};

/** Which predictions become ghosts. */
struct GhostRule {
    bool shown = true;
    double threshold = 0.3;
    bool oneClass = false;  // items have one class each: only the likeliest is a ghost, and none once it is chosen
};

/** True for the share of the items whose ghosts are held back to measure anchoring; the same for ever for a seed. */
bool ghostsHeldBack(ItemId item, double share, std::uint64_t seed);

/** One item in memory: what is stored, what is about to be stored, and its undo stack. Owned by Document. */
class OpenItem {
 public:
    OpenItem(Item item, std::vector<Annotation> annotations, std::vector<Prediction> predictions);

    const Item& item() const { return m_item; }
    const std::vector<Annotation>& annotations() const { return m_annotations; }
    const std::vector<Prediction>& predictions() const { return m_predictions; }
    const std::vector<Ghost>& ghosts() const { return m_ghosts; }
    QUndoStack& stack() { return *m_stack; }

    /** Does one edit to the copy in memory. */
    void apply(const Edit& edit);
    void setRejected(const std::vector<std::size_t>& predictions, bool rejected);
    std::vector<Prediction> rejected() const;
    /** Rejects those of these predictions that are still made. */
    void rejectAgain(const std::vector<Prediction>& predictions);
    void setPredictions(std::vector<Prediction> predictions);
    void setGhostRule(GhostRule rule);
    bool showsGhosts() const { return m_rule.shown; }
    /** What the store says now; true when it is not what was in memory. */
    bool replace(Item item, std::vector<Annotation> annotations);

    int pendingWrites = 0;
    double idleSeconds = 0.0;  // active time that no edit has carried to the store yet

 private:
    void refreshGhosts();

    Item m_item;
    std::vector<Annotation> m_annotations;  // in the order in which they were made
    std::vector<Prediction> m_predictions;
    std::set<std::size_t> m_rejected;
    GhostRule m_rule;
    std::vector<Ghost> m_ghosts;
    std::unique_ptr<QUndoStack> m_stack;
};

}  // namespace querent::app::document
