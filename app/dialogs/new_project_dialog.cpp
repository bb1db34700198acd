#include "app/dialogs/new_project_dialog.h"

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/dialogs/dialog_parts.h"
#include "app/dialogs/import_report_view.h"
#include "app/dialogs/work_panel.h"
#include "app/models/strategy_words.h"
#include "app/models/task_words.h"
#include "app/preferences/settings.h"
#include "engine/session/strategies.h"
#include "engine/session/transfer/transfer.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::dialogs {
namespace {

const QString kResult = QStringLiteral("create");

/** Characters that some file system refuses become "-". */
QString fileNameOf(const QString& name) {
    QString file = name.trimmed();
    for (QChar& c : file) {
        if (QStringLiteral("/\\:*?\"<>|").contains(c) || c.unicode() < 32) c = QLatin1Char('-');
    }
    return file;
}

}  // namespace

NewProjectDialog::NewProjectDialog(preferences::Settings& settings, bridge::TaskPool& pool, QWidget* parent)
    : QDialog(parent), m_settings(settings), m_pool(pool) {
    setObjectName(QStringLiteral("newProjectDialog"));
    setWindowTitle(tr("New project"));
    setAcceptDrops(true);
    auto* column = dialogColumn(this);
    m_banners = new widgets::common::BannerStack(this);
    column->addWidget(m_banners);
    m_page = makeForm();
    column->addWidget(m_page, 1);
    m_said = new ImportReportView(this);
    m_said->hide();
    column->addWidget(m_said, 1);
    m_work = new WorkPanel(this);
    m_create = widgets::common::namedButton(tr("Create"), QStringLiteral("newCreate"), {}, true, this);
    m_create->setDefault(true);
    m_cancel = widgets::common::namedButton(tr("Close"), QStringLiteral("newClose"), {}, false, this);
    column->addLayout(buttonRow(m_work, {m_cancel, m_create}));
    resize(640, 660);
    connect(m_create, &QPushButton::clicked, this, [this] { m_there.isEmpty() ? create() : reject(); });
    connect(m_cancel, &QPushButton::clicked, this, &NewProjectDialog::reject);
    connect(&m_work->worker(), &bridge::BackgroundBridge::finished, this, &NewProjectDialog::onCreated);
    connect(&m_work->worker(), &bridge::BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        m_banners->show(kResult, widgets::common::Severity::Error, QString::fromStdString(error.text()));
        validate();
    });
    connect(&m_work->worker(), &bridge::BackgroundBridge::cancelled, this, &NewProjectDialog::validate);
    m_name->setText(tr("My project"));
    m_name->selectAll();
    m_nameTouched = false;
    validate();
}

NewProjectDialog::~NewProjectDialog() = default;

QWidget* NewProjectDialog::makeForm() {
    auto* box = new QWidget(this);
    m_form = dialogForm();
    m_form->setContentsMargins(0, 0, 0, 0);
    box->setLayout(m_form);
    addPlace(m_form, box);
    addData(m_form, box);
    addTask(m_form, box);
    addClasses(m_form, box);
    addRound(m_form, box);
    connectForm();
    showTask();
    return box;
}

void NewProjectDialog::addPlace(QFormLayout* form, QWidget* box) {
    m_name = new QLineEdit(box);
    m_name->setObjectName(QStringLiteral("newName"));
    m_nameHint = new widgets::common::FieldHint(QStringLiteral("newNameHint"), box);
    form->addRow(tr("&Name"), m_name);
    m_folder = new PathField(PathField::Kind::Folder, QStringLiteral("newFolder"), tr("Place of the project"), box);
    m_folder->setPath(m_settings.lastFolder());
    form->addRow(tr("&Place"), m_folder);
    m_fileLine = widgets::common::mutedLabel({}, box);
    m_fileLine->setObjectName(QStringLiteral("newFile"));
    form->addRow(QString(), m_fileLine);
    form->addRow(QString(), m_nameHint);
}

