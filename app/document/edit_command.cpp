#include "app/document/edit_command.h"

#include "app/document/document.h"

#include <QCoreApplication>

#include <utility>

namespace querent::app::document {

EditCommand::EditCommand(Document& document, Edit last, int doneAlready)
    : QUndoCommand(QCoreApplication::translate("gestures", last.gesture.c_str())),
      m_document(document),
      m_last(std::move(last)),
      m_skip(doneAlready) {}

void EditCommand::redo() {
    takeBack();
}

void EditCommand::undo() {
    takeBack();
}

void EditCommand::takeBack() {
    if (m_skip > 0) {
        --m_skip;
        return;
    }
    m_last = m_last.reversed();
    m_document.applyEdit(m_last);
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

}  // namespace querent::app::document
