#include "app/pages/progress_page.h"

#include "app/models/holdout_state.h"
#include "app/pages/page_parts.h"
#include "app/settings.h"
#include "widgets/charts/bar_chart.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/common/banner.h"
#include "widgets/common/empty_state.h"

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace querent::app {
namespace {

/** A card with one large number, what it is, and a line under it. */
QWidget* figureCard(const QString& what, QLabel*& value, QLabel*& note, const QString& objectName, QWidget* parent) {
    QVBoxLayout* body = nullptr;
    QFrame* frame = card({}, body, parent);
    body->setSpacing(2);
    QLabel* name = mutedLabel(what, frame);
    name->setWordWrap(false);
    value = new QLabel(QStringLiteral("–"), frame);
    value->setObjectName(objectName);
    value->setStyleSheet(QStringLiteral("font-size: 24px; font-weight: 600"));
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note = mutedLabel({}, frame);
    note->setWordWrap(false);
    body->addWidget(name);
    body->addWidget(value);
    body->addWidget(note);
    return frame;
}

}  // namespace

ProgressPage::ProgressPage(Settings& settings, QWidget* parent)
    : QWidget(parent), m_settings(settings), m_stack(new QStackedWidget(this)) {
    setObjectName(QStringLiteral("progressPage"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);

    m_empty = new widgets::EmptyState(m_stack);
    auto* scroll = new QScrollArea(m_stack);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget(scroll);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kPageMargin, 20, kPageMargin, kPageMargin);
    column->setSpacing(16);
    column->addWidget(titleLabel(tr("Progress"), content));
    m_banners = new widgets::BannerStack(content);
    m_banners->setObjectName(QStringLiteral("progressBanners"));
    connect(m_banners, &widgets::BannerStack::actionTriggered, this, &ProgressPage::holdoutRequested);
    connect(m_banners, &widgets::BannerStack::dismissed, this, [this] { m_holdoutDismissed = true; });
    column->addWidget(m_banners);
    column->addWidget(makeSummary());
    column->addWidget(makeCharts());
    column->addWidget(makeTables());
    column->addStretch(1);
    scroll->setWidget(content);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
}

QWidget* ProgressPage::makeSummary() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    layout->addWidget(figureCard(tr("mAP@.5 on validation"), m_value, m_interval, QStringLiteral("figureMap"), row), 1);
    layout->addWidget(figureCard(tr("Gain of the last round"), m_gain, m_gainNote, QStringLiteral("figureGain"), row),
                      1);
    layout->addWidget(
        figureCard(tr("Answered in the pool"), m_labels, m_labelsNote, QStringLiteral("figureLabels"), row), 1);
    layout->addWidget(figureCard(tr("Active labelling"), m_hours, m_hoursNote, QStringLiteral("figureHours"), row), 1);
    return row;
}

