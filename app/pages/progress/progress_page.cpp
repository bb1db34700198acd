#include "app/pages/progress/progress_page.h"

#include "app/bridge/image_convert.h"
#include "app/models/holdout_state.h"
#include "app/models/policy_progress.h"
#include "app/models/task_words.h"
#include "app/pages/progress/policy_section.h"
#include "app/preferences/settings.h"
#include "widgets/charts/bar_chart.h"
#include "widgets/charts/confusion_matrix.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/common/banner.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/page_parts.h"

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace querent::app::pages::progress {
namespace {

/** A card with one large number, what it is, and a line under it. */
QWidget* figureCard(QLabel* what, QLabel*& value, QLabel*& note, const QString& objectName, QWidget* parent) {
    QVBoxLayout* body = nullptr;
    QFrame* frame = widgets::common::card({}, body, parent);
    body->setSpacing(2);
    what->setWordWrap(false);
    value = new QLabel(QStringLiteral("–"), frame);
    value->setObjectName(objectName);
    value->setStyleSheet(QStringLiteral("font-size: 24px; font-weight: 600"));
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note = widgets::common::mutedLabel({}, frame);
    note->setWordWrap(false);
    body->addWidget(what);
    body->addWidget(value);
    body->addWidget(note);
    return frame;
}

}  // namespace

ProgressPage::ProgressPage(preferences::Settings& settings, QWidget* parent)
    : QWidget(parent), m_settings(settings), m_stack(new QStackedWidget(this)) {
    setObjectName(QStringLiteral("progressPage"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);

    m_empty = new widgets::common::EmptyState(m_stack);
    QVBoxLayout* column = nullptr;
    QScrollArea* scroll = widgets::common::scrollingColumn(tr("Progress"), column, m_stack);
    QWidget* content = scroll->widget();
    m_banners = new widgets::common::BannerStack(content);
    m_banners->setObjectName(QStringLiteral("progressBanners"));
    connect(m_banners, &widgets::common::BannerStack::actionTriggered, this, &ProgressPage::holdoutRequested);
    connect(m_banners, &widgets::common::BannerStack::dismissed, this, [this] { m_holdoutDismissed = true; });
    column->addWidget(m_banners);
    column->addWidget(makeSummary());
    column->addWidget(makeCharts());
    column->addWidget(m_confusion);
    m_policy = new PolicySection(content);
    connect(m_policy, &PolicySection::saveRequested, this, &ProgressPage::save);
    column->addWidget(m_policy);
    column->addWidget(makeTables());
    column->addStretch(1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
}

QWidget* ProgressPage::makeSummary() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(widgets::common::kGap);
    const auto add = [row, layout](QLabel* what, QLabel*& value, QLabel*& note, const char* name) {
        layout->addWidget(figureCard(what, value, note, QLatin1String(name), row), 1);
    };
    m_valueTitle = widgets::common::mutedLabel({}, row);
    add(m_valueTitle, m_value, m_interval, "figureHeadline");
    add(widgets::common::mutedLabel(tr("Gain of the last round"), row), m_gain, m_gainNote, "figureGain");
    add(widgets::common::mutedLabel(tr("Answered in the pool"), row), m_labels, m_labelsNote, "figureLabels");
    add(widgets::common::mutedLabel(tr("Active labelling"), row), m_hours, m_hoursNote, "figureHours");
    return row;
}

QWidget* ProgressPage::makeCurve() {
    QVBoxLayout* body = nullptr;
    QFrame* curveCard = widgets::common::card({}, body, this);
    auto* controls = new QHBoxLayout;
    m_metric = new QComboBox(curveCard);
    m_metric->setObjectName(QStringLiteral("progressMetric"));
    m_metric->setAccessibleName(tr("Measure"));
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_axis = new QComboBox(curveCard);
    m_axis->setObjectName(QStringLiteral("progressAxis"));
    m_axis->setAccessibleName(tr("Against"));
    m_axis->addItem(tr("by labels"), QStringLiteral("labels"));
    m_axis->addItem(tr("by active hours"), QStringLiteral("hours"));
    m_target = new QDoubleSpinBox(curveCard);
    m_target->setObjectName(QStringLiteral("progressTarget"));
    m_target->setRange(0.0, 1.0);
    m_target->setSingleStep(0.05);
    m_target->setDecimals(2);
    m_target->setSpecialValueText(tr("none"));
    m_target->setKeyboardTracking(false);
    controls->addWidget(m_metric);
    controls->addWidget(m_axis);
    controls->addStretch(1);
    QLabel* target = widgets::common::mutedLabel(tr("&Target"), curveCard);
    target->setWordWrap(false);
    target->setBuddy(m_target);
    controls->addWidget(target);
    controls->addWidget(m_target);
    body->addLayout(controls);
    m_curve = new widgets::charts::CurveChart(curveCard);
    m_curve->setObjectName(QStringLiteral("progressCurve"));
    m_curve->setMinimumHeight(320);
    m_curve->setEmptyText(tr("Nothing to draw"), tr("No round carries this measure."));
    body->addWidget(m_curve, 1);
    return curveCard;
}

QWidget* ProgressPage::makeCharts() {
    auto* area = new QWidget(this);
    auto* layout = new QHBoxLayout(area);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(widgets::common::kGap);
    layout->addWidget(makeCurve(), 3);
    m_bars = new widgets::charts::BarChart(area);  // a card by itself
    m_bars->setObjectName(QStringLiteral("progressClasses"));
    m_bars->setTitle(tr("Each class"));
    m_bars->setMinimumHeight(320);
    layout->addWidget(m_bars, 2);
    m_confusion = new widgets::charts::ConfusionMatrix(this);
    m_confusion->setObjectName(QStringLiteral("progressConfusion"));

    connect(m_metric, &QComboBox::currentIndexChanged, this, [this] { fillCharts(); });
    connect(m_axis, &QComboBox::currentIndexChanged, this, [this] { fillCharts(); });
    connect(m_target, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_figures.target = value;
        fillCharts();
        Q_EMIT targetChanged(value);
    });
    const std::pair<widgets::charts::ChartPanel*, const char*> charts[] = {
        {m_curve, "curve"}, {m_bars, "classes"}, {m_confusion, "confusion"}};
    for (const auto& [chart, name] : charts) {
        connect(
            chart, &widgets::charts::ChartPanel::saveRequested, this,
            [this, chart = chart, name = name](const QString& suffix) { save(chart, QLatin1String(name), suffix); });
    }
    return area;
}

void ProgressPage::setProject(session::Project* project) {
    m_project = project;
    m_holdoutDismissed = false;
    m_stale = true;
    if (project != nullptr) fitToProject();
    refresh();
}

void ProgressPage::fitToProject() {
    m_about = m_project->settings();
    m_measures = models::measuresOf(m_about);
    const models::Measure& headline = m_measures.front();
    m_valueTitle->setText(tr("%1 on validation").arg(headline.title));
    m_valueTitle->setToolTip(headline.help);
    m_target->setAccessibleName(tr("Target of %1").arg(headline.title));
    const QSignalBlocker quiet(m_metric);
    m_metric->clear();
    for (const models::Measure& measure : m_measures) {
        m_metric->addItem(measure.title, QString::fromStdString(measure.name));
        m_metric->setItemData(m_metric->count() - 1, measure.help, Qt::ToolTipRole);
    }
    fitTables();
}

void ProgressPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) refresh();
}

