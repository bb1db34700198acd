#include "app/pages/label/status_line.h"

#include "widgets/common/page_parts.h"

#include <QHBoxLayout>
#include <QLabel>

namespace querent::app::pages::label {

namespace {

QLabel* field(const QString& objectName, const QString& widest, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(widest));
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

}  // namespace

StatusLine::StatusLine(QWidget* parent) : QWidget(parent) {
    m_name = new widgets::common::ElidedLabel({}, Qt::ElideMiddle, this);
    m_name->setObjectName(QStringLiteral("statusName"));
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_note = new widgets::common::ElidedLabel({}, Qt::ElideRight, this);
    m_note->setObjectName(QStringLiteral("statusNote"));
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_looking = field(QStringLiteral("statusLooking"), {}, this);
    m_looking->setToolTip(
        tr("Every item is looked at once. From then on each answer you give counts at once for what is suggested."));
    m_looking->hide();
    m_state = field(QStringLiteral("statusState"), {}, this);
    m_place = field(QStringLiteral("statusPlace"), QStringLiteral("000 / 000"), this);
    m_cursor = field(QStringLiteral("statusCursor"), QStringLiteral("00000, 00000"), this);
    m_zoom = field(QStringLiteral("statusZoom"), QStringLiteral("10000 %"), this);
    m_saved = field(QStringLiteral("statusSaved"), tr("Not saved"), this);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->setSpacing(16);
    layout->addWidget(m_name, 1);
    layout->addWidget(m_note, 2);
    for (QLabel* label : {m_looking, m_state, m_place, m_cursor, m_zoom, m_saved})
        layout->addWidget(label);
    setSaving(0, {});
}

void StatusLine::setItem(const QString& name, const QString& note, const QString& state, int place, int total) {
    m_name->setFullText(name);
    m_note->setFullText(note);
    m_note->setVisible(!note.isEmpty());
    m_state->setText(state);
    m_place->setText(place > 0 ? tr("%1 / %2").arg(place).arg(total) : QString());
}

void StatusLine::setLooking(qint64 done, qint64 total) {
    m_looking->setText(
        tr("Looking at items: %1 of %2").arg(widgets::common::numberText(done), widgets::common::numberText(total)));
    m_looking->setVisible(total > 0 && done < total);
}

void StatusLine::setCursor(const QString& place) {
    m_cursor->setText(place);
}

void StatusLine::setZoom(const QString& zoom) {
    m_zoom->setText(zoom);
}

void StatusLine::setSaving(int pending, const QString& problem) {
    if (!problem.isEmpty()) {
        m_saved->setText(tr("Not saved (%1)").arg(pending));
        m_saved->setToolTip(problem);
    } else {
        m_saved->setText(pending > 0 ? tr("Saving") : tr("Saved"));
        m_saved->setToolTip(tr("Every change is written to the project file at once."));
    }
}

QString StatusLine::savedText() const {
    return m_saved->text();
}

}  // namespace querent::app::pages::label