QWidget* ProgressPage::makeCharts() {
    auto* area = new QWidget(this);
    auto* layout = new QHBoxLayout(area);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);

    QVBoxLayout* body = nullptr;
    QFrame* curveCard = card({}, body, area);
    auto* controls = new QHBoxLayout;
    m_metric = new QComboBox(curveCard);
    m_metric->setObjectName(QStringLiteral("progressMetric"));
    m_metric->setAccessibleName(tr("Measure"));
    m_metric->addItem(tr("mAP@.5"), QStringLiteral("map50"));
    m_metric->addItem(tr("mAP@[.5:.95]"), QStringLiteral("map"));
    m_axis = new QComboBox(curveCard);
    m_axis->setObjectName(QStringLiteral("progressAxis"));
    m_axis->setAccessibleName(tr("Against"));
    m_axis->addItem(tr("by labels"), QStringLiteral("labels"));
    m_axis->addItem(tr("by active hours"), QStringLiteral("hours"));
    m_target = new QDoubleSpinBox(curveCard);
    m_target->setObjectName(QStringLiteral("progressTarget"));
    m_target->setAccessibleName(tr("Target mAP@.5"));
    m_target->setRange(0.0, 1.0);
    m_target->setSingleStep(0.05);
    m_target->setDecimals(2);
    m_target->setSpecialValueText(tr("none"));
    m_target->setKeyboardTracking(false);
    controls->addWidget(m_metric);
    controls->addWidget(m_axis);
    controls->addStretch(1);
    QLabel* target = mutedLabel(tr("&Target"), curveCard);
    target->setWordWrap(false);
    target->setBuddy(m_target);
    controls->addWidget(target);
    controls->addWidget(m_target);
    body->addLayout(controls);
    m_curve = new widgets::CurveChart(curveCard);
    m_curve->setObjectName(QStringLiteral("progressCurve"));
    m_curve->setMinimumHeight(320);
    m_curve->setEmptyText(tr("Nothing to draw"), tr("No round carries this measure."));
    body->addWidget(m_curve, 1);
    layout->addWidget(curveCard, 3);

    m_bars = new widgets::BarChart(area);  // a card by itself
    m_bars->setObjectName(QStringLiteral("progressClasses"));
    m_bars->setTitle(tr("Each class"));
    m_bars->setMinimumHeight(320);
    layout->addWidget(m_bars, 2);

    connect(m_metric, &QComboBox::currentIndexChanged, this, [this] { fillCharts(); });
    connect(m_axis, &QComboBox::currentIndexChanged, this, [this] { fillCharts(); });
    connect(m_target, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_figures.target = value;
        fillCharts();
        Q_EMIT targetChanged(value);
    });
    connect(m_curve, &widgets::ChartPanel::saveRequested, this,
            [this](const QString& suffix) { save(m_curve, QStringLiteral("curve"), suffix); });
    connect(m_bars, &widgets::ChartPanel::saveRequested, this,
            [this](const QString& suffix) { save(m_bars, QStringLiteral("classes"), suffix); });
    return area;
}

QWidget* ProgressPage::makeTables() {
    auto* area = new QWidget(this);
    auto* column = new QVBoxLayout(area);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    QVBoxLayout* body = nullptr;
    QFrame* rounds = card(tr("Rounds"), body, area);
    m_rounds = new ReadingTable(
        {tr("Round"), tr("Labels"), tr("Strategy"), tr("mAP@.5"), tr("mAP@[.5:.95]"), tr("Training"), tr("Selection")},
        QStringLiteral("progressRounds"), tr("Rounds"), rounds);
    m_rounds->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    body->addWidget(m_rounds);
    column->addWidget(rounds);

    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    QFrame* counts = card(tr("Items"), body, area);
    m_counts = new ReadingTable(
        {tr("Part"), tr("Items"), tr("Labelled"), tr("Empty"), tr("Skipped"), tr("Unsure"), tr("Open"), tr("Boxes")},
        QStringLiteral("progressCounts"), tr("Items by part and state"), counts);
    m_counts->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_counts->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    body->addWidget(m_counts);
    body->addStretch(1);
    row->addWidget(counts, 3);
    QFrame* days = card(tr("Who did how much"), body, area);
    m_days = new ReadingTable({tr("Person"), tr("Day"), tr("Items"), tr("Active"), tr("An hour")},
                              QStringLiteral("progressDays"), tr("Throughput by person and day"), days);
    m_days->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_days->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    body->addWidget(m_days);
    body->addStretch(1);
    row->addWidget(days, 2);
    column->addLayout(row);
    return area;
}

void ProgressPage::setProject(session::Project* project) {
    m_project = project;
    m_holdoutDismissed = false;
    m_stale = true;
    refresh();
}

void ProgressPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) refresh();
}

void ProgressPage::refresh() {
    m_stale = !isVisible();
    if (m_stale || m_project == nullptr) return;
    m_figures = gatherProgress(*m_project);
    const bool measured = m_figures.lastMeasured() != nullptr;
    m_stack->setCurrentIndex(measured ? 1 : 0);
    if (!measured) {
        fillEmpty();
        return;
    }
    fillHoldout();
    {
        const QSignalBlocker quiet(m_target);
        m_target->setValue(m_figures.target);
        m_target->setEnabled(!m_project->readOnly());
    }
    fillSummary();
    fillCharts();
    fillRounds();
    fillCounts();
    fillDays();
}

