#include "app/controllers/labeling_controller.h"

#include "engine/session/project/project.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace querent::app::controllers {

using widgets::common::Severity;

namespace {

constexpr double kDuplicatePixels = 10.0;
constexpr double kDuplicateSeconds = 0.1;

document::edits::Offset duplicateOffset(const Item& item) {
    for (const Medium& medium : item.media) {
        if (medium.modality == Modality::Image) return {kDuplicatePixels, kDuplicatePixels};
        if (medium.modality == Modality::Audio) return {std::round(kDuplicateSeconds * medium.sound.rate), 0.0};
    }
    return {};
}

}  // namespace

LabelingController::LabelingController(document::Document& document, const preferences::Keymap& keymap, QObject* parent)
    : QObject(parent), m_document(document), m_keymap(keymap) {}

bool LabelingController::refuses() {
    if (!m_document.hasItem()) return true;
    if (!m_document.readOnly()) return false;
    Q_EMIT said(tr("This project is open for reading only."), widgets::common::Severity::Warning);
    return true;
}

bool LabelingController::refusesHidden() {
    if (!m_document.hidesGhosts()) return false;
    Q_EMIT said(tr("The suggestions are hidden: %1 shows them, %2 shows all boxes.")
                    .arg(m_keymap.text("view.ghosts"), m_keymap.text("view.boxes")),
                widgets::common::Severity::Info);
    return true;
}

document::edits::Context LabelingController::context() const {
    return {m_document.item(), m_document.annotations(), m_document.author(), m_document.round(),
            [this] { return m_document.project().newAnnotationId(); }};
}

void LabelingController::push(const Edit& edit) {
    m_document.push(edit);
    if (edit.markBefore && edit.markAfter && edit.markBefore->flagged && !edit.markAfter->flagged)
        Q_EMIT said(tr("The import's flag is off: this answer counts from now on."), widgets::common::Severity::Info);
}

void LabelingController::pushAndSelect(const std::optional<Edit>& edit) {
    if (!edit) return;
    push(*edit);
    QVector<qint64> created;
    for (const AnnotationChange& change : edit->changes) {
        if (!change.before && change.after) created << change.after->id.value;
    }
    if (!created.isEmpty()) m_document.setSelection(created);
    Q_EMIT emptySettled();
}

// Gestures of the canvas.

void LabelingController::drawBox(const Box& box) {
    if (refuses()) return;
    if (!m_document.activeClass().valid()) {
        Q_EMIT said(tr("Add a class first: a box needs one."), widgets::common::Severity::Warning);
        return;
    }
    pushAndSelect(document::edits::drawBox(context(), box, m_document.activeClass()));
}

void LabelingController::editBoxes(const QVector<QPair<qint64, Box>>& boxes, const QString& gesture) {
    if (refuses()) return;
    std::vector<document::edits::NewBox> changed;
    for (const auto& [id, box] : boxes) {
        if (!document::isGhostId(id) && !m_document.isLocked(AnnotationId(id)))
            changed.emplace_back(AnnotationId(id), box);
    }
    if (const auto edit = document::edits::changeBoxes(context(), changed, gesture.toStdString()))
        m_document.push(*edit);
}

void LabelingController::correctGhost(qint64 id, const Box& box) {
    const document::Ghost* ghost = m_document.ghost(id);
    if (refuses() || !ghost) return;
    pushAndSelect(document::edits::correctPrediction(context(), ghost->prediction, box, ghost->prediction.label));
}

// Boxes.

void LabelingController::deleteSelected() {
    if (refuses()) return;
    std::vector<AnnotationId> ids = m_document.selectedAnnotations();
    const auto locked = std::erase_if(ids, [this](AnnotationId id) { return m_document.isLocked(id); });
    if (locked > 0) {
        const QString key = m_keymap.text("edit.lock");
        Q_EMIT said(key.isEmpty() ? tr("Locked boxes stay.") : tr("Locked boxes stay. Unlock them with %1.").arg(key),
                    widgets::common::Severity::Info);
    }
    QVector<qint64> ghosts;
    std::copy_if(m_document.selection().begin(), m_document.selection().end(), std::back_inserter(ghosts),
                 document::isGhostId);
    if (const auto edit = document::edits::deleteBoxes(context(), ids)) m_document.push(*edit);
    if (!ghosts.isEmpty()) m_document.reject(ghosts);
}

void LabelingController::deleteAll() {
    if (refuses()) return;
    std::vector<AnnotationId> ids;
    for (const Annotation& annotation : m_document.annotations()) {
        if (!m_document.isLocked(annotation.id)) ids.push_back(annotation.id);
    }
    if (const auto edit = document::edits::deleteBoxes(context(), ids)) m_document.push(*edit);
}

void LabelingController::copySelected() {
    if (!m_document.hasItem()) return;
    std::vector<Annotation> copied;
    for (const AnnotationId id : m_document.selectedAnnotations()) {
        if (const Annotation* annotation = m_document.annotation(id)) copied.push_back(*annotation);
    }
    if (copied.empty()) return;
    m_clipboard = std::move(copied);
    Q_EMIT said(tr("%n box(es) copied.", nullptr, static_cast<int>(m_clipboard.size())),
                widgets::common::Severity::Info);
}

void LabelingController::duplicateSelected() {
    if (refuses()) return;
    std::vector<Annotation> copied;
    for (const AnnotationId id : m_document.selectedAnnotations()) {
        if (const Annotation* annotation = m_document.annotation(id)) copied.push_back(*annotation);
    }
    pushAndSelect(document::edits::pasteBoxes(context(), copied, duplicateOffset(m_document.item()), "Duplicate"));
}

