#include "app/pages/progress/policy_section.h"

#include "widgets/charts/curve_chart.h"
#include "widgets/common/page_parts.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include <utility>

namespace querent::app::pages::progress {

PolicySection::PolicySection(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout) {
    setObjectName(QStringLiteral("policySection"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::common::kGap);
    QVBoxLayout* body = nullptr;
    QFrame* words = widgets::common::card(tr("Policy"), body, this);
    m_seen = new QLabel(words);
    m_seen->setObjectName(QStringLiteral("policySeen"));
    m_verdict = widgets::common::mutedLabel({}, words);
    m_verdict->setObjectName(QStringLiteral("policyVerdict"));
    m_payment = widgets::common::mutedLabel({}, words);
    m_payment->setObjectName(QStringLiteral("policyPayment"));
    for (QLabel* label : {m_seen, m_verdict, m_payment}) {
        label->setTextFormat(Qt::PlainText);  // a policy's version comes from a file
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        body->addWidget(label);
    }
    column->addWidget(words);
    m_grid->setSpacing(widgets::common::kGap);
    column->addLayout(m_grid);
    m_rewards =
        addChart(QStringLiteral("policy-reward"), tr("Reward by round"), tr("Reward"),
                 tr("How much better the model became, less what other strategies were expected to bring where that "
                    "is known."));
    m_advantage = addChart(QStringLiteral("policy-advantage"), tr("Advantage by round"), tr("Advantage"),
                           tr("The smoothed reward against its baseline, in standard deviations: above 0 the policy "
                              "does more of what it did, below 0 less."));
    m_weights = addChart(QStringLiteral("policy-weights"), tr("Weight of each medium by round"), tr("Weight"),
                         tr("How much doubt in each medium counts: the better the model answers from it, the more."));
    m_weights->setUnitRange(true);
    m_entropy = addChart(QStringLiteral("policy-entropy"), tr("Entropy of the draw by round"), tr("Nats"),
                         tr("How much of a batch is left to chance: it falls as the policy becomes sure of itself."));
    hide();
}

widgets::charts::CurveChart* PolicySection::addChart(const QString& name, const QString& title, const QString& yTitle,
                                                     const QString& help) {
    auto* chart = new widgets::charts::CurveChart(this);
    chart->setObjectName(name);
    chart->setTitle(title);
    chart->setToolTip(help);
    chart->setAxes(tr("Round"), yTitle);
    chart->setWholeX(true);
    chart->setMinimumHeight(260);
    connect(chart, &widgets::charts::ChartPanel::saveRequested, this,
            [this, chart, name](const QString& suffix) { Q_EMIT saveRequested(chart, name, suffix); });
    m_charts.append(chart);
    return chart;
}

void PolicySection::setFigures(const std::optional<models::PolicyProgress>& progress) {
    setVisible(progress.has_value());
    if (!progress) return;
    m_seen->setText(progress->seen);
    m_seen->setVisible(!progress->seen.isEmpty());
    const QString waits = tr("The first reward is known when the batch is labelled and trained on.");
    const bool paid = !progress->rewards.isEmpty();
    m_verdict->setText(progress->verdict.isEmpty() && !paid ? waits : progress->verdict);
    m_verdict->setVisible(!m_verdict->text().isEmpty());
    m_payment->setText(progress->payment);
    m_payment->setVisible(!progress->payment.isEmpty());
    const std::pair<widgets::charts::CurveChart*, const QVector<widgets::charts::CurveSeries>*> filled[] = {
        {m_rewards, &progress->rewards},
        {m_advantage, &progress->advantage},
        {m_weights, &progress->weights},
        {m_entropy, &progress->entropy}};
    for (const auto& [chart, series] : filled) {
        chart->setSeries(*series);
        chart->setHidden(series->isEmpty());
    }
    arrange();
}

/** Two in a row; the last of an odd number has its row to itself. */
void PolicySection::arrange() {
    QVector<widgets::charts::CurveChart*> shown;
    for (widgets::charts::CurveChart* chart : m_charts) {
        m_grid->removeWidget(chart);
        if (!chart->isHidden()) shown.append(chart);
    }
    for (int i = 0; i < shown.size(); ++i) {
        const bool alone = i + 1 == shown.size() && i % 2 == 0;
        m_grid->addWidget(shown[i], i / 2, i % 2, 1, alone ? 2 : 1);
    }
    for (int column = 0; column < 2; ++column)
        m_grid->setColumnStretch(column, 1);
}

}  // namespace querent::app::pages::progress