void ProgressPage::fillEmpty() {
    m_empty->clearButtons();
    const auto offer = [this](const QString& text, const char* name, bool primary, void (ProgressPage::*request)()) {
        QPushButton* button = m_empty->addButton(text, primary);
        button->setObjectName(QLatin1String(name));
        connect(button, &QPushButton::clicked, this, request);
    };
    const HoldoutState holdout = HoldoutState::of(m_figures.counts);
    QString text = tr("Label the suggested batch and train: the first point of the curve appears here.");
    if (holdout.waits()) {
        text = holdout.sentence();
        offer(tr("Label the validation set"), "progressHoldout", true, &ProgressPage::holdoutRequested);
    } else if (holdout.items == 0 && m_figures.counts.total() > 0) {
        text = tr("No item is in the validation set, so nothing can be measured. Move some items there in Data.");
        offer(tr("Go to Data"), "progressGoData", true, &ProgressPage::dataRequested);
    }
    const bool first = text != holdout.sentence() && holdout.items > 0;
    offer(tr("Go to labelling"), "progressGoLabel", first, &ProgressPage::labelRequested);
    m_empty->setContent(QStringLiteral("chart"), tr("No round has been measured yet"), text);
}

void ProgressPage::fillHoldout() {
    const HoldoutState holdout = HoldoutState::of(m_figures.counts);
    if (!holdout.waits() || m_holdoutDismissed || m_project->readOnly()) {
        m_banners->clear(QStringLiteral("holdout"));
    } else {
        m_banners->show(QStringLiteral("holdout"), widgets::Severity::Info, holdout.sentence(),
                        {{QStringLiteral("showHoldout"), HoldoutState::action()}});
    }
}

void ProgressPage::fillHeadline() {
    const QLocale locale;
    const RoundFigures* last = m_figures.lastMeasured();
    const RoundFigures* before = m_figures.measuredBefore();
    const bool known = last->map50->value >= 0.0;
    m_value->setText(known ? locale.toString(last->map50->value, 'f', 3) : QStringLiteral("–"));
    m_value->setToolTip(known ? QString() : tr("The validation set has no boxes, so there is nothing to measure."));
    const QString when = last->ofRound ? tr("round %1").arg(last->number) : tr("without a round");
    m_interval->setText(
        known ? tr("95 %: %1 to %2, %3")
                    .arg(locale.toString(last->map50->low, 'f', 3), locale.toString(last->map50->high, 'f', 3), when)
              : tr("no boxes in the validation set"));
    if (!known || before == nullptr || before->map50->value < 0.0) {
        m_gain->setText(QStringLiteral("–"));
        m_gainNote->setText(before == nullptr ? tr("known after two trainings") : tr("nothing to compare with"));
        return;
    }
    const double gain = last->map50->value - before->map50->value;
    const bool apart = last->map50->low > before->map50->high || last->map50->high < before->map50->low;
    m_gain->setText(signedText(gain));
    m_gainNote->setText(apart ? tr("clear of the interval before") : tr("the intervals overlap"));
}

void ProgressPage::fillSummary() {
    fillHeadline();
    const QLocale locale;
    const PoolCounts& counts = m_figures.counts;
    const qint64 pool = counts.inSplit(Split::Train);
    const qint64 answered = pool - counts.inState(Split::Train, ItemState::Unlabelled);
    m_labels->setText(numberText(answered));
    m_labelsNote->setText(
        tr("of %1 items, %2 boxes")
            .arg(numberText(pool),
                 numberText(counts.annotations.contains(Split::Train) ? counts.annotations.at(Split::Train) : 0)));
    m_hours->setText(durationText(m_figures.activeHours * 3600.0));
    qint64 items = 0;
    for (const PersonDay& day : m_figures.days)
        items += day.items;
    m_hoursNote->setText(
        m_figures.activeHours > 0.0
            ? tr("%1 items an hour").arg(locale.toString(static_cast<double>(items) / m_figures.activeHours, 'f', 0))
            : tr("idle time left out"));
}

