#include "app/document/edits.h"

#include "engine/session/transfer/transfer.h"

#include <algorithm>

namespace querent::app::document::edits {

namespace {

const Annotation* findIn(const Context& context, AnnotationId id) {
    const auto at = std::find_if(context.annotations.begin(), context.annotations.end(),
                                 [id](const Annotation& annotation) { return annotation.id == id; });
    return at == context.annotations.end() ? nullptr : &*at;
}

std::string counted(const std::string& verb, std::size_t count) {
    return count == 1 ? verb + " box" : verb + " " + std::to_string(count) + " boxes";
}

ItemState stateAfter(ItemState state, std::size_t boxesAfter) {
    if (boxesAfter == 0) return state == ItemState::Labelled ? ItemState::Unlabelled : state;
    return state == ItemState::Unsure ? state : ItemState::Labelled;
}

ItemMark answered(ItemMark mark, ItemState state) {
    mark.state = state;
    if (isTrainable(state) && session::transfer::isFlaggedByImport(mark)) {
        mark.flagged = false;
        mark.note.clear();
    }
    return mark;
}

/** The one class of an item is its whole answer: who was unsure before is not any more. */
std::optional<Edit> decided(const Context& context, std::optional<Edit> edit) {
    const ItemMark& before = context.item.mark;
    ItemMark after = answered(before, ItemState::Labelled);
    if (!edit || after == before) return edit;
    edit->markBefore = before;
    edit->markAfter = std::move(after);
    return edit;
}

/** Closes an edit: nothing without changes, and the state that follows from the number of boxes. */
std::optional<Edit> finished(const Context& context, std::string gesture, std::vector<AnnotationChange> changes) {
    std::erase_if(changes, [](const AnnotationChange& change) { return change.before == change.after; });
    if (changes.empty()) return {};
    Edit edit;
    edit.item = context.item.id;
    edit.gesture = std::move(gesture);
    edit.author = context.author;
    auto count = static_cast<std::ptrdiff_t>(context.annotations.size());
    for (const AnnotationChange& change : changes)
        count += (change.after ? 1 : 0) - (change.before ? 1 : 0);
    edit.changes = std::move(changes);
    const ItemMark& mark = context.item.mark;
    const ItemState state = stateAfter(mark.state, static_cast<std::size_t>(std::max<std::ptrdiff_t>(count, 0)));
    if (state != mark.state) {
        edit.markBefore = mark;
        edit.markAfter = mark;
        edit.markAfter->state = state;
    }
    return edit;
}

Annotation newAnnotation(const Context& context, ClassId label, std::optional<Box> box) {
    Annotation annotation;
    annotation.id = context.newId();
    annotation.label = label;
    annotation.box = box;
    annotation.author = context.author;
    annotation.round = context.round;
    return annotation;
}

Annotation accepted(const Context& context, const Prediction& prediction) {
    Annotation annotation = newAnnotation(context, prediction.label, prediction.box);
    annotation.provenance = Provenance::ModelAccepted;
    annotation.model = prediction.model;
    annotation.score = prediction.score;
    return annotation;
}

/** What a change of box or class makes of an annotation's origin. */
void noteCorrection(Annotation& annotation) {
    if (annotation.provenance == Provenance::ModelAccepted) annotation.provenance = Provenance::ModelCorrected;
}

Box shiftedInside(const Box& box, Offset offset, const Box& plane) {
    const auto shift = [](double low, double high, double offset, double limit) {
        if (limit <= 0.0) return offset;
        if (high + offset <= limit) return offset;
        return low - offset >= 0.0 ? -offset : 0.0;
    };
    return box.translated(shift(box.left, box.right, offset.x, plane.right),
                          shift(box.top, box.bottom, offset.y, plane.bottom));
}

Box inside(const Box& box, const Box& plane) {
    return {std::clamp(box.left, 0.0, plane.right), std::clamp(box.top, 0.0, plane.bottom),
            std::clamp(box.right, 0.0, plane.right), std::clamp(box.bottom, 0.0, plane.bottom)};
}

template <typename Change>
std::optional<Edit> changeEach(const Context& context, std::span<const AnnotationId> ids, std::string gesture,
                               Change change) {
    std::vector<AnnotationChange> changes;
    for (const AnnotationId id : ids) {
        const Annotation* before = findIn(context, id);
        if (!before) continue;
        Annotation after = *before;
        change(after);
        changes.push_back({*before, after});
    }
    return finished(context, std::move(gesture), std::move(changes));
}

}  // namespace

std::optional<Edit> drawBox(const Context& context, const Box& box, ClassId label) {
    if (box.empty() || !label.valid()) return {};
    return finished(context, "Draw box", {{{}, newAnnotation(context, label, box)}});
}

std::optional<Edit> changeBoxes(const Context& context, std::span<const NewBox> boxes, const std::string& gesture) {
    std::vector<AnnotationChange> changes;
    for (const auto& [id, box] : boxes) {
        const Annotation* before = findIn(context, id);
        if (!before || box.empty() || before->box == box) continue;
        Annotation after = *before;
        after.box = box;
        noteCorrection(after);
        changes.push_back({*before, after});
    }
    std::string text = counted(gesture, changes.size());
    return finished(context, std::move(text), std::move(changes));
}

std::optional<Edit> relabel(const Context& context, std::span<const AnnotationId> ids, ClassId label) {
    if (!label.valid()) return {};
    return changeEach(context, ids, counted("Relabel", ids.size()), [label](Annotation& annotation) {
        if (annotation.label == label) return;
        annotation.label = label;
        noteCorrection(annotation);
    });
}

std::optional<Edit> deleteBoxes(const Context& context, std::span<const AnnotationId> ids) {
    std::vector<AnnotationChange> changes;
    for (const AnnotationId id : ids) {
        if (const Annotation* before = findIn(context, id)) changes.push_back({*before, {}});
    }
    std::string text = counted("Delete", changes.size());
    return finished(context, std::move(text), std::move(changes));
}

Box planeOf(const Item& item) {
    for (const Modality modality : {Modality::Image, Modality::Audio}) {
        const auto medium = std::find_if(item.media.begin(), item.media.end(),
                                         [modality](const Medium& one) { return one.modality == modality; });
        if (medium == item.media.end()) continue;
        if (modality == Modality::Image)
            return {0.0, 0.0, static_cast<double>(medium->size.width), static_cast<double>(medium->size.height)};
        return {0.0, 0.0, static_cast<double>(medium->sound.frames), medium->sound.nyquist()};
    }
    return {};
}

std::optional<Edit> pasteBoxes(const Context& context, std::span<const Annotation> copies, Offset offset,
                               const std::string& gesture) {
    std::vector<AnnotationChange> changes;
    const Box plane = planeOf(context.item);
    for (const Annotation& copy : copies) {
        if (!copy.box) continue;
        Box box = shiftedInside(*copy.box, offset, plane);
        if (!plane.empty()) box = inside(box, plane);
        if (box.empty()) continue;  // the other plane was larger, and this box lay outside this one
        Annotation pasted = newAnnotation(context, copy.label, box);
        pasted.difficult = copy.difficult;
        pasted.crowd = copy.crowd;
        pasted.truncated = copy.truncated;
        pasted.occluded = copy.occluded;
        changes.push_back({{}, pasted});
    }
    std::string text = counted(gesture, changes.size());
    return finished(context, std::move(text), std::move(changes));
}

std::optional<Edit> acceptPredictions(const Context& context, std::span<const Prediction> predictions) {
    std::vector<AnnotationChange> changes;
    for (const Prediction& prediction : predictions)
        changes.push_back({{}, accepted(context, prediction)});
    std::string gesture =
        changes.size() == 1 ? "Accept suggestion" : "Accept " + std::to_string(changes.size()) + " suggestions";
    return finished(context, std::move(gesture), std::move(changes));
}

std::optional<Edit> correctPrediction(const Context& context, const Prediction& prediction, const Box& box,
                                      ClassId label) {
    if (box.empty() || !label.valid()) return {};
    Annotation annotation = accepted(context, prediction);
    annotation.box = box;
    annotation.label = label;
    if (annotation.box != prediction.box || label != prediction.label) noteCorrection(annotation);
    return finished(context, "Correct suggestion", {{{}, annotation}});
}

std::optional<Edit> setDifficult(const Context& context, std::span<const AnnotationId> ids, bool difficult) {
    return changeEach(context, ids, difficult ? "Mark as difficult" : "Mark as not difficult",
                      [difficult](Annotation& annotation) { annotation.difficult = difficult; });
}

std::optional<Edit> setItemClass(const Context& context, ClassId label) {
    if (!label.valid()) return {};
    std::vector<AnnotationChange> changes;
    bool had = false;
    for (const Annotation& annotation : context.annotations) {
        if (annotation.box) continue;
        had = had || annotation.label == label;
        if (annotation.label != label) changes.push_back({annotation, {}});
    }
    if (!had) changes.push_back({{}, newAnnotation(context, label, {})});
    return decided(context, finished(context, "Set class", std::move(changes)));
}

std::optional<Edit> toggleItemClass(const Context& context, ClassId label) {
    if (!label.valid()) return {};
    for (const Annotation& annotation : context.annotations) {
        if (!annotation.box && annotation.label == label)
            return finished(context, "Take class away", {{annotation, {}}});
    }
    return finished(context, "Add class", {{{}, newAnnotation(context, label, {})}});
}

std::optional<Edit> acceptItemClass(const Context& context, const Prediction& prediction) {
    std::vector<AnnotationChange> changes;
    for (const Annotation& annotation : context.annotations) {
        if (!annotation.box) changes.push_back({annotation, {}});
    }
    changes.push_back({{}, accepted(context, prediction)});
    return decided(context, finished(context, "Accept suggestion", std::move(changes)));
}

std::optional<Edit> answer(const Context& context, ItemState state, const std::string& gesture) {
    return mark(context, answered(context.item.mark, state), gesture);
}

std::optional<Edit> mark(const Context& context, const ItemMark& mark, const std::string& gesture) {
    if (mark == context.item.mark) return {};
    Edit edit;
    edit.item = context.item.id;
    edit.gesture = gesture;
    edit.author = context.author;
    edit.markBefore = context.item.mark;
    edit.markAfter = mark;
    return edit;
}

}  // namespace querent::app::document::edits
