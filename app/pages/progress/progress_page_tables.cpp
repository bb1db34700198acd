// The tables of the Progress page; its charts are in progress_page.cpp.

#include "app/models/strategy_words.h"
#include "app/models/task_words.h"
#include "app/pages/progress/progress_page.h"
#include "widgets/common/page_parts.h"

#include <QDate>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QVBoxLayout>

namespace querent::app::pages::progress {
namespace {

constexpr int kFirstMeasure = 3;  // column of the rounds

}  // namespace

QWidget* ProgressPage::makeTables() {
    auto* area = new QWidget(this);
    auto* column = new QVBoxLayout(area);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::common::kGap);
    QVBoxLayout* body = nullptr;
    QFrame* rounds = widgets::common::card(tr("Rounds"), body, area);
    m_rounds = new widgets::common::ReadingTable(
        {tr("Round"), tr("Labels"), tr("Strategy"), {}, {}, tr("Training"), tr("Selection")},
        QStringLiteral("progressRounds"), tr("Rounds"), rounds);
    m_rounds->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (int i = 0; i < 2; ++i)
        m_rounds->horizontalHeader()->setSectionResizeMode(kFirstMeasure + i, QHeaderView::ResizeToContents);
    body->addWidget(m_rounds);
    column->addWidget(rounds);

    auto* row = new QHBoxLayout;
    row->setSpacing(widgets::common::kGap);
    QFrame* counts = widgets::common::card(tr("Items"), body, area);
    m_counts = new widgets::common::ReadingTable(
        {tr("Part"), tr("Items"), tr("Labelled"), tr("Empty"), tr("Skipped"), tr("Unsure"), tr("Open"), {}},
        QStringLiteral("progressCounts"), tr("Items by part and state"), counts);
    m_counts->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_counts->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    body->addWidget(m_counts);
    body->addStretch(1);
    row->addWidget(counts, 3);
    QFrame* days = widgets::common::card(tr("Who did how much"), body, area);
    m_days =
        new widgets::common::ReadingTable({tr("Person"), tr("Day"), tr("Items"), tr("Active"), tr("An hour")},
                                          QStringLiteral("progressDays"), tr("Throughput by person and day"), days);
    m_days->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_days->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    body->addWidget(m_days);
    body->addStretch(1);
    row->addWidget(days, 2);
    column->addLayout(row);
    return area;
}

void ProgressPage::fitTables() {
    for (int i = 0; i < 2; ++i) {
        QTableWidgetItem* title = m_rounds->horizontalHeaderItem(kFirstMeasure + i);
        title->setText(m_measures[i].title);
        title->setToolTip(m_measures[i].help);
    }
    m_counts->horizontalHeaderItem(m_counts->columnCount() - 1)->setText(models::labelsTitle(m_about));
}

void ProgressPage::fillRounds() {
    m_rounds->setRowCount(0);
    for (int i = static_cast<int>(m_figures.rounds.size()) - 1; i >= 0; --i) {
        const models::RoundFigures& round = m_figures.rounds[i];
        const auto interval = [&round](const models::Measure& measure) {
            const Metric* metric = round.metric(measure.name);
            return metric != nullptr ? widgets::common::intervalText(metric->value, metric->low, metric->high)
                                     : QStringLiteral("–");
        };
        m_rounds->addRow(
            {round.ofRound ? QString::number(round.number) : tr("none", "round"),
             round.labels > 0 ? widgets::common::numberText(round.labels) : QStringLiteral("–"),
             round.ofRound ? models::strategyTitle(round.strategy.toStdString()) : tr("all that was labelled"),
             interval(m_measures[0]), interval(m_measures[1]),
             round.trainSeconds > 0.0 ? widgets::common::durationText(round.trainSeconds) : QStringLiteral("–"),
             round.ofRound ? widgets::common::durationText(round.selectSeconds) : QStringLiteral("–")},
            {}, round.done ? tr("Not measured: %1.").arg(models::nothingToMeasure(m_about)) : tr("Not known yet."));
    }
    m_rounds->fitHeight(10);
}

void ProgressPage::fillCounts() {
    m_counts->setRowCount(0);
    const PoolCounts& counts = m_figures.counts;
    const QStringList names = {tr("Pool"), tr("Validation"), tr("Test")};
    const Split splits[] = {Split::Train, Split::Val, Split::Test};
    for (int i = 0; i < 3; ++i) {
        const Split split = splits[i];
        const auto labels = counts.annotations.find(split);
        const auto in = [&counts, split](ItemState state) {
            return widgets::common::numberText(counts.inState(split, state));
        };
        m_counts->addRow({names[i], widgets::common::numberText(counts.inSplit(split)), in(ItemState::Labelled),
                          in(ItemState::ConfirmedEmpty), in(ItemState::Skipped), in(ItemState::Unsure),
                          in(ItemState::Unlabelled),
                          widgets::common::numberText(labels != counts.annotations.end() ? labels->second : 0)});
    }
    m_counts->fitHeight(3);
}

void ProgressPage::fillDays() {
    m_days->setRowCount(0);
    for (const models::PersonDay& day : m_figures.days) {
        const double hours = day.activeSeconds / 3600.0;
        const QString date = QLocale().toString(QDate::fromString(day.day, Qt::ISODate), QLocale::ShortFormat);
        m_days->addRow(
            {day.person, date.isEmpty() ? day.day : date, widgets::common::numberText(day.items),
             widgets::common::durationText(day.activeSeconds),
             hours > 0.0 ? QLocale().toString(static_cast<double>(day.items) / hours, 'f', 0) : QStringLiteral("–")});
    }
    m_days->fitHeight(6);
}

}  // namespace querent::app::pages::progress