void NewProjectDialog::addData(QFormLayout* form, QWidget* box) {
    m_data = new PathField(PathField::Kind::FileOrFolder, QStringLiteral("newData"), tr("Files or data set"), box);
    m_data->setStart(m_settings.lastFolder());
    form->addRow(tr("&Data"), m_data);
    m_dataHint = new widgets::common::FieldHint(QStringLiteral("newDataHint"), box);
    form->addRow(QString(), m_dataHint);
}

void NewProjectDialog::addTask(QFormLayout* form, QWidget* box) {
    m_kind = new QComboBox(box);
    m_kind->setObjectName(QStringLiteral("newTask"));
    for (const models::LabelKind kind : {models::LabelKind::BoxesOnPictures, models::LabelKind::BoxesOnSounds,
                                         models::LabelKind::OneClass, models::LabelKind::SeveralClasses}) {
        m_kind->addItem(models::labelKindTitle(kind), static_cast<int>(kind));
    }
    form->addRow(tr("&Label"), m_kind);
    m_media = new QWidget(box);
    auto* row = new QHBoxLayout(m_media);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(20);
    const auto add = [this, row](const QString& text, const char* name) {
        auto* check = new QCheckBox(text, m_media);
        check->setObjectName(QLatin1String(name));
        row->addWidget(check);
        return check;
    };
    m_pictures = add(tr("a picture"), "newPictures");
    m_sounds = add(tr("a sound"), "newSounds");
    m_texts = add(tr("a text"), "newTexts");
    m_pictures->setChecked(true);
    row->addStretch(1);
    m_media->setToolTip(tr("An item may have one of them, or several together."));
    form->addRow(tr("An item has"), m_media);
    m_mediaHint = new widgets::common::FieldHint(QStringLiteral("newMediaHint"), box);
    form->addRow(QString(), m_mediaHint);
    m_format = new QComboBox(box);
    m_format->setObjectName(QStringLiteral("newFormat"));
    form->addRow(tr("&Format"), m_format);
}

void NewProjectDialog::addClasses(QFormLayout* form, QWidget* box) {
    m_classes = new QPlainTextEdit(box);
    m_classes->setObjectName(QStringLiteral("newClasses"));
    m_classes->setTabChangesFocus(true);
    m_classes->setPlaceholderText(
        tr("One class a line. Classes of the data set are added by themselves; more can be "
           "added at any time."));
    m_classes->setMinimumHeight(84);
    form->addRow(tr("&Classes"), m_classes);
    m_classesHint = new widgets::common::FieldHint(QStringLiteral("newClassesHint"), box);
    form->addRow(QString(), m_classesHint);
}

void NewProjectDialog::addRound(QFormLayout* form, QWidget* box) {
    m_holdout = new QSpinBox(box);
    m_holdout->setObjectName(QStringLiteral("newHoldout"));
    m_holdout->setRange(0, 60);
    m_holdout->setValue(20);
    m_holdout->setSuffix(tr(" % held out to measure on"));
    m_holdout->setToolTip(tr("Drawn at random and never asked about. Used only where the data brings no split."));
    form->addRow(tr("&Validation"), m_holdout);
    m_strategy = new QComboBox(box);
    m_strategy->setObjectName(QStringLiteral("newStrategy"));
    form->addRow(tr("&Ask about"), m_strategy);
    m_sentence = widgets::common::mutedLabel({}, box);
    m_sentence->setObjectName(QStringLiteral("newStrategySentence"));
    form->addRow(QString(), m_sentence);
}

void NewProjectDialog::connectForm() {
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTouched = true; });
    connect(m_name, &QLineEdit::textChanged, this, &NewProjectDialog::validate);
    connect(m_folder, &PathField::pathChanged, this, &NewProjectDialog::validate);
    connect(m_data, &PathField::pathChanged, this, [this] {
        guess();
        validate();
    });
    connect(m_kind, &QComboBox::activated, this, [this] { m_taskTouched = true; });
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        showTask();
        validate();
    });
    for (QCheckBox* check : {m_pictures, m_sounds, m_texts}) {
        connect(check, &QCheckBox::clicked, this, [this] { m_taskTouched = true; });
        connect(check, &QCheckBox::toggled, this, &NewProjectDialog::validate);
    }
    connect(m_classes, &QPlainTextEdit::textChanged, this, &NewProjectDialog::validate);
    connect(m_strategy, &QComboBox::currentIndexChanged, this, &NewProjectDialog::showStrategy);
}

