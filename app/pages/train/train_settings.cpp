#include "app/pages/train/train_settings.h"

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/controllers/round_controller.h"
#include "app/models/strategy_words.h"
#include "engine/session/programs.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace querent::app::pages::train {
namespace {

constexpr const char* kStartsFromFile = "file";             // of the choices what to start from
constexpr std::uint64_t kLargestShownSeed = 1'000'000'000;  // an int holds it

QFormLayout* formIn(QWidget* parent) {
    auto* form = new QFormLayout(parent);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(14);
    form->setVerticalSpacing(9);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

QSpinBox* spin(const QString& objectName, int low, int high, int step, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setObjectName(objectName);
    box->setRange(low, high);
    box->setSingleStep(step);
    box->setGroupSeparatorShown(true);
    box->setKeyboardTracking(false);
    return box;
}

int percent(double share) {
    return static_cast<int>(std::lround(share * 100.0));
}

}  // namespace

TrainSettings::TrainSettings(bridge::TaskPool& pool, controllers::RoundController& rounds, QWidget* parent)
    : QWidget(parent), m_pool(pool), m_rounds(rounds) {
    setObjectName(QStringLiteral("trainSettings"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(makeMain());
    m_fold = new QToolButton(this);
    m_fold->setObjectName(QStringLiteral("trainExpertFold"));
    m_fold->setText(tr("For experts"));
    m_fold->setCheckable(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setArrowType(Qt::RightArrow);
    column->addWidget(m_fold, 0, Qt::AlignLeft);
    m_expert = makeExpert();
    m_expert->hide();
    column->addWidget(m_expert);
    connect(m_fold, &QToolButton::toggled, this, [this](bool open) {
        m_fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_expert->setVisible(open);
    });
    connect(m_strategy, &QComboBox::currentIndexChanged, this, &TrainSettings::showStrategy);
    for (QComboBox* box : {m_strategy, m_size})
        connect(box, &QComboBox::activated, this, &TrainSettings::save);
    for (QSpinBox* box : {m_batch, m_steps, m_control, m_hideGhosts, m_seed}) {
        connect(box, &QSpinBox::valueChanged, this, &TrainSettings::save);
    }
    connect(m_ghostThreshold, &QDoubleSpinBox::valueChanged, this, &TrainSettings::save);
    connect(m_ghosts, &QCheckBox::toggled, this, &TrainSettings::save);
    connect(m_backbone, &QLineEdit::editingFinished, this, [this] {
        if (m_filling || m_project == nullptr) return;
        // Leaving the field without a change is no choice.
        if (m_backbone->text().trimmed().toStdString() != m_project->settings().backboneWeights) takeBackbone();
    });
    connect(m_device, &QComboBox::activated, this, [this] { m_rounds.setDevice(m_device->currentData().toString()); });
    connect(m_suggestNext, &QCheckBox::toggled, this, [this](bool on) { m_rounds.setSuggestsAfterTraining(on); });
}

QWidget* TrainSettings::makeMain() {
    auto* box = new QWidget(this);
    QFormLayout* form = formIn(box);
    m_strategy = new QComboBox(box);
    m_strategy->setObjectName(QStringLiteral("trainStrategy"));
    form->addRow(tr("&Ask about"), m_strategy);
    m_sentence = widgets::common::mutedLabel({}, box);
    m_sentence->setObjectName(QStringLiteral("trainStrategySentence"));
    form->addRow(QString(), m_sentence);
    m_batch = spin(QStringLiteral("trainBatch"), 1, 5000, 5, box);
    m_batch->setSuffix(tr(" items"));
    form->addRow(tr("&Batch"), m_batch);
    m_device = new QComboBox(box);
    m_device->setObjectName(QStringLiteral("trainDevice"));
    m_device->addItem(tr("Automatic: the GPU where there is one"), QStringLiteral("auto"));
    m_device->addItem(tr("Processor (CPU)"), QStringLiteral("cpu"));
    m_device->addItem(tr("GPU (CUDA)"), QStringLiteral("cuda"));
    form->addRow(tr("Train &on"), m_device);
    m_size = new QComboBox(box);
    m_size->setObjectName(QStringLiteral("trainSize"));
    for (const char* size : {"small", "base", "large"})
        m_size->addItem(QLatin1String(size), QLatin1String(size));
    form->addRow(tr("&Network"), m_size);
    m_steps = spin(QStringLiteral("trainSteps"), 0, 1'000'000, 50, box);
    m_steps->setSpecialValueText(tr("by the number of labels"));
    form->addRow(tr("&Steps"), m_steps);
    m_suggestNext = new QCheckBox(tr("Suggest the next batch after training"), box);
    m_suggestNext->setObjectName(QStringLiteral("trainSuggestNext"));
    form->addRow(QString(), m_suggestNext);
    return box;
}

QWidget* TrainSettings::makeExpert() {
    auto* box = new QWidget(this);
    QFormLayout* form = m_expertForm = formIn(box);
    m_start = new QComboBox(box);
    m_start->setObjectName(QStringLiteral("trainStart"));
    m_start->setToolTip(
        tr("What the network knows before the first label. The built-in weights have seen photographs; "
           "for sounds, and for pictures like single digits, it starts from nothing in any case."));
    form->addRow(tr("Start &from"), m_start);
    m_backboneRow = new QHBoxLayout;
    m_backbone = new QLineEdit(box);
    m_backbone->setObjectName(QStringLiteral("trainBackbone"));
    m_backbone->setAccessibleName(tr("Backbone weights file"));
    auto* browse = widgets::common::namedButton(tr("Choose…"), QStringLiteral("trainBackboneBrowse"), {}, false, box);
    m_backboneRow->addWidget(m_backbone, 1);
    m_backboneRow->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &TrainSettings::chooseBackbone);
    form->addRow(tr("&Weights"), m_backboneRow);
    connect(m_start, &QComboBox::activated, this, &TrainSettings::takeStart);
    m_control = spin(QStringLiteral("trainControl"), 0, 100, 5, box);
    m_control->setSuffix(tr(" % of each batch"));
    m_control->setToolTip(tr("Random items in each batch: the honest comparison. Nobody sees which they are."));
    form->addRow(tr("Random &control"), m_control);
    m_ghosts = new QCheckBox(tr("Show the model's suggestions as ghosts"), box);
    m_ghosts->setObjectName(QStringLiteral("trainGhosts"));
    form->addRow(QString(), m_ghosts);
    m_ghostThreshold = new QDoubleSpinBox(box);
    m_ghostThreshold->setObjectName(QStringLiteral("trainGhostThreshold"));
    m_ghostThreshold->setRange(0.0, 1.0);
    m_ghostThreshold->setSingleStep(0.05);
    m_ghostThreshold->setKeyboardTracking(false);
    form->addRow(tr("Ghosts from a score of"), m_ghostThreshold);
    m_hideGhosts = spin(QStringLiteral("trainHideGhosts"), 0, 100, 5, box);
    m_hideGhosts->setSuffix(tr(" % of the items"));
    m_hideGhosts->setToolTip(tr("On these no ghost is shown, to measure how much ghosts sway people."));
    form->addRow(tr("Hide ghosts on"), m_hideGhosts);
    m_seed = spin(QStringLiteral("trainSeed"), 0, static_cast<int>(kLargestShownSeed), 1, box);
    m_seed->setToolTip(tr("The same seed, data and answers give the same round again."));
    form->addRow(tr("Random &seed"), m_seed);
    return box;
}

void TrainSettings::setProject(session::Project* project) {
    m_project = project;
    m_saving = m_unsaved = false;
    refresh();
}

void TrainSettings::fitToProject(const ProjectSettings& settings) {
    const bool boxes = settings.task == TaskKind::Detect;
    m_size->setItemText(0, tr("Small: a round in about a minute"));
    const bool pictures =
        std::find(settings.media.begin(), settings.media.end(), Modality::Image) != settings.media.end();
    m_start->clear();
    if (pictures) m_start->addItem(tr("The built-in weights"), QString());
    m_start->addItem(tr("Nothing"), pictures ? QString::fromLatin1(kNoBackbone) : QString());
    if (boxes) m_start->addItem(tr("A file of weights"), QString::fromLatin1(kStartsFromFile));
    m_expertForm->setRowVisible(m_start, m_start->count() > 1);
    const QString weights = QString::fromStdString(settings.backboneWeights);
    const bool ownLayout = boxes && !(pictures && weights.isEmpty());  // the built-in weights bring theirs
    m_size->setItemText(1, ownLayout ? tr("Base: layout of ResNet-18") : tr("Base: twice as wide"));
    m_size->setItemText(2, ownLayout ? tr("Large: layout of ResNet-50, for a GPU")
                           : boxes   ? tr("Large: three times as wide, for a GPU")
                                     : tr("Large: four times as wide, for a GPU"));
    const bool nothing = weights == QLatin1String(kNoBackbone);
    const int known = m_start->findData(nothing && !pictures ? QString() : weights);
    m_start->setCurrentIndex(known >= 0 ? known : m_start->count() - 1);
    const bool fromFile = boxes && known < 0;
    m_expertForm->setRowVisible(m_backboneRow, fromFile);
    m_backbone->setText(fromFile ? weights : QString());
}

void TrainSettings::refresh() {
    setEnabled(m_project != nullptr && !m_project->readOnly());
    if (m_project == nullptr || m_saving) return;  // while a write is under way the fields are newer than the project
    const ProjectSettings settings = m_project->settings();
    m_filling = true;
    fitToProject(settings);
    m_strategy->clear();
    for (const StrategyInfo& choice : session::strategiesFor(settings)) {
        m_strategy->addItem(QString::fromStdString(choice.title), QString::fromStdString(choice.name));
        m_strategy->setItemData(m_strategy->count() - 1, models::strategyText(choice), Qt::ToolTipRole);
        m_strategy->setItemData(m_strategy->count() - 1, QString::fromStdString(choice.source), Qt::UserRole + 1);
    }
    m_strategy->setCurrentIndex(std::max(0, m_strategy->findData(QString::fromStdString(settings.strategy))));
    m_batch->setValue(settings.batchSize);
    m_device->setCurrentIndex(std::max(0, m_device->findData(m_rounds.device())));
    m_size->setCurrentIndex(std::max(0, m_size->findData(QString::fromStdString(settings.networkSize))));
    m_steps->setValue(settings.trainingSteps);
    m_suggestNext->setChecked(m_rounds.suggestsAfterTraining());
    m_control->setValue(percent(settings.controlShare));
    m_ghosts->setChecked(settings.showGhosts);
    m_ghostThreshold->setValue(settings.ghostThreshold);
    m_hideGhosts->setValue(percent(settings.hideGhostShare));
    m_seed->setValue(static_cast<int>(std::min(settings.seed, kLargestShownSeed)));
    m_filling = false;
    showStrategy();
}

void TrainSettings::showStrategy() {
    const QString source = m_strategy->currentData(Qt::UserRole + 1).toString();
    QString sentence = m_strategy->currentData(Qt::ToolTipRole).toString();
    if (m_project != nullptr) {
        ProjectSettings shown = m_project->settings();
        shown.strategy = m_strategy->currentData().toString().toStdString();
        const QString standIn = models::standInStrategy(shown, m_project->counts());
        if (!standIn.isEmpty())
            sentence += tr(" Until then %1 asks.").arg(models::strategyTitle(standIn.toStdString()));
    }
    m_sentence->setText(sentence);
    m_sentence->setToolTip(source);
}

void TrainSettings::takeStart() {
    if (m_start->currentData().toString() == QLatin1String(kStartsFromFile)) {
        chooseBackbone();
    } else {
        m_expertForm->setRowVisible(m_backboneRow, false);
        m_backbone->clear();
        save();
    }
}

void TrainSettings::chooseBackbone() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Backbone weights"), m_backbone->text(),
                                                      tr("Weights (*.pt *.pth *.safetensors);;All files (*)"));
    if (file.isEmpty()) {
        refresh();
        return;
    }
    m_expertForm->setRowVisible(m_backboneRow, true);
    m_backbone->setText(file);
    takeBackbone();
}

void TrainSettings::takeBackbone() {
    if (m_filling || m_project == nullptr) return;
    const QString file = m_backbone->text().trimmed();
    m_pool.run(
        this, [path = bridge::toPath(file)] { return session::isUntrustedProgram(path); },
        [this, file, project = m_project](const Result<bool>& asks) {
            if (project != m_project || file != m_backbone->text().trimmed() || m_asking) return;
            // A file that cannot be read is the training's to report.
            asks&&* asks ? askAboutProgram(file) : save();
        });
}

void TrainSettings::askAboutProgram(const QString& file) {
    m_asking = true;
    auto* box = new QMessageBox(QMessageBox::Warning, tr("Let this program run?"),
                                QString::fromStdString(session::programWarning(bridge::toPath(file))),
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("trainProgram"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* run = box->addButton(tr("Let it run"), QMessageBox::AcceptRole);
    run->setObjectName(QStringLiteral("trainProgramRun"));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(box, &QMessageBox::finished, this, [this, box, run, file, project = m_project] {
        m_asking = false;
        if (project != m_project) return;
        const bool allowed = box->clickedButton() == run;
        if (!allowed) {
            refresh();
            return;
        }
        m_backbone->setText(file);
        m_pool.run(
            this, [path = bridge::toPath(file)] { return session::trustProgram(path); },
            [this, project](const Result<void>& trusted) {
                if (project != m_project) return;
                if (!trusted) Q_EMIT problem(QString::fromStdString(trusted.error().text()));
                save();
            });
    });
    box->open();
}

std::function<void(ProjectSettings&)> TrainSettings::shownSettings() const {
    ProjectSettings shown;
    shown.strategy = m_strategy->currentData().toString().toStdString();
    shown.batchSize = m_batch->value();
    shown.networkSize = m_size->currentData().toString().toStdString();
    shown.trainingSteps = m_steps->value();
    const bool fromFile = m_start->currentData().toString() == QLatin1String(kStartsFromFile);
    shown.backboneWeights = (fromFile ? m_backbone->text().trimmed() : m_start->currentData().toString()).toStdString();
    shown.controlShare = m_control->value() / 100.0;
    shown.showGhosts = m_ghosts->isChecked();
    shown.ghostThreshold = m_ghostThreshold->value();
    shown.hideGhostShare = m_hideGhosts->value() / 100.0;
    shown.seed = static_cast<std::uint64_t>(m_seed->value());
    return [shown](ProjectSettings& settings) {
        settings.strategy = shown.strategy;
        settings.batchSize = shown.batchSize;
        settings.networkSize = shown.networkSize;
        settings.trainingSteps = shown.trainingSteps;
        settings.backboneWeights = shown.backboneWeights;
        settings.controlShare = shown.controlShare;
        settings.showGhosts = shown.showGhosts;
        settings.ghostThreshold = shown.ghostThreshold;
        settings.hideGhostShare = shown.hideGhostShare;
        // A seed beyond the field's range stays as it is until somebody changes it.
        if (shown.seed != std::min(settings.seed, kLargestShownSeed)) settings.seed = shown.seed;
    };
}

void TrainSettings::save() {
    if (m_filling || m_project == nullptr) return;
    m_unsaved = m_saving;
    if (m_saving) return;
    m_saving = true;
    m_pool.run(
        this, [project = m_project, change = shownSettings()] { return project->changeSettings(change); },
        [this, project = m_project](const Result<void>& saved) {
            if (project != m_project) return;
            m_saving = false;
            if (m_unsaved) {
                save();
            } else if (!saved) {
                Q_EMIT problem(QString::fromStdString(saved.error().text()));
                refresh();
            } else {
                Q_EMIT changed();
            }
        });
}

}  // namespace querent::app::pages::train