void ProgressPage::fillCharts() {
    if (m_project == nullptr) return;
    const QString metric = m_metric->currentData().toString();
    const bool hours = m_axis->currentData().toString() == QStringLiteral("hours");
    widgets::CurveSeries series;
    series.name = m_metric->currentText();
    series.points = m_figures.curve(metric);
    if (hours) {
        int at = 0;
        for (const RoundFigures& round : m_figures.rounds) {
            const auto& value = metric == QStringLiteral("map") ? round.map : round.map50;
            if (!value || value->value < 0.0) continue;
            if (at < series.points.size()) series.points[at++].x = round.hours;
        }
    }
    m_curve->setTitle(tr("%1 on validation, with 95 % interval").arg(m_metric->currentText()));
    m_curve->setAxes(hours ? tr("Active hours") : tr("Labelled items"), m_metric->currentText());
    m_curve->setUnitRange(true);
    m_curve->setSeries({series});
    const bool withTarget = m_figures.target > 0.0 && metric == QStringLiteral("map50");
    m_curve->setTarget(withTarget ? std::optional<double>(m_figures.target) : std::nullopt);
    const bool map = metric == QStringLiteral("map");
    m_bars->setValueTitle(map ? tr("AP@[.5:.95]") : tr("AP@.5"));
    m_bars->setBars(classBars(*m_project, map ? QStringLiteral("ap") : QStringLiteral("ap50")));
}

void ProgressPage::fillRounds() {
    m_rounds->setRowCount(0);
    for (int i = static_cast<int>(m_figures.rounds.size()) - 1; i >= 0; --i) {
        const RoundFigures& round = m_figures.rounds[i];
        const auto interval = [](const std::optional<Metric>& metric) {
            return metric ? intervalText(metric->value, metric->low, metric->high) : QStringLiteral("–");
        };
        m_rounds->addRow({round.ofRound ? QString::number(round.number) : tr("none", "round"),
                          round.labels > 0 ? numberText(round.labels) : QStringLiteral("–"),
                          round.ofRound ? readableName(round.strategy.toStdString()) : tr("all that was labelled"),
                          interval(round.map50), interval(round.map),
                          round.trainSeconds > 0.0 ? durationText(round.trainSeconds) : QStringLiteral("–"),
                          round.ofRound ? durationText(round.selectSeconds) : QStringLiteral("–")},
                         {}, round.done ? tr("Not measured: the validation set had no boxes.") : tr("Not known yet."));
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
        const auto boxes = counts.annotations.find(split);
        const auto in = [&counts, split](ItemState state) { return numberText(counts.inState(split, state)); };
        m_counts->addRow({names[i], numberText(counts.inSplit(split)), in(ItemState::Labelled),
                          in(ItemState::ConfirmedEmpty), in(ItemState::Skipped), in(ItemState::Unsure),
                          in(ItemState::Unlabelled),
                          numberText(boxes != counts.annotations.end() ? boxes->second : 0)});
    }
    m_counts->fitHeight(3);
}

void ProgressPage::fillDays() {
    m_days->setRowCount(0);
    for (const PersonDay& day : m_figures.days) {
        const double hours = day.activeSeconds / 3600.0;
        const QString date = QLocale().toString(QDate::fromString(day.day, Qt::ISODate), QLocale::ShortFormat);
        m_days->addRow(
            {day.person, date.isEmpty() ? day.day : date, numberText(day.items), durationText(day.activeSeconds),
             hours > 0.0 ? QLocale().toString(static_cast<double>(day.items) / hours, 'f', 0) : QStringLiteral("–")});
    }
    m_days->fitHeight(6);
}

void ProgressPage::save(widgets::ChartPanel* chart, const QString& name, const QString& suffix) {
    const QString project = QFileInfo(QString::fromStdString(m_project->file().string())).completeBaseName();
    const QString start = QDir(m_settings.lastFolder()).filePath(QStringLiteral("%1-%2.%3").arg(project, name, suffix));
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the chart"), start,
                                                      QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (file.isEmpty()) return;
    m_settings.setLastFolder(QFileInfo(file).absolutePath());
    const Result<void> saved = chart->saveTo(file);
    if (!saved) Q_EMIT problem(QString::fromStdString(saved.error().text()));
}

}  // namespace querent::app