ProjectSettings NewProjectDialog::task() const {
    std::vector<Modality> media;
    if (m_pictures->isChecked()) media.push_back(Modality::Image);
    if (m_sounds->isChecked()) media.push_back(Modality::Audio);
    if (m_texts->isChecked()) media.push_back(Modality::Text);
    ProjectSettings settings;
    models::setLabelKind(settings, static_cast<models::LabelKind>(m_kind->currentData().toInt()), media);
    return settings;
}

void NewProjectDialog::showTask() {
    const ProjectSettings settings = task();
    m_form->setRowVisible(m_media, settings.task == TaskKind::Classify);
    m_data->edit()->setPlaceholderText(models::dataHint(settings));
    fillFormats(m_format, session::transfer::importFormatsFor(settings));
    chooseFormat(m_format, "folder");
    chooseFormat(m_format, m_guess.format);
    fillStrategies();
}

void NewProjectDialog::fillStrategies() {
    const QVariant before = m_strategy->currentData();
    m_strategy->clear();
    for (const StrategyInfo& choice : session::strategiesFor(task())) {
        m_strategy->addItem(QString::fromStdString(choice.title), QString::fromStdString(choice.name));
        m_strategy->setItemData(m_strategy->count() - 1, models::strategyText(choice), Qt::ToolTipRole);
    }
    // What somebody has chosen stays, what was only proposed does not.
    const bool chosen = before.isValid() && before != m_proposed;
    m_proposed = models::recommendedStrategy(task());
    const int same = chosen ? m_strategy->findData(before) : -1;
    m_strategy->setCurrentIndex(std::max(0, same >= 0 ? same : m_strategy->findData(m_proposed)));
    showStrategy();
}

void NewProjectDialog::setData(const QString& path) {
    m_data->setPath(path);
}

QString NewProjectDialog::defaultName(const QString& dataPath) const {
    const QFileInfo info(dataPath);
    const QString name = info.isDir() ? info.fileName() : info.completeBaseName();
    return name.isEmpty() ? tr("My project") : name;
}

void NewProjectDialog::guess() {
    const QString path = m_data->path();
    m_guessing = QFileInfo::exists(path);
    if (!m_guessing) return;
    if (!m_nameTouched) m_name->setText(defaultName(path));
    // Looking into a folder may take a while on a network drive.
    m_pool.run(
        this, [path] { return session::transfer::guessData(bridge::toPath(path)); },
        [this, path](const session::transfer::DataGuess& guess) {
            if (path == m_data->path()) take(guess);
        });
}

void NewProjectDialog::take(const session::transfer::DataGuess& guess) {
    m_guess = guess;
    m_guessing = false;
    if (!m_taskTouched) {
        const auto has = [&guess](Modality medium) {
            return std::find(guess.media.begin(), guess.media.end(), medium) != guess.media.end();
        };
        m_pictures->setChecked(has(Modality::Image));
        m_sounds->setChecked(has(Modality::Audio));
        m_texts->setChecked(has(Modality::Text));
        const models::LabelKind kind = models::labelKindOf(guess.task, guess.media, guess.multiLabel);
        m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
    }
    showTask();
    validate();
}

void NewProjectDialog::showStrategy() {
    QString sentence = m_strategy->currentData(Qt::ToolTipRole).toString();
    ProjectSettings settings = task();
    settings.strategy = m_strategy->currentData().toString().toStdString();
    const QString standIn = models::standInStrategy(settings, {});
    if (!standIn.isEmpty()) sentence += tr(" Until then %1 asks.").arg(models::strategyTitle(standIn.toStdString()));
    m_sentence->setText(sentence);
}