void LabelingController::paste() {
    if (refuses()) return;
    if (!canPaste()) {
        Q_EMIT said(tr("Nothing has been copied yet."), widgets::common::Severity::Info);
        return;
    }
    pushAndSelect(document::edits::pasteBoxes(context(), m_clipboard, {}, "Paste"));
}

void LabelingController::copyFromPrevious() {
    if (refuses()) return;
    const int index = m_document.index();
    if (index < 1) {
        Q_EMIT said(tr("There is no item before this one."), widgets::common::Severity::Info);
        return;
    }
    const auto copies = m_document.annotationsOf(m_document.list()[static_cast<std::size_t>(index - 1)]);
    const auto edit = document::edits::pasteBoxes(context(), copies, {}, "Copy from previous:");
    if (!edit) Q_EMIT said(tr("The item before this one has no boxes."), widgets::common::Severity::Info);
    pushAndSelect(edit);
}

void LabelingController::toggleLock() {
    const auto ids = m_document.selectedAnnotations();
    if (ids.empty()) return;
    const bool lock = std::any_of(ids.begin(), ids.end(), [this](AnnotationId id) { return !m_document.isLocked(id); });
    m_document.setLocked(ids, lock);
}

void LabelingController::toggleDifficult() {
    if (refuses()) return;
    const auto ids = m_document.selectedAnnotations();
    const bool difficult = std::any_of(ids.begin(), ids.end(), [this](AnnotationId id) {
        const Annotation* annotation = m_document.annotation(id);
        return annotation && !annotation->difficult;
    });
    if (const auto edit = document::edits::setDifficult(context(), ids, difficult)) m_document.push(*edit);
}

// Answers.

void LabelingController::goOn() {
    Q_EMIT emptySettled();
    if (!m_document.nextUnanswered()) Q_EMIT listDone();
}

void LabelingController::setState(ItemState state, const QString& gesture) {
    if (const auto edit = document::edits::answer(context(), state, gesture.toStdString())) push(*edit);
}

void LabelingController::confirm() {
    if (refuses()) return;
    if (!m_document.annotations().empty()) {
        setState(ItemState::Labelled, QStringLiteral("Confirm"));
    } else if (!isAnswered(m_document.item().mark.state)) {
        if (oneClassAnItem()) {
            Q_EMIT said(tr("Choose a class first: press its key, or %1 to skip.").arg(m_keymap.text("answer.skip")),
                        widgets::common::Severity::Info);
        } else {
            Q_EMIT emptyAsked();
        }
        return;
    }
    goOn();
}

void LabelingController::nothingHere() {
    if (refuses()) return;
    if (oneClassAnItem()) {
        Q_EMIT said(tr("Every item has a class here: %1 skips what fits none.").arg(m_keymap.text("answer.skip")),
                    widgets::common::Severity::Info);
        return;
    }
    if (!m_document.annotations().empty()) {
        Q_EMIT said(tr("This item has %n annotation(s): delete them before saying that nothing is here.", nullptr,
                       static_cast<int>(m_document.annotations().size())),
                    widgets::common::Severity::Warning);
        return;
    }
    setState(ItemState::ConfirmedEmpty, QStringLiteral("Nothing here"));
    goOn();
}

void LabelingController::skip() {
    if (refuses()) return;
    setState(ItemState::Skipped, QStringLiteral("Skip"));
    goOn();
}

void LabelingController::unsure() {
    if (refuses()) return;
    setState(ItemState::Unsure, QStringLiteral("Unsure"));
    goOn();
}

void LabelingController::setFlag(bool flagged, const QString& note) {
    if (refuses()) return;
    ItemMark mark = m_document.item().mark;
    mark.flagged = flagged;
    mark.note = flagged ? note.trimmed().toStdString() : std::string();
    const std::string gesture = flagged ? "Flag" : "Remove flag";
    if (const auto edit = document::edits::mark(context(), mark, gesture)) m_document.push(*edit);
}

// Moving about.

void LabelingController::next() {
    Q_EMIT emptySettled();
    if (!m_document.next()) Q_EMIT said(tr("This is the last item of the list."), widgets::common::Severity::Info);
}

void LabelingController::previous() {
    Q_EMIT emptySettled();
    if (!m_document.previous()) Q_EMIT said(tr("This is the first item of the list."), widgets::common::Severity::Info);
}

void LabelingController::nextUnanswered() {
    goOn();
}

void LabelingController::previousUnanswered() {
    Q_EMIT emptySettled();
    if (!m_document.nextUnanswered(-1)) Q_EMIT listDone();
}

void LabelingController::undo() {
    if (refuses()) return;
    // The program went on by itself, so taking the answer back goes back too.
    const auto [from, to] = std::exchange(m_wentOn, {});
    if (from.valid() && to == m_document.item().id && !m_document.undoStack()->canUndo()) m_document.openItem(from);
    QUndoStack* stack = m_document.undoStack();
    if (!stack || !stack->canUndo()) {
        Q_EMIT said(tr("Nothing to undo on this item."), widgets::common::Severity::Info);
        return;
    }
    Q_EMIT said(tr("Undone: %1").arg(stack->undoText()), widgets::common::Severity::Info);
    stack->undo();
}

void LabelingController::redo() {
    if (refuses()) return;
    QUndoStack* stack = m_document.undoStack();
    if (!stack || !stack->canRedo()) {
        Q_EMIT said(tr("Nothing to redo on this item."), widgets::common::Severity::Info);
        return;
    }
    Q_EMIT said(tr("Redone: %1").arg(stack->redoText()), widgets::common::Severity::Info);
    stack->redo();
}

}  // namespace querent::app::controllers
