#pragma once

#include "engine/core/annotation.h"

#include <QUndoCommand>

#include <vector>

namespace querent::app::document {

class Document;

/** One gesture on one item. Undo and redo are the same swap of one Edit, so they cannot drift apart. */
class EditCommand : public QUndoCommand {
 public:
    /**
     * `last` is what was done last: the gesture, or its undo or redo. So many of the first redos and undos as
     * `doneAlready` says do nothing, as they have been done.
     */
    EditCommand(Document& document, Edit last, int doneAlready);

    void redo() override;
    void undo() override;

 private:
    void takeBack();

    Document& m_document;
    Edit m_last;
    int m_skip;
};

/** Hides ghosts that a person does not want to see again on this item. Nothing is stored: predictions are no labels. */
class RejectCommand : public QUndoCommand {
 public:
    RejectCommand(Document& document, ItemId item, std::vector<std::size_t> predictions);

    void redo() override;
    void undo() override;

 private:
    Document& m_document;
    ItemId m_item;
    std::vector<std::size_t> m_predictions;
};

}  // namespace querent::app::document
