// Classes, of boxes and of whole items, and what a model suggests of them.

#include "app/controllers/labeling_controller.h"
#include "engine/session/project/project.h"

#include <algorithm>
#include <span>

namespace querent::app::controllers {

using widgets::common::Severity;

// Classes.

void LabelingController::chooseClass(ClassId label) {
    if (!m_document.classOf(label)) return;
    m_document.setActiveClass(label);
    if (!m_document.hasItem() || m_document.readOnly()) return;
    if (m_document.settings().task == TaskKind::Classify) {
        chooseItemClass(label);
        return;
    }
    const auto ids = m_document.selectedAnnotations();
    if (const auto edit = document::edits::relabel(context(), ids, label)) m_document.push(*edit);
    relabelGhosts(label);
}

bool LabelingController::oneClassAnItem() const {
    const ProjectSettings& settings = m_document.settings();
    return settings.task == TaskKind::Classify && !settings.multiLabel;
}

void LabelingController::chooseItemClass(ClassId label) {
    if (!oneClassAnItem()) {
        pushAndSelect(document::edits::toggleItemClass(context(), label));
        return;
    }
    const bool waited = !isAnswered(m_document.item().mark.state);
    pushAndSelect(document::edits::setItemClass(context(), label));
    if (waited) goOnByItself();
}

void LabelingController::goOnByItself() {
    if (!m_autoAdvance) return;
    const ItemId from = m_document.item().id;
    goOn();
    if (m_document.hasItem()) m_wentOn = {from, m_document.item().id};
}

/** A class for a selected suggestion: it is accepted as that class. */
void LabelingController::relabelGhosts(ClassId label) {
    for (const qint64 id : QVector<qint64>(m_document.selection())) {
        const document::Ghost* ghost = m_document.ghost(id);
        if (!ghost || !ghost->prediction.box) continue;
        pushAndSelect(document::edits::correctPrediction(context(), ghost->prediction, *ghost->prediction.box, label));
    }
}

void LabelingController::chooseClassAt(int place) {
    const auto& classes = m_document.classes();
    if (place >= 0 && place < static_cast<int>(classes.size())) {
        chooseClass(classes[static_cast<std::size_t>(place)].id);
    } else {
        Q_EMIT said(tr("There is no class %1.").arg(place + 1), widgets::common::Severity::Info);
    }
}

void LabelingController::stepClass(int step) {
    const auto& classes = m_document.classes();
    if (classes.empty()) return;
    const auto at = std::find_if(classes.begin(), classes.end(),
                                 [this](const ClassLabel& label) { return label.id == m_document.activeClass(); });
    const auto count = static_cast<std::ptrdiff_t>(classes.size());
    const std::ptrdiff_t place = at == classes.end() ? 0 : (at - classes.begin() + step + count) % count;
    chooseClass(classes[static_cast<std::size_t>(place)].id);
}

void LabelingController::addClass(const QString& name) {
    if (m_document.readOnly() || name.trimmed().isEmpty()) return;
    const auto id = m_document.addClass(name);
    if (id) {
        chooseClass(*id);
    } else {
        Q_EMIT said(QString::fromStdString(id.error().text()), widgets::common::Severity::Error);
    }
}

// Suggestions.

std::optional<document::Ghost> LabelingController::focusedGhost() const {
    for (const qint64 id : m_document.selection()) {
        if (const document::Ghost* ghost = m_document.ghost(id)) return *ghost;
    }
    const auto& ghosts = m_document.ghosts();  // best first
    return ghosts.empty() ? std::nullopt : std::optional(ghosts.front());
}

void LabelingController::acceptGhost(qint64 id) {
    const document::Ghost* ghost = m_document.ghost(id);
    if (refuses() || !ghost) return;
    if (!oneClassAnItem()) {
        pushAndSelect(document::edits::acceptPredictions(context(), std::span(&ghost->prediction, 1)));
        return;
    }
    const bool waited = !isAnswered(m_document.item().mark.state);
    pushAndSelect(document::edits::acceptItemClass(context(), ghost->prediction));
    if (waited) goOnByItself();
}

void LabelingController::acceptFocused() {
    if (refusesHidden()) return;
    const auto ghost = focusedGhost();
    if (!ghost) {
        Q_EMIT said(tr("There is no suggestion to accept."), widgets::common::Severity::Info);
        return;
    }
    acceptGhost(ghost->id);
    const auto& rest = m_document.ghosts();
    if (!oneClassAnItem() && !rest.empty())
        m_document.setSelection({rest.front().id});  // Y, Y, X: one key a suggestion
}

void LabelingController::rejectFocused() {
    if (refuses() || refusesHidden()) return;
    const auto ghost = focusedGhost();
    if (!ghost) {
        Q_EMIT said(tr("There is no suggestion to reject."), widgets::common::Severity::Info);
        return;
    }
    m_document.reject({ghost->id});
    const auto& rest = m_document.ghosts();
    if (!rest.empty()) m_document.setSelection({rest.front().id});
}

void LabelingController::acceptAllAndNext() {
    if (refuses() || refusesHidden()) return;
    std::vector<Prediction> predictions;
    for (const document::Ghost& ghost : m_document.ghosts())
        predictions.push_back(ghost.prediction);
    if (!predictions.empty()) {
        const auto edit = oneClassAnItem() ? document::edits::acceptItemClass(context(), predictions.front())
                                           : document::edits::acceptPredictions(context(), predictions);
        if (edit) push(*edit);
    }
    confirm();
}

}  // namespace querent::app::controllers
