#include "app/document/edit_command.h"

#include "app/document/document.h"

#include <QCoreApplication>

#include <utility>

namespace querent::app {

EditCommand::EditCommand(Document& document, Edit edit, int doneAlready)
    : QUndoCommand(QCoreApplication::translate("gestures", edit.gesture.c_str())),
      m_document(document),
      m_edit(std::move(edit)),
      m_skip(doneAlready) {}

void EditCommand::redo() {
    if (m_skip > 0) {
        --m_skip;
        return;
    }
    m_document.applyEdit(m_edit);
}

void EditCommand::undo() {
    if (m_skip > 0) {
        --m_skip;
        return;
    }
    m_document.applyEdit(m_edit.reversed());
}

RejectCommand::RejectCommand(Document& document, ItemId item, std::vector<std::size_t> predictions)
    : QUndoCommand(QCoreApplication::translate("gestures", "Reject suggestion")),
      m_document(document),
      m_item(item),
      m_predictions(std::move(predictions)) {}

void RejectCommand::redo() {
    m_document.applyRejection(m_item, m_predictions, true);
}

void RejectCommand::undo() {
    m_document.applyRejection(m_item, m_predictions, false);
}

}  // namespace querent::app
