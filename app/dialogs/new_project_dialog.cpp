#include "app/dialogs/new_project_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "app/bridge/task_pool.h"
#include "app/dialogs/dialog_parts.h"
#include "app/dialogs/work_panel.h"
#include "app/models/progress_figures.h"
#include "app/pages/page_parts.h"
#include "app/settings.h"
#include "engine/session/round.h"
#include "widgets/common/banner.h"

namespace querent::app {
namespace {

const QString kFailed = QStringLiteral("create");

/** Characters that some file system refuses become "-". */
QString fileNameOf(const QString& name) {
    QString file = name.trimmed();
    for (QChar& c : file) {
        if (QStringLiteral("/\\:*?\"<>|").contains(c) || c.unicode() < 32) c = QLatin1Char('-');
    }
    return file;
}

}  // namespace

NewProjectDialog::NewProjectDialog(Settings& settings, TaskPool& pool, QWidget* parent)
    : QDialog(parent), m_settings(settings), m_pool(pool) {
    setObjectName(QStringLiteral("newProjectDialog"));
    setWindowTitle(tr("New project"));
    setAcceptDrops(true);
    auto* column = dialogColumn(this);
    m_banners = new widgets::BannerStack(this);
    column->addWidget(m_banners);
    column->addWidget(makeForm(), 1);
    m_work = new WorkPanel(this);
    m_create = namedButton(tr("Create"), QStringLiteral("newCreate"), {}, true, this);
    m_create->setDefault(true);
    m_cancel = namedButton(tr("Close"), QStringLiteral("newClose"), {}, false, this);
    column->addLayout(buttonRow(m_work, {m_cancel, m_create}));
    resize(640, 620);
    connect(m_create, &QPushButton::clicked, this, &NewProjectDialog::create);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_work->worker(), &BackgroundBridge::finished, this, [this] {
        Q_EMIT created(fromPath(plan().file));
        accept();
    });
    connect(&m_work->worker(), &BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        m_banners->show(kFailed, widgets::Severity::Error, QString::fromStdString(error.text()));
        validate();
    });
    connect(&m_work->worker(), &BackgroundBridge::cancelled, this, &NewProjectDialog::validate);
    m_name->setText(tr("My project"));
    m_name->selectAll();
    m_nameTouched = false;
    showStrategy();
    validate();
}

NewProjectDialog::~NewProjectDialog() = default;

QWidget* NewProjectDialog::makeForm() {
    auto* box = new QWidget(this);
    QFormLayout* form = dialogForm();
    form->setContentsMargins(0, 0, 0, 0);
    box->setLayout(form);
    m_name = new QLineEdit(box);
    m_name->setObjectName(QStringLiteral("newName"));
    m_nameHint = new FieldHint(QStringLiteral("newNameHint"), box);
    form->addRow(tr("&Name"), m_name);
    m_folder = new PathField(PathField::Kind::Folder, QStringLiteral("newFolder"), tr("Place of the project"), box);
    m_folder->setPath(m_settings.lastFolder());
    form->addRow(tr("&Place"), m_folder);
    m_fileLine = mutedLabel({}, box);
    m_fileLine->setObjectName(QStringLiteral("newFile"));
    form->addRow(QString(), m_fileLine);
    form->addRow(QString(), m_nameHint);

    m_data = new PathField(PathField::Kind::FileOrFolder, QStringLiteral("newData"), tr("Pictures or data set"), box);
    m_data->setStart(m_settings.lastFolder());
    m_data->edit()->setPlaceholderText(tr("a folder of pictures, or a data set with labels"));
    form->addRow(tr("P&ictures"), m_data);
    m_dataHint = new FieldHint(QStringLiteral("newDataHint"), box);
    form->addRow(QString(), m_dataHint);
    m_format = new QComboBox(box);
    m_format->setObjectName(QStringLiteral("newFormat"));
    fillFormats(m_format, session::importFormatsFor(ProjectSettings()));
    form->addRow(tr("&Format"), m_format);
    QLabel* task = mutedLabel(tr("Boxes with a class on pictures"), box);
    form->addRow(tr("Task"), task);

    m_classes = new QPlainTextEdit(box);
    m_classes->setObjectName(QStringLiteral("newClasses"));
    m_classes->setTabChangesFocus(true);
    m_classes->setPlaceholderText(tr("One class a line. Classes of the data set are added by themselves; more can be "
                                     "added at any time."));
    m_classes->setMinimumHeight(84);
    form->addRow(tr("&Classes"), m_classes);
    m_classesHint = new FieldHint(QStringLiteral("newClassesHint"), box);
    form->addRow(QString(), m_classesHint);
    m_holdout = new QSpinBox(box);
    m_holdout->setObjectName(QStringLiteral("newHoldout"));
    m_holdout->setRange(0, 60);
    m_holdout->setValue(20);
    m_holdout->setSuffix(tr(" % held out to measure on"));
    m_holdout->setToolTip(tr("Drawn at random and never asked about. Used only where the data brings no split."));
    form->addRow(tr("&Validation"), m_holdout);
    m_strategy = new QComboBox(box);
    m_strategy->setObjectName(QStringLiteral("newStrategy"));
    for (const session::StrategyChoice& choice : session::strategiesFor(TaskKind::Detect)) {
        m_strategy->addItem(readableName(choice.name), QString::fromStdString(choice.name));
        m_strategy->setItemData(m_strategy->count() - 1, QString::fromStdString(choice.sentence), Qt::ToolTipRole);
    }
    m_strategy->setCurrentIndex(
        std::max(0, m_strategy->findData(QString::fromStdString(ProjectSettings().strategy))));
    form->addRow(tr("&Ask about"), m_strategy);
    m_sentence = mutedLabel({}, box);
    m_sentence->setObjectName(QStringLiteral("newStrategySentence"));
    form->addRow(QString(), m_sentence);

    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTouched = true; });
    connect(m_name, &QLineEdit::textChanged, this, &NewProjectDialog::validate);
    connect(m_folder, &PathField::pathChanged, this, &NewProjectDialog::validate);
    connect(m_data, &PathField::pathChanged, this, [this] {
        guessFormat();
        validate();
    });
    connect(m_classes, &QPlainTextEdit::textChanged, this, &NewProjectDialog::validate);
    connect(m_strategy, &QComboBox::currentIndexChanged, this, &NewProjectDialog::showStrategy);
    return box;
}

