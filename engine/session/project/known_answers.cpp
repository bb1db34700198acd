#include "engine/session/project/known_answers.h"

#include "engine/session/project/project_internal.h"

#include <utility>

namespace querent::session::project {

std::optional<Edit> truthAsEdit(Project& project, ItemId item, PersonId author, int round) {
    std::optional<std::vector<Annotation>> truth;
    std::optional<Item> row;
    project.read([&](store::ProjectFile& file) {
        truth = valueOr(file.truth().of(item));
        if (auto found = file.items().item(item)) row = std::move(found).value();
    });
    if (!truth || !row || isAnswered(row->mark.state)) return std::nullopt;
    Edit edit;
    edit.item = item;
    edit.gesture = "Known answer";
    edit.author = author;
    for (Annotation annotation : *truth) {
        annotation.id = project.newAnnotationId();
        annotation.provenance = Provenance::Import;
        annotation.author = author;
        annotation.round = round;
        edit.changes.push_back({std::nullopt, annotation});
    }
    edit.markBefore = row->mark;
    edit.markAfter = row->mark;
    edit.markAfter->state = truth->empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
    return edit;
}

bool answersAreKnown(const Project& project) {
    ItemFilter unlabelled;
    unlabelled.split = Split::Train;
    unlabelled.state = ItemState::Unlabelled;
    return project.count(unlabelled) == 0;
}

}  // namespace querent::session::project
