#include "app/dialogs/work_panel.h"

#include "widgets/common/page_parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace querent::app::dialogs {

WorkPanel::WorkPanel(QWidget* parent)
    : QWidget(parent), m_text(widgets::common::mutedLabel({}, this)), m_bar(new QProgressBar(this)) {
    setObjectName(QStringLiteral("workPanel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(widgets::common::kGap);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    m_text->setWordWrap(false);
    m_bar->setObjectName(QStringLiteral("workProgress"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    column->addWidget(m_text);
    column->addWidget(m_bar);
    row->addLayout(column, 1);
    m_cancel = widgets::common::namedButton(tr("Cancel"), QStringLiteral("workCancel"), {}, false, this);
    row->addWidget(m_cancel);
    hide();
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_text->setText(tr("Cancelling…"));
        m_worker.cancel();
    });
    connect(&m_worker, &bridge::BackgroundBridge::progressed, this, [this](const QString&, const Progress& progress) {
        if (m_worker.cancelling()) return;
        const QString phase = QString::fromStdString(progress.phase);
        m_bar->setRange(0, static_cast<int>(progress.total));
        m_bar->setValue(static_cast<int>(progress.done));
        m_text->setText(progress.total > 0 ? tr("%1: %2 of %3")
                                                 .arg(phase, widgets::common::numberText(progress.done),
                                                      widgets::common::numberText(progress.total))
                                           : phase);
    });
    connect(&m_worker, &bridge::BackgroundBridge::busyChanged, this, [this](bool busy) {
        if (!busy) hide();
    });
}

bool WorkPanel::start(const QString& task, const QString& text, session::Background::Work work) {
    if (!m_worker.start(task, std::move(work))) return false;
    m_text->setText(text);
    m_bar->setRange(0, 0);
    m_cancel->setEnabled(true);
    show();
    return true;
}

}  // namespace querent::app::dialogs
