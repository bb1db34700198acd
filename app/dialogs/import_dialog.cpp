#include "app/dialogs/import_dialog.h"

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/controllers/new_project.h"
#include "app/dialogs/dialog_parts.h"
#include "app/dialogs/import_report_view.h"
#include "app/dialogs/work_panel.h"
#include "app/models/task_words.h"
#include "app/preferences/settings.h"
#include "engine/session/transfer/data_guess.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::dialogs {
namespace {

const QString kResult = QStringLiteral("result");
const QString kLook = QStringLiteral("look");
}  // namespace

ImportDialog::ImportDialog(session::Project& project, preferences::Settings& settings, bridge::TaskPool& pool,
                           QWidget* parent)
    : QDialog(parent), m_project(project), m_about(project.settings()), m_settings(settings), m_pool(pool) {
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import"));
    auto* column = dialogColumn(this);
    m_banners = new widgets::common::BannerStack(this);
    column->addWidget(m_banners);
    column->addWidget(makeForm());
    m_said = new ImportReportView(this);
    m_said->invite(tr("Look first: what would come in, and what is wrong with it, is listed here."));
    column->addWidget(m_said, 1);
    m_work = new WorkPanel(this);
    m_look = widgets::common::namedButton(tr("Look first"), QStringLiteral("importLook"), QStringLiteral("search"),
                                          false, this);
    m_look->setToolTip(tr("Reads everything and writes nothing."));
    m_import = widgets::common::namedButton(tr("Import"), QStringLiteral("importRun"), {}, true, this);
    m_import->setDefault(true);
    m_close = widgets::common::namedButton(tr("Close"), QStringLiteral("importClose"), {}, false, this);
    column->addLayout(buttonRow(m_work, {m_close, m_look, m_import}));
    resize(760, 640);
    connect(m_look, &QPushButton::clicked, this, [this] { run(true); });
    connect(m_import, &QPushButton::clicked, this, [this] { run(false); });
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_work->worker(), &bridge::BackgroundBridge::finished, this, &ImportDialog::finish);
    connect(&m_work->worker(), &bridge::BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        m_banners->show(kResult, widgets::common::Severity::Error, QString::fromStdString(error.text()));
    });
    connect(&m_work->worker(), &bridge::BackgroundBridge::cancelled, this, [this] {
        m_banners->show(kResult, widgets::common::Severity::Info, tr("Cancelled. Nothing was imported."));
    });
    connect(&m_work->worker(), &bridge::BackgroundBridge::busyChanged, this, &ImportDialog::validate);
    validate();
}

ImportDialog::~ImportDialog() = default;

QWidget* ImportDialog::makeForm() {
    auto* box = new QWidget(this);
    QFormLayout* form = dialogForm();
    form->setContentsMargins(0, 0, 0, 0);
    box->setLayout(form);
    m_source = new PathField(PathField::Kind::FileOrFolder, QStringLiteral("importSource"), tr("What to import"), box);
    m_source->setStart(m_settings.lastFolder());
    m_source->edit()->setPlaceholderText(models::dataHint(m_about));
    form->addRow(tr("&From"), m_source);
    m_format = new QComboBox(box);
    m_format->setObjectName(QStringLiteral("importFormat"));
    fillFormats(m_format, session::transfer::importFormatsFor(m_about));
    form->addRow(tr("F&ormat"), m_format);
    m_as = new QComboBox(box);
    m_as->setObjectName(QStringLiteral("importAs"));
    m_as->addItem(tr("Labels: people have answered"), int(session::transfer::ImportAs::Labels));
    m_as->addItem(tr("Predictions: a model has guessed"), int(session::transfer::ImportAs::Predictions));
    m_as->addItem(tr("Known answers: hidden until an item is asked"), int(session::transfer::ImportAs::Truth));
    form->addRow(tr("&As"), m_as);
    m_fold = new QToolButton(box);
    m_fold->setObjectName(QStringLiteral("importMore"));
    m_fold->setText(tr("More"));
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setArrowType(Qt::RightArrow);
    m_fold->setCheckable(true);
    form->addRow(QString(), m_fold);

    auto* more = new QWidget(box);
    QFormLayout* inner = dialogForm();
    inner->setContentsMargins(0, 0, 0, 0);
    more->setLayout(inner);
    m_files = new PathField(PathField::Kind::Folder, QStringLiteral("importFiles"), tr("Folder of the files"), more);
    m_files->edit()->setPlaceholderText(tr("where the format says"));
    inner->addRow(tr("F&iles"), m_files);
    m_splits = new PathField(PathField::Kind::Folder, QStringLiteral("importSplits"), tr("Folder of the splits"), more);
    m_splits->edit()->setPlaceholderText(tr("folder with train.txt, val.txt, test.txt"));
    inner->addRow(tr("&Splits"), m_splits);
    const bool boxes = m_about.task == TaskKind::Detect;
    m_emptyMeans = new QCheckBox(boxes ? tr("Items without boxes have been looked at: nothing is there")
                                       : tr("Items without a class have been looked at: none of them fits"),
                                 more);
    m_emptyMeans->setObjectName(QStringLiteral("importEmptyMeans"));
    inner->addRow(QString(), m_emptyMeans);
    m_replace = new QCheckBox(tr("Items that have answers get those of the data instead"), more);
    m_replace->setObjectName(QStringLiteral("importReplace"));
    inner->addRow(QString(), m_replace);
    m_strict = new QCheckBox(tr("Import nothing when anything is wrong"), more);
    m_strict->setObjectName(QStringLiteral("importStrict"));
    inner->addRow(QString(), m_strict);
    int width = 0;  // of the labels, so that all fields begin at one line
    for (QWidget* field :
         {static_cast<QWidget*>(m_source), static_cast<QWidget*>(m_format), static_cast<QWidget*>(m_as)})
        width = std::max(width, form->labelForField(field)->sizeHint().width());
    inner->labelForField(m_files)->setMinimumWidth(width);
    more->hide();
    form->addRow(more);
    connect(m_fold, &QToolButton::toggled, this, [this, more](bool open) {
        m_fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        // One gives way to the other: both are more than a small screen holds.
        (open ? static_cast<QWidget*>(m_said) : more)->hide();
        (open ? more : static_cast<QWidget*>(m_said))->show();
    });
    connect(m_source, &PathField::pathChanged, this, [this] {
        m_banners->clear(kResult);
        guessFormat();
        validate();
    });
    return box;
}

