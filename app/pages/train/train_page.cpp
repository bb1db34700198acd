#include "app/pages/train/train_page.h"

#include "app/bridge/image_convert.h"
#include "app/controllers/round_controller.h"
#include "app/models/holdout_state.h"
#include "app/pages/train/model_history.h"
#include "app/pages/train/train_settings.h"
#include "app/preferences/settings.h"
#include "widgets/charts/loss_chart.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include <cmath>

namespace querent::app::pages::train {
namespace {

const QString kErrorKey = QStringLiteral("training");
const QString kHoldoutKey = QStringLiteral("holdout");

/** Style sheets look at the property only when the widget is polished again. */
void setPrimary(QPushButton* button, const QString& iconName, bool primary) {
    if (button->property("primary").toBool() == primary) return;
    button->setProperty("primary", primary);
    const QColor onAccent = widgets::common::Theme::colours(button).onAccent;
    button->setIcon(primary ? widgets::common::icon(iconName, onAccent) : widgets::common::icon(iconName));
    button->style()->unpolish(button);
    button->style()->polish(button);
}

}  // namespace

TrainPage::TrainPage(controllers::RoundController& rounds, bridge::TaskPool& pool, preferences::Settings& settings,
                     QWidget* parent)
    : QWidget(parent),
      m_rounds(rounds),
      m_settings(settings),
      m_banners(new widgets::common::BannerStack(this)),
      m_details(new QPlainTextEdit(this)),
      m_settingsPanel(new TrainSettings(pool, rounds, this)),
      m_history(new ModelHistory(pool, this)) {
    setObjectName(QStringLiteral("trainPage"));
    m_details->setObjectName(QStringLiteral("trainErrorDetails"));
    m_details->setAccessibleName(tr("Details of the error"));
    m_details->setReadOnly(true);
    m_details->setFixedHeight(110);
    m_details->hide();

    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout* column = nullptr;
    QScrollArea* scroll = widgets::common::scrollingColumn(tr("Train"), column, this);
    QWidget* content = scroll->widget();
    column->addWidget(m_banners);
    column->addWidget(m_details);
    auto* row = new QHBoxLayout;
    row->setSpacing(widgets::common::kGap);
    row->addWidget(makeRun(), 3);
    QVBoxLayout* body = nullptr;
    QFrame* settingsCard = widgets::common::card(tr("The next round"), body, content);
    body->addWidget(m_settingsPanel);
    body->addStretch(1);
    row->addWidget(settingsCard, 2);
    column->addLayout(row);
    QFrame* historyCard = widgets::common::card(tr("Models"), body, content);
    body->addWidget(m_history);
    column->addWidget(historyCard);
    column->addStretch(1);
    outer->addWidget(scroll);

    connect(&m_rounds, &controllers::RoundController::stateChanged, this, &TrainPage::showState);
    connect(&m_rounds, &controllers::RoundController::progressed, this, &TrainPage::showProgress);
    connect(&m_rounds, &controllers::RoundController::tick, this, &TrainPage::showTick);
    connect(&m_rounds, &controllers::RoundController::failed, this, &TrainPage::showError);
    connect(&m_rounds, &controllers::RoundController::roundFinished, this, &TrainPage::refresh);
    connect(m_banners, &widgets::common::BannerStack::actionTriggered, this, [this](const QString& key) {
        if (key == kHoldoutKey) {
            Q_EMIT holdoutRequested();
        } else {
            m_details->setVisible(!m_details->isVisible());
        }
    });
    connect(m_banners, &widgets::common::BannerStack::dismissed, this, [this](const QString& key) {
        m_details->hide();
        if (key == kHoldoutKey) m_holdoutDismissed = true;
    });
    connect(m_settingsPanel, &TrainSettings::problem, this, &TrainPage::problem);
    connect(m_settingsPanel, &TrainSettings::changed, this, &TrainPage::settingsChanged);
    connect(m_history, &ModelHistory::problem, this, &TrainPage::problem);
    connect(m_history, &ModelHistory::currentChanged, this, &TrainPage::modelChanged);
    showState();
}

QWidget* TrainPage::makeRun() {
    QVBoxLayout* body = nullptr;
    QFrame* frame = widgets::common::card({}, body, this);
    auto* head = new QHBoxLayout;
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_state = widgets::common::headingLabel({}, frame);
    m_state->setObjectName(QStringLiteral("trainState"));
    m_line = widgets::common::mutedLabel({}, frame);
    m_line->setObjectName(QStringLiteral("trainLine"));
    texts->addWidget(m_state);
    texts->addWidget(m_line);
    head->addLayout(texts, 1);
    m_suggest = widgets::common::namedButton(tr("Suggest a batch"), QStringLiteral("trainSuggest"),
                                             QStringLiteral("round"), true, frame);
    m_train =
        widgets::common::namedButton(tr("Train now"), QStringLiteral("trainNow"), QStringLiteral("train"), true, frame);
    m_cancel =
        widgets::common::namedButton(tr("Cancel"), QStringLiteral("trainCancel"), QStringLiteral("stop"), false, frame);
    head->addWidget(m_suggest);
    head->addWidget(m_train);
    head->addWidget(m_cancel);
    body->addLayout(head);
    m_remark = widgets::common::mutedLabel({}, frame);
    m_remark->setObjectName(QStringLiteral("trainRemark"));
    m_remark->setTextFormat(Qt::PlainText);
    body->addWidget(m_remark);
    m_bar = new QProgressBar(frame);
    m_bar->setObjectName(QStringLiteral("trainProgress"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    body->addWidget(m_bar);
    m_speed = widgets::common::mutedLabel({}, frame);
    m_speed->setObjectName(QStringLiteral("trainSpeed"));
    m_speed->setWordWrap(false);
    body->addWidget(m_speed);
    m_loss = new widgets::charts::LossChart(frame);
    m_loss->setObjectName(QStringLiteral("trainLoss"));
    m_loss->setTitle(tr("Loss"));
    m_loss->setEmptyText(tr("Nothing is training"), tr("The loss is drawn here, step by step, while a model trains."));
    m_loss->setMinimumHeight(280);
    body->addWidget(m_loss, 1);
    connect(m_suggest, &QPushButton::clicked, &m_rounds, &controllers::RoundController::suggest);
    connect(m_train, &QPushButton::clicked, &m_rounds, &controllers::RoundController::train);
    connect(m_cancel, &QPushButton::clicked, &m_rounds, &controllers::RoundController::cancel);
    connect(m_loss, &widgets::charts::ChartPanel::saveRequested, this, &TrainPage::saveChart);
    return frame;
}

void TrainPage::setProject(session::Project* project) {
    m_project = project;
    m_loss->clear();
    m_banners->clear(kErrorKey);
    m_details->hide();
    m_counts = project != nullptr ? project->counts() : PoolCounts();
    m_holdoutDismissed = false;
    m_settingsPanel->setProject(project);
    m_history->setProject(project);
    showState();
}

void TrainPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) refresh();
}

void TrainPage::refresh() {
    m_stale = !isVisible();
    if (m_stale) return;
    if (m_project != nullptr) m_counts = m_project->counts();
    m_settingsPanel->refresh();
    m_history->refresh();
    showState();
}

void TrainPage::showState() {
    const bool busy = m_rounds.busy();
    m_bar->setVisible(busy);
    m_cancel->setVisible(busy);
    m_speed->setVisible(busy);
    const bool open = m_rounds.openRound().has_value();
    const bool askable = m_rounds.canSuggest() || !m_rounds.canTrain();
    m_suggest->setVisible(!busy && !open && askable);
    m_train->setVisible(!busy && (open || m_rounds.canTrain()));
    setPrimary(m_train, QStringLiteral("train"), open || !askable);
    m_suggest->setEnabled(m_rounds.canSuggest());
    m_suggest->setToolTip(m_rounds.whyNotSuggest());
    m_train->setEnabled(m_rounds.canTrain());
    m_train->setToolTip(open ? m_rounds.whyNotTrain() : tr("Trains on everything that is labelled, without a round"));
    showHoldout();
    m_remark->setText(m_rounds.remarks().join(QLatin1Char('\n')));
    m_remark->setVisible(!busy && open && !m_rounds.remarks().isEmpty());
    if (busy) {
        showBusy();
        return;
    }
    m_state->setText(open ? tr("Round %1").arg(m_rounds.openRound()->number) : tr("No round is open"));
    m_line->setText(open ? roundLine() : betweenLine());
}

void TrainPage::showBusy() {
    m_state->setText(m_rounds.phase());
    if (!m_rounds.lastTick()) {
        m_bar->setRange(0, 0);
        m_line->clear();
        m_speed->clear();
        if (m_rounds.activity() == controllers::RoundController::Activity::Training) m_loss->clear();
    }
    m_banners->clear(kErrorKey);
    m_details->hide();
}

/** What can be done with the open round. */
QString TrainPage::roundLine() const {
    if (const QString why = m_rounds.whyNotTrain(); !why.isEmpty()) return why;
    if (m_rounds.openRound()->step != RoundStep::Labelling) {
        return tr("This round was interrupted. Training goes on from where it stood.");
    }
    return tr("Train when enough of the batch is answered. Labelling may go on meanwhile.");
}

/** What can be done while no round is open. */
QString TrainPage::betweenLine() const {
    const QString why = m_rounds.whyNotSuggest();
    if (!m_rounds.canTrain()) return why.isEmpty() ? tr("Ask for a batch; label it; then train.") : why;
    const auto labelled = static_cast<int>(m_counts.trainable(Split::Train));
    if (why.isEmpty()) return tr("Ask for a batch, or train on everything labelled so far (%1).").arg(labelled);
    return why + QLatin1Char(' ') + tr("Train on everything labelled so far (%1).").arg(labelled);
}

void TrainPage::showHoldout() {
    const models::HoldoutState holdout = models::HoldoutState::of(m_counts);
    const bool writable = m_project != nullptr && !m_project->readOnly();
    if (!holdout.waits() || !writable || m_holdoutDismissed) {
        m_banners->clear(kHoldoutKey);
    } else {
        m_banners->show(kHoldoutKey, widgets::common::Severity::Info, holdout.sentence(),
                        {{QStringLiteral("showHoldout"), models::HoldoutState::action()}});
    }
}

void TrainPage::showProgress(const Progress& progress) {
    m_bar->setRange(0, static_cast<int>(progress.total));
    m_bar->setValue(static_cast<int>(progress.done));
    if (m_rounds.lastTick() && progress.phase == "Training") return;
    m_line->setText(progress.total > 0 ? tr("%1 of %2")
                                             .arg(widgets::common::numberText(progress.done),
                                                  widgets::common::numberText(progress.total))
                                       : QString());
    m_speed->clear();
}

void TrainPage::showTick(const TrainingStep& tick) {
    m_loss->setSteps(tick.steps);
    m_loss->append(tick.step, tick.loss);
    m_bar->setRange(0, tick.steps);
    m_bar->setValue(tick.step);
    m_line->setText(
        tick.secondsLeft > 0.0
            ? tr("Step %1 of %2, about %3 left")
                  .arg(widgets::common::numberText(tick.step), widgets::common::numberText(tick.steps),
                       widgets::common::durationText(std::max(1.0, std::round(tick.secondsLeft))))
            : tr("Step %1 of %2").arg(widgets::common::numberText(tick.step), widgets::common::numberText(tick.steps)));
    const QLocale locale;
    m_speed->setText(tr("%1 items/s  ·  learning rate %2  ·  loss %3")
                         .arg(locale.toString(tick.itemsPerSecond, 'f', 1), locale.toString(tick.learningRate, 'g', 3),
                              locale.toString(tick.loss, 'f', 3)));
}

void TrainPage::showError(const Error& error) {
    const QString sentence = QString::fromStdString(error.sentence);
    m_banners->show(kErrorKey, widgets::common::Severity::Error, sentence,
                    {{QStringLiteral("details"), tr("Details")}});
    QStringList lines = {QString::fromStdString(error.text()), tr("Code: %1").arg(static_cast<int>(error.code))};
    if (m_project != nullptr) {
        lines << tr("Configuration, metrics of each step and checkpoints: %1")
                     .arg(QDir::toNativeSeparators(bridge::toQString(m_project->sidecar())));
    }
    m_details->setPlainText(lines.join(QLatin1Char('\n')));
}

void TrainPage::saveChart(const QString& suffix) {
    const QString start = QDir(m_settings.lastFolder()).filePath(QStringLiteral("loss.") + suffix);
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the chart"), start,
                                                      QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (file.isEmpty()) return;
    m_settings.setLastFolder(QFileInfo(file).absolutePath());
    const Result<void> saved = m_loss->saveTo(file);
    if (!saved) Q_EMIT problem(QString::fromStdString(saved.error().text()));
}

}  // namespace querent::app::pages::train