void ProgressPage::refresh() {
    m_stale = !isVisible();
    if (m_stale || m_project == nullptr) return;
    m_figures = models::gatherProgress(*m_project);
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
    fillConfusion();
    m_policy->setFigures(models::gatherPolicy(*m_project));
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
    const models::HoldoutState holdout = models::HoldoutState::of(m_figures.counts);
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
    const models::HoldoutState holdout = models::HoldoutState::of(m_figures.counts);
    if (!holdout.waits() || m_holdoutDismissed || m_project->readOnly()) {
        m_banners->clear(QStringLiteral("holdout"));
    } else {
        m_banners->show(QStringLiteral("holdout"), widgets::common::Severity::Info, holdout.sentence(),
                        {{QStringLiteral("showHoldout"), models::HoldoutState::action()}});
    }
}

void ProgressPage::fillHeadline() {
    const QLocale locale;
    const models::RoundFigures* last = m_figures.lastMeasured();
    const models::RoundFigures* earlier = m_figures.measuredBefore();
    const Metric& now = *last->metric(m_figures.headline);
    const Metric* before = earlier != nullptr ? earlier->metric(m_figures.headline) : nullptr;
    const bool known = now.value >= 0.0;
    const QString nothing = models::nothingToMeasure(m_about);
    m_value->setText(known ? locale.toString(now.value, 'f', 3) : QStringLiteral("–"));
    m_value->setToolTip(known ? QString() : tr("Nothing can be measured: %1.").arg(nothing));
    const QString when = last->ofRound ? tr("round %1").arg(last->number) : tr("without a round");
    m_interval->setText(
        known ? tr("95 %: %1 to %2, %3").arg(locale.toString(now.low, 'f', 3), locale.toString(now.high, 'f', 3), when)
              : nothing);
    if (!known || before == nullptr || before->value < 0.0) {
        m_gain->setText(QStringLiteral("–"));
        m_gainNote->setText(before == nullptr ? tr("known after two trainings") : tr("nothing to compare with"));
        return;
    }
    const bool apart = now.low > before->high || now.high < before->low;
    m_gain->setText(widgets::common::signedText(now.value - before->value));
    m_gainNote->setText(apart ? tr("clear of the interval before") : tr("the intervals overlap"));
}