void NewProjectDialog::setData(const QString& path) { m_data->setPath(path); }

QString NewProjectDialog::defaultName(const QString& dataPath) const {
    const QFileInfo info(dataPath);
    const QString name = info.isDir() ? info.fileName() : info.completeBaseName();
    return name.isEmpty() ? tr("My project") : name;
}

void NewProjectDialog::guessFormat() {
    const QString path = m_data->path();
    if (!QFileInfo::exists(path)) return;
    if (!m_nameTouched) m_name->setText(defaultName(path));
    // Looking into a folder may take a while on a network drive.
    m_pool.run(
        this, [path] { return session::guessFormat(toPath(path)); },
        [this, path](const std::string& format) {
            if (path != m_data->path()) return;
            const int place = m_format->findData(QString::fromStdString(format));
            if (place >= 0) m_format->setCurrentIndex(place);
        });
}

void NewProjectDialog::showStrategy() { m_sentence->setText(m_strategy->currentData(Qt::ToolTipRole).toString()); }

NewProjectPlan NewProjectDialog::plan() const {
    NewProjectPlan plan;
    plan.settings.name = m_name->text().trimmed().toStdString();
    const QString name = fileNameOf(m_name->text());
    if (!name.isEmpty() && !m_folder->path().isEmpty()) {
        plan.file = toPath(QDir(m_folder->path()).filePath(name + QStringLiteral(".querent")));
    }
    plan.settings.strategy = m_strategy->currentData().toString().toStdString();
    plan.settings.holdoutShare = m_holdout->value() / 100.0;
    for (const QString& line : m_classes->toPlainText().split(QLatin1Char('\n'))) {
        const QString label = line.trimmed();
        if (!label.isEmpty()) plan.classes.push_back(label.toStdString());
    }
    plan.data.from = toPath(m_data->path());
    plan.data.format = m_format->currentData().toString().toStdString();
    return plan;
}

void NewProjectDialog::validate() {
    const NewProjectPlan now = plan();
    m_fileLine->setText(now.file.empty() ? QString() : tr("Becomes %1").arg(QDir::toNativeSeparators(fromPath(now.file))));
    const QString problem = planProblem(now);
    // Each problem stands under the field it is about.
    NewProjectPlan withoutData = now;
    withoutData.data.from.clear();
    NewProjectPlan nameOnly = withoutData;
    nameOnly.classes.clear();
    const QString nameProblem = planProblem(nameOnly);
    const QString classProblem = nameProblem.isEmpty() ? planProblem(withoutData) : QString();
    const bool dataProblem = !now.data.from.empty() && !QFileInfo::exists(m_data->path());
    m_nameHint->say(nameProblem);
    m_classesHint->say(classProblem);
    m_dataHint->say(dataProblem ? tr("There is nothing at this place.") : QString());
    m_format->setEnabled(!now.data.from.empty());
    m_create->setEnabled(problem.isEmpty() && !m_work->busy());
    m_create->setToolTip(problem);
}

void NewProjectDialog::create() {
    const NewProjectPlan wanted = plan();
    if (!planProblem(wanted).isEmpty()) return;
    m_banners->clear(kFailed);
    m_settings.setLastFolder(m_folder->path());
    m_work->start(QStringLiteral("create"), tr("Creating the project"), [wanted](const Job& job) -> Result<void> {
        const auto report = createProject(wanted, job);
        if (!report) return report.error();
        return {};
    });
    validate();
}

}  // namespace querent::app
