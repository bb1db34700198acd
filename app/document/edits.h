#pragma once

#include "engine/core/annotation.h"
#include "engine/core/records.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/**
 * One function a gesture: from the item as it is to the Edit that changes it. They change nothing themselves, and
 * return nothing when there is nothing to change. State follows the boxes: the first one makes an item labelled, taking
 * away the last one makes it unlabelled again. An item marked unsure stays so until it is confirmed.
 */
namespace querent::app::document::edits {

/** The item that is edited, and who edits it. References must outlive the call only. */
struct Context {
    const Item& item;
    const std::vector<Annotation>& annotations;
    PersonId author;
    int round = 0;
    std::function<AnnotationId()> newId;
};

using NewBox = std::pair<AnnotationId, Box>;

/** How far copies lie from what was copied, in the units of the plane. */
struct Offset {
    double x = 0.0;
    double y = 0.0;
};

/**
 * What boxes of the item lie on: the pixels of its picture, or, without one, frames from left to right and Hz from top
 * to bottom of its sound. Empty where neither is known.
 */
Box planeOf(const Item& item);

std::optional<Edit> drawBox(const Context& context, const Box& box, ClassId label);
/** `gesture` is "Move" or "Resize". An accepted prediction becomes a corrected one. */
std::optional<Edit> changeBoxes(const Context& context, std::span<const NewBox> boxes, const std::string& gesture);
std::optional<Edit> relabel(const Context& context, std::span<const AnnotationId> ids, ClassId label);
std::optional<Edit> deleteBoxes(const Context& context, std::span<const AnnotationId> ids);
/** Copies as boxes of this person's, moved by `offset` where that stays inside the plane. */
std::optional<Edit> pasteBoxes(const Context& context, std::span<const Annotation> copies, Offset offset,
                               const std::string& gesture);
std::optional<Edit> acceptPredictions(const Context& context, std::span<const Prediction> predictions);
/** Accepts one prediction with another box or class: the model's idea, a person's correction. */
std::optional<Edit> correctPrediction(const Context& context, const Prediction& prediction, const Box& box,
                                      ClassId label);
std::optional<Edit> setDifficult(const Context& context, std::span<const AnnotationId> ids, bool difficult);
/** The one class of the whole item, in place of any other; also the answer of who was unsure. */
std::optional<Edit> setItemClass(const Context& context, ClassId label);
/** Gives one of several classes to the item, or takes it away. */
std::optional<Edit> toggleItemClass(const Context& context, ClassId label);
/** setItemClass() as the model suggested it. */
std::optional<Edit> acceptItemClass(const Context& context, const Prediction& prediction);
/** A person's answer for the whole item. They have looked: an import's flag comes off, so that the answer counts. */
std::optional<Edit> answer(const Context& context, ItemState state, const std::string& gesture);
std::optional<Edit> mark(const Context& context, const ItemMark& mark, const std::string& gesture);

}  // namespace querent::app::document::edits
