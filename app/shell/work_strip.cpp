#include "app/shell/work_strip.h"

#include "widgets/common/page_parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace querent::app::shell {

WorkStrip::WorkStrip(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("workStrip"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 12, 6);
    row->setSpacing(widgets::common::kGap);
    m_phase = widgets::common::headingLabel({}, this);
    m_detail = widgets::common::mutedLabel({}, this);
    m_detail->setWordWrap(false);
    m_bar = new QProgressBar(this);
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_bar->setMaximumWidth(320);
    auto* cancel = widgets::common::namedButton(tr("Cancel"), QStringLiteral("workStripCancel"), {}, false, this);
    row->addWidget(m_phase);
    row->addWidget(m_bar, 1);
    row->addWidget(m_detail);
    row->addStretch(1);
    row->addWidget(cancel);
    connect(cancel, &QPushButton::clicked, this, &WorkStrip::cancelRequested);
}

void WorkStrip::setWork(const QString& phase, const QString& detail, double fraction) {
    m_phase->setText(phase);
    m_detail->setText(detail);
    m_bar->setRange(0, fraction < 0.0 ? 0 : 1000);
    m_bar->setValue(static_cast<int>(fraction * 1000.0));
}

}  // namespace querent::app::shell
