#include "widgets/common/round_bar.h"

#include "widgets/common/one_line_label.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace querent::widgets::common {

namespace {

QString modelText(const RoundStatus& status) {
    if (status.modelRound < 0) return RoundBar::tr("no model yet");
    QString text =
        status.modelName.isEmpty() ? RoundBar::tr("model from round %1").arg(status.modelRound) : status.modelName;
    if (!status.value) return text;
    text += QStringLiteral(": %1 %2").arg(status.metricName).arg(*status.value, 0, 'f', 2);
    if (status.low && status.high)
        text += QStringLiteral(" [%1, %2]").arg(*status.low, 0, 'f', 2).arg(*status.high, 0, 'f', 2);
    return text;
}

/** What to do while no round is open. */
QString nextText(const RoundStatus& status) {
    if (status.canSuggest) return RoundBar::tr("suggest a batch to go on");
    if (status.canTrain) return RoundBar::tr("nothing is left to ask: train on what is labelled");
    return status.whyNotSuggest;
}

QProgressBar* thinBar(QWidget* parent, int width) {
    auto* bar = new QProgressBar(parent);
    bar->setTextVisible(false);
    bar->setFixedSize(width, 6);
    return bar;
}

}  // namespace

RoundBar::RoundBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("roundBar"));
    m_round = new QLabel(this);
    m_round->setProperty("role", "heading");
    m_batch = thinBar(this, 110);
    m_count = new QLabel(this);
    m_model = new QToolButton(this);
    m_model->setObjectName(QStringLiteral("modelFigures"));
    m_model->setToolTip(tr("Show the progress of the model"));
    m_model->setIcon(icon(QStringLiteral("chart")));
    m_model->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_phase = new OneLineLabel(this);
    m_progress = thinBar(this, 140);
    m_progress->setRange(0, 1000);
    m_train = new QPushButton(icon(QStringLiteral("train"), Qt::white), tr("Train"), this);
    m_train->setObjectName(QStringLiteral("train"));
    m_train->setProperty("primary", true);
    m_suggest = new QPushButton(icon(QStringLiteral("round"), Qt::white), tr("Suggest a batch"), this);
    m_suggest->setObjectName(QStringLiteral("suggest"));
    m_suggest->setProperty("primary", true);
    m_cancel = new QPushButton(icon(QStringLiteral("stop")), tr("Cancel"), this);
    m_cancel->setObjectName(QStringLiteral("cancelTraining"));
    for (QPushButton* button : {m_suggest, m_train, m_cancel})
        button->setIconSize({21, 16});  // with a gap to the text
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(10);
    for (QWidget* w : std::initializer_list<QWidget*>{m_round, m_batch, m_count, m_model})
        layout->addWidget(w);
    layout->addStretch(0);  // takes the room only while the phase is hidden
    for (QWidget* w : std::initializer_list<QWidget*>{m_phase, m_progress, m_cancel, m_suggest, m_train})
        layout->addWidget(w);
    m_model->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_phase->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_phase->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->setStretchFactor(m_phase, 1);
    connect(m_train, &QPushButton::clicked, this, &RoundBar::trainRequested);
    connect(m_suggest, &QPushButton::clicked, this, &RoundBar::suggestRequested);
    connect(m_cancel, &QPushButton::clicked, this, &RoundBar::cancelRequested);
    connect(m_model, &QToolButton::clicked, this, &RoundBar::detailsRequested);
    setStatus({});
}

bool RoundBar::offersSuggestion() const {
    return m_status.round < 0 && (m_status.canSuggest || !m_status.canTrain);
}

void RoundBar::setStatus(const RoundStatus& status) {
    m_status = status;
    m_batch->setRange(0, std::max(status.total, 1));
    m_batch->setValue(std::min(status.done, std::max(status.total, 1)));
    m_train->setEnabled(status.canTrain);
    m_train->setToolTip(status.canTrain ? tr("Train on what is labelled") : status.whyNot);
    m_suggest->setEnabled(status.canSuggest);
    m_suggest->setToolTip(status.canSuggest ? tr("Choose the items whose labels teach the model most")
                                            : status.whyNotSuggest);
    refreshParts();
    refreshText();
}

void RoundBar::refreshParts() {
    for (QWidget* w : std::initializer_list<QWidget*>{m_phase, m_progress, m_cancel})
        w->setVisible(m_running);
    m_suggest->setVisible(!m_running && offersSuggestion());
    m_train->setVisible(!m_running && !offersSuggestion());
    // While something runs, the batch's place goes to the phase; the count still tells the same.
    m_batch->setVisible(!m_running && m_status.round >= 0);
    m_count->setVisible(!m_running || m_status.round >= 0);
}

void RoundBar::setRunning(const RunningWork& work) {
    m_running = true;
    m_phase->setText(work.detail.isEmpty() ? work.phase : work.phase + QStringLiteral(" · ") + work.detail);
    m_phase->setToolTip(m_phase->text());
    const bool known = work.fraction >= 0.0 && !work.cancelling;
    m_progress->setRange(0, known ? 1000 : 0);
    if (known) m_progress->setValue(static_cast<int>(std::lround(1000.0 * std::min(work.fraction, 1.0))));
    m_cancel->setEnabled(!work.cancelling);
    m_cancel->setText(work.cancelling ? tr("Cancelling…") : tr("Cancel"));
    refreshParts();
    refreshText();
}

void RoundBar::clearRunning() {
    m_running = false;
    m_phase->clear();
    refreshParts();
    refreshText();
}

QString RoundBar::text() const {
    QString line = QStringLiteral("%1 - %2 - %3").arg(m_round->text(), m_count->text(), m_model->text());
    if (m_running) line += QStringLiteral(" - ") + m_phase->text();
    return line;
}

void RoundBar::refreshText() {
    const bool open = m_status.round >= 0;
    m_round->setText(open ? tr("Round %1").arg(m_status.round) : tr("No round is open"));
    m_count->setText(open ? tr("%1 of %2").arg(m_status.done).arg(m_status.total) : nextText(m_status));
    m_model->setText(modelText(m_status));
    m_model->setEnabled(m_status.modelRound >= 0);
    m_batch->setAccessibleName(tr("Answered items of this batch"));
    m_progress->setAccessibleName(m_phase->text());
    setAccessibleName(text());
}

}  // namespace querent::widgets::common
