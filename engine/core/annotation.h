#pragma once

#include "engine/core/geometry.h"
#include "engine/core/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace querent {

/** Who is behind an annotation. The numbers are stored: append only. */
enum class Provenance : std::uint8_t {
    Human = 0,           // drawn or assigned by a person
    ModelAccepted = 1,   // a prediction, accepted as it was
    ModelCorrected = 2,  // a prediction, accepted and then changed
    Import = 3,
};

/**
 * One answer: a box with a class, or (without a box) the class of the whole item. On a picture the box is in pixels; on
 * a sound left and right are frames of the file, top and bottom are Hz, the lower frequency being the "top".
 */
struct Annotation {
    AnnotationId id;
    ClassId label;
    std::optional<Box> box;
    bool difficult = false;  // left out of VOC's evaluation
    bool crowd = false;      // an "ignore" region: neither trained nor counted as a miss
    bool truncated = false;
    bool occluded = false;
    Provenance provenance = Provenance::Human;
    PersonId author;
    ModelId model;                // the model behind an accepted or corrected prediction
    std::optional<double> score;  // that model's score at acceptance, in [0, 1]
    int round = 0;                // the round in which it was made

    bool operator==(const Annotation&) const = default;
};

/** What a model says about an item. Never a label: accepting copies it into an Annotation. */
struct Prediction {
    ClassId label;
    std::optional<Box> box;
    double score = 0.0;  // [0, 1]
    ModelId model;

    bool operator==(const Prediction&) const = default;
};

/** Where an item stands. The numbers are stored: append only. Only Labelled and ConfirmedEmpty items train. */
enum class ItemState : std::uint8_t {
    Unlabelled = 0,
    Labelled = 1,
    ConfirmedEmpty = 2,  // a person has said: nothing here
    Skipped = 3,
    Unsure = 4,
};

/** True for every state a person can leave an item in. */
inline bool isAnswered(ItemState state) {
    return state != ItemState::Unlabelled;
}
inline bool isTrainable(ItemState state) {
    return state == ItemState::Labelled || state == ItemState::ConfirmedEmpty;
}

/** One annotation before and after: created when `before` is empty, deleted when `after` is. Ids never change. */
struct AnnotationChange {
    std::optional<Annotation> before;
    std::optional<Annotation> after;

    bool operator==(const AnnotationChange&) const = default;
};

/** State, flag and note of an item, changed together. */
struct ItemMark {
    ItemState state = ItemState::Unlabelled;
    bool flagged = false;  // set aside for another look; a flagged item does not train
    std::string note;

    bool operator==(const ItemMark&) const = default;
};

/** What an edit is to the log that it goes into. The numbers are stored: append only. */
enum class EditKind : std::uint8_t {
    Do = 0,
    Undo = 1,  // takes back a Do or a Redo
    Redo = 2,  // takes back an Undo
    Bulk = 3,  // imports and class merges: undo does not reach behind it
};

/** What one gesture did to one item; the unit of the event log, of undo and of durability. */
struct Edit {
    ItemId item;
    EditKind kind = EditKind::Do;
    std::string gesture;  // "Draw box", "Move 3 boxes": the text of the undo entry
    std::vector<AnnotationChange> changes;
    std::optional<ItemMark> markBefore;
    std::optional<ItemMark> markAfter;
    PersonId author;
    double activeSeconds = 0.0;  // time spent on the item since its last edit, idle time left out

    /** The edit that takes this one back: an Undo, or the Redo of an Undo. */
    Edit reversed() const {
        Edit edit = *this;
        edit.kind = kind == EditKind::Undo ? EditKind::Redo : EditKind::Undo;
        for (AnnotationChange& change : edit.changes)
            std::swap(change.before, change.after);
        std::swap(edit.markBefore, edit.markAfter);
        return edit;
    }
};

}  // namespace querent