controllers::NewProjectPlan NewProjectDialog::plan() const {
    controllers::NewProjectPlan plan;
    plan.settings = task();
    plan.settings.name = m_name->text().trimmed().toStdString();
    const QString name = fileNameOf(m_name->text());
    if (!name.isEmpty() && !m_folder->path().isEmpty()) {
        plan.file = bridge::toPath(QDir(m_folder->path()).filePath(name + QStringLiteral(".querent")));
    }
    plan.settings.strategy = m_strategy->currentData().toString().toStdString();
    plan.settings.holdoutShare = m_holdout->value() / 100.0;
    for (const QString& line : m_classes->toPlainText().split(QLatin1Char('\n'))) {
        const QString label = line.trimmed();
        if (!label.isEmpty()) plan.classes.push_back(label.toStdString());
    }
    plan.data.from = bridge::toPath(m_data->path());
    plan.data.format = m_format->currentData().toString().toStdString();
    return plan;
}

void NewProjectDialog::validate() {
    if (!m_there.isEmpty()) return;
    const controllers::NewProjectPlan now = plan();
    m_fileLine->setText(now.file.empty() ? QString()
                                         : tr("Becomes %1").arg(QDir::toNativeSeparators(bridge::toQString(now.file))));
    const QString problem = controllers::planProblem(now);
    // Each problem stands under the field it is about.
    controllers::NewProjectPlan withoutData = now;
    withoutData.data.from.clear();
    controllers::NewProjectPlan withoutClasses = withoutData;
    withoutClasses.classes.clear();
    controllers::NewProjectPlan nameOnly = withoutClasses;
    nameOnly.settings.media = {Modality::Image};
    const QString nameProblem = controllers::planProblem(nameOnly);
    const QString mediaProblem = nameProblem.isEmpty() ? controllers::planProblem(withoutClasses) : QString();
    const QString classProblem =
        (nameProblem + mediaProblem).isEmpty() ? controllers::planProblem(withoutData) : QString();
    const bool dataProblem = !now.data.from.empty() && !QFileInfo::exists(m_data->path());
    m_nameHint->say(nameProblem);
    m_mediaHint->say(mediaProblem);
    m_classesHint->say(classProblem);
    m_dataHint->say(dataProblem ? tr("There is nothing at this place.") : QString());
    m_format->setEnabled(!now.data.from.empty());
    m_create->setEnabled(problem.isEmpty() && !m_guessing && !m_work->busy());
    m_create->setToolTip(problem);
}

void NewProjectDialog::create() {
    const controllers::NewProjectPlan wanted = plan();
    if (!controllers::planProblem(wanted).isEmpty()) return;
    m_banners->clear(kResult);
    m_settings.setLastFolder(m_folder->path());
    m_report = std::make_shared<session::transfer::ImportReport>();
    m_work->start(QStringLiteral("create"), tr("Creating the project"),
                  [wanted, report = m_report](const Job& job) -> Result<void> {
                      auto done = controllers::createProject(wanted, job);
                      if (!done) return done.error();
                      *report = std::move(done).value();
                      return {};
                  });
    validate();
}

// An import that has nothing to say needs no page.
void NewProjectDialog::onCreated() {
    m_there = bridge::toQString(plan().file);
    if (m_report->complaints.empty() && m_report->incomplete == 0) return reject();
    m_banners->show(kResult, widgets::common::Severity::Warning,
                    tr("The project is there. Not everything came in just as it stands in the data; look through the "
                       "list before you go on."));
    m_said->tell(*m_report, task(), m_data->path());
    m_page->hide();
    m_said->show();
    m_cancel->hide();
    m_create->setText(tr("Open the project"));
    m_create->setEnabled(true);
    m_create->setToolTip({});
    m_create->setFocus();
}

void NewProjectDialog::reject() {
    if (m_there.isEmpty()) return QDialog::reject();
    Q_EMIT created(m_there);
    accept();
}

}  // namespace querent::app::dialogs