void ImportDialog::setSource(const QString& path) {
    m_source->setPath(path);
}

void ImportDialog::guessFormat() {
    const QString path = m_source->path();
    if (!QFileInfo::exists(path)) return;
    m_pool.run(
        this, [path, about = m_about] { return session::transfer::guessFormat(bridge::toPath(path), about); },
        [this, path](const std::string& format) {
            if (path == m_source->path()) chooseFormat(m_format, format);
        });
}

session::transfer::ImportRequest ImportDialog::request() const {
    session::transfer::ImportRequest request;
    request.format = m_format->currentData().toString().toStdString();
    request.from = bridge::toPath(m_source->path());
    request.files = bridge::toPath(m_files->path());
    request.splits = bridge::toPath(m_splits->path());
    request.as = static_cast<session::transfer::ImportAs>(m_as->currentData().toInt());
    request.emptyMeansConfirmed = m_emptyMeans->isChecked();
    request.replaceAnswers = m_replace->isChecked();
    request.strict = m_strict->isChecked();
    return request;
}

void ImportDialog::validate() {
    const bool there = !m_source->path().isEmpty() && QFileInfo::exists(m_source->path());
    const bool idle = !m_work->busy();
    m_look->setEnabled(there && idle);
    m_import->setEnabled(there && idle && !m_project.readOnly());
    m_import->setToolTip(m_project.readOnly() ? tr("This project is open for reading only.")
                                              : (there ? QString() : tr("Choose what to import first.")));
}

void ImportDialog::run(bool dryRun) {
    session::transfer::ImportRequest wanted = request();
    wanted.dryRun = dryRun;
    m_banners->clear(kResult);
    m_fold->setChecked(false);
    m_settings.setLastFolder(QFileInfo(m_source->path()).absolutePath());
    m_report = std::make_shared<session::transfer::ImportReport>();
    m_work->start(dryRun ? kLook : QStringLiteral("import"), dryRun ? tr("Reading") : tr("Importing"),
                  [project = &m_project, wanted, report = m_report](const Job& job) -> Result<void> {
                      auto done = session::transfer::importInto(*project, wanted, job);
                      if (!done) return done.error();
                      *report = std::move(done).value();
                      return {};
                  });
    validate();
}

void ImportDialog::finish(const QString& task) {
    m_said->tell(*m_report, m_about, m_source->path());
    if (task == kLook) return;
    m_banners->show(
        kResult, widgets::common::Severity::Success,
        tr("%1 and %2 came in.")
            .arg(models::itemCount(m_report->newItems), models::labelCount(m_about, m_report->annotations)));
    Q_EMIT imported();
}

}  // namespace querent::app::dialogs