void ProgressPage::fillSummary() {
    fillHeadline();
    const QLocale locale;
    const PoolCounts& counts = m_figures.counts;
    const qint64 pool = counts.inSplit(Split::Train);
    const qint64 answered = pool - counts.inState(Split::Train, ItemState::Unlabelled);
    m_labels->setText(widgets::common::numberText(answered));
    m_labelsNote->setText(
        tr("of %1, %2")
            .arg(models::itemCount(pool),
                 models::labelCount(
                     m_about, counts.annotations.contains(Split::Train) ? counts.annotations.at(Split::Train) : 0)));
    m_hours->setText(widgets::common::durationText(m_figures.activeHours * 3600.0));
    qint64 items = 0;
    for (const models::PersonDay& day : m_figures.days)
        items += day.items;
    m_hoursNote->setText(
        m_figures.activeHours > 0.0
            ? tr("%1 items an hour").arg(locale.toString(static_cast<double>(items) / m_figures.activeHours, 'f', 0))
            : tr("idle time left out"));
}

const models::Measure& ProgressPage::shownMeasure() const {
    return m_measures[std::max(0, m_metric->currentIndex())];
}

void ProgressPage::fillCharts() {
    if (m_project == nullptr) return;
    const models::Measure& measure = shownMeasure();
    const bool hours = m_axis->currentData().toString() == QStringLiteral("hours");
    widgets::charts::CurveSeries series;
    series.name = measure.title;
    series.points = m_figures.curve(QString::fromStdString(measure.name));
    if (hours) {
        int at = 0;
        for (const models::RoundFigures& round : m_figures.rounds) {
            const Metric* value = round.metric(measure.name);
            if (value == nullptr || value->value < 0.0) continue;
            if (at < series.points.size()) series.points[at++].x = round.hours;
        }
    }
    m_curve->setTitle(tr("%1 on validation, with 95 % interval").arg(measure.title));
    m_curve->setAxes(hours ? tr("Active hours") : tr("Labelled items"), measure.title);
    m_curve->setUnitRange(measure.share);
    m_curve->setSeries({series});
    const bool withTarget = m_figures.target > 0.0 && measure.name == m_figures.headline;
    m_curve->setTarget(withTarget ? std::optional<double>(m_figures.target) : std::nullopt);
    m_bars->setValueTitle(measure.perClassTitle);
    m_bars->setBars(models::classBars(*m_project, QString::fromStdString(measure.perClass)));
}

void ProgressPage::fillConfusion() {
    const auto confusion = models::newestConfusion(*m_project);
    m_confusion->setVisible(confusion.has_value());
    if (!confusion) return;
    QStringList names;
    for (const ClassLabel& label : confusion->classes)
        names << QString::fromStdString(label.name);
    m_confusion->setCounts(names, QVector<qint64>(confusion->counts.begin(), confusion->counts.end()));
}

void ProgressPage::save(widgets::charts::ChartPanel* chart, const QString& name, const QString& suffix) {
    const QString project = QFileInfo(bridge::toQString(m_project->file())).completeBaseName();
    const QString start = QDir(m_settings.lastFolder()).filePath(QStringLiteral("%1-%2.%3").arg(project, name, suffix));
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the chart"), start,
                                                      QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (file.isEmpty()) return;
    m_settings.setLastFolder(QFileInfo(file).absolutePath());
    const Result<void> saved = chart->saveTo(file);
    if (!saved) Q_EMIT problem(QString::fromStdString(saved.error().text()));
}

}  // namespace querent::app::pages::progress
