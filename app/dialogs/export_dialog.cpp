#include "app/dialogs/export_dialog.h"

#include "app/bridge/image_convert.h"
#include "app/controllers/new_project.h"
#include "app/dialogs/dialog_parts.h"
#include "app/dialogs/work_panel.h"
#include "app/models/item_table_model.h"
#include "app/models/task_words.h"
#include "app/preferences/settings.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace querent::app::dialogs {
namespace {

const QString kResult = QStringLiteral("result");
const QString kLook = QStringLiteral("look");
constexpr int kPause = 250;  // ms after the last change before the losses are asked for

}  // namespace

ExportDialog::ExportDialog(session::Project& project, preferences::Settings& settings, QWidget* parent)
    : QDialog(parent),
      m_project(project),
      m_about(project.settings()),
      m_settings(settings),
      m_pause(new QTimer(this)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    auto* column = dialogColumn(this);
    m_banners = new widgets::common::BannerStack(this);
    column->addWidget(m_banners);
    column->addWidget(makeForm());
    column->addWidget(widgets::common::headingLabel(tr("What this format leaves out"), this));
    m_summary = widgets::common::mutedLabel({}, this);
    m_summary->setObjectName(QStringLiteral("exportSummary"));
    column->addWidget(m_summary);
    m_losses = new QListWidget(this);
    m_losses->setObjectName(QStringLiteral("exportLosses"));
    m_losses->setAccessibleName(tr("What this format leaves out"));
    m_losses->setWordWrap(true);
    m_losses->setSelectionMode(QAbstractItemView::NoSelection);
    m_losses->setMinimumHeight(110);
    column->addWidget(m_losses, 1);
    m_work = new WorkPanel(this);
    m_write = widgets::common::namedButton(tr("Export"), QStringLiteral("exportRun"), {}, true, this);
    m_write->setDefault(true);
    m_close = widgets::common::namedButton(tr("Close"), QStringLiteral("exportClose"), {}, false, this);
    column->addLayout(buttonRow(m_work, {m_close, m_write}));
    resize(660, 560);
    m_pause->setSingleShot(true);
    m_pause->setInterval(kPause);
    connect(m_pause, &QTimer::timeout, this, &ExportDialog::look);
    connect(m_write, &QPushButton::clicked, this, &ExportDialog::write);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_work->worker(), &bridge::BackgroundBridge::finished, this, &ExportDialog::finish);
    connect(&m_work->worker(), &bridge::BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        m_banners->show(kResult, widgets::common::Severity::Error, QString::fromStdString(error.text()));
    });
    connect(&m_work->worker(), &bridge::BackgroundBridge::busyChanged, this, &ExportDialog::validate);
    onFormat();
}

ExportDialog::~ExportDialog() = default;

QWidget* ExportDialog::makeForm() {
    auto* box = new QWidget(this);
    QFormLayout* form = dialogForm();
    form->setContentsMargins(0, 0, 0, 0);
    box->setLayout(form);
    m_format = new QComboBox(box);
    m_format->setObjectName(QStringLiteral("exportFormat"));
    fillFormats(m_format, session::transfer::exportFormatsFor(m_about));
    form->addRow(tr("F&ormat"), m_format);
    m_to = new PathField(PathField::Kind::SaveFile, QStringLiteral("exportTo"), tr("Where to write"), box);
    form->addRow(tr("&To"), m_to);
    m_what = new QComboBox(box);
    m_what->setObjectName(QStringLiteral("exportWhat"));
    m_what->addItem(tr("Labels: what people answered"), false);
    m_what->addItem(tr("Predictions of the current model"), true);
    form->addRow(tr("&What"), m_what);
    m_split = new QComboBox(box);
    m_split->setObjectName(QStringLiteral("exportSplit"));
    m_split->addItem(tr("All parts"));
    for (const Split split : {Split::Train, Split::Val, Split::Test})
        m_split->addItem(models::splitName(split), int(split));
    form->addRow(tr("&Part"), m_split);
    m_unlabelled = new QCheckBox(tr("Also items nobody has answered"), box);
    m_unlabelled->setObjectName(QStringLiteral("exportUnlabelled"));
    form->addRow(QString(), m_unlabelled);
    m_copy = new QCheckBox(tr("Copy the files beside their labels"), box);
    m_copy->setObjectName(QStringLiteral("exportCopy"));
    m_copy->setChecked(true);
    form->addRow(QString(), m_copy);
    m_overwrite = new QCheckBox(tr("Overwrite what is there"), box);
    m_overwrite->setObjectName(QStringLiteral("exportOverwrite"));
    form->addRow(QString(), m_overwrite);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::onFormat);
    connect(m_to, &PathField::pathChanged, this, [this] {
        m_overwrite->setChecked(false);
        validate();
    });
    connect(m_what, &QComboBox::currentIndexChanged, this, &ExportDialog::ask);
    connect(m_split, &QComboBox::currentIndexChanged, this, &ExportDialog::ask);
    connect(m_unlabelled, &QCheckBox::toggled, this, &ExportDialog::ask);
    connect(m_copy, &QCheckBox::toggled, this, &ExportDialog::ask);
    connect(m_overwrite, &QCheckBox::toggled, this, &ExportDialog::validate);
    return box;
}

bool ExportDialog::formatIsFile() const {
    const QString format = m_format->currentData().toString();
    return format == QStringLiteral("coco") || format == QStringLiteral("csv");
}

void ExportDialog::onFormat() {
    const QString format = m_format->currentData().toString();
    const QString suffix = format == QStringLiteral("coco") ? QStringLiteral(".json") : QStringLiteral(".csv");
    const QString base = QFileInfo(bridge::toQString(m_project.file())).completeBaseName() + QLatin1Char('-') + format;
    m_to->setPath(QDir(m_settings.lastFolder()).filePath(formatIsFile() ? base + suffix : base));
    const QStringList besideLabels = {QStringLiteral("voc"), QStringLiteral("yolo"), QStringLiteral("labelme"),
                                      QStringLiteral("cvat")};
    m_copy->setVisible(besideLabels.contains(format));
    ask();
}

session::transfer::ExportRequest ExportDialog::request() const {
    session::transfer::ExportRequest request;
    request.format = m_format->currentData().toString().toStdString();
    request.to = bridge::toPath(m_to->path());
    request.predictions = m_what->currentData().toBool();
    if (m_split->currentIndex() > 0) request.split = static_cast<Split>(m_split->currentData().toInt());
    request.withUnlabelled = m_unlabelled->isChecked();
    request.copyImages = m_copy->isChecked();
    request.overwrite = m_overwrite->isChecked();
    return request;
}

void ExportDialog::ask() {
    m_looked = false;
    m_banners->clear(kResult);
    m_pause->start();
    validate();
}

void ExportDialog::look() {
    if (m_work->busy()) {  // an older question: ask again when it has ended
        m_work->worker().cancel();
        m_pause->start();
        return;
    }
    session::transfer::ExportRequest wanted = request();
    wanted.dryRun = true;
    wanted.overwrite = true;
    m_report = std::make_shared<session::transfer::ExportReport>();
    m_work->start(kLook, tr("Looking"),
                  [project = &m_project, wanted, report = m_report](const Job& job) -> Result<void> {
                      auto done = session::transfer::exportFrom(*project, wanted, job);
                      if (!done) return done.error();
                      *report = std::move(done).value();
                      return {};
                  });
    validate();
}

bool ExportDialog::targetTaken() const {
    const QFileInfo target(m_to->path());
    if (!target.exists()) return false;
    return !target.isDir() || !QDir(target.filePath()).isEmpty();
}

void ExportDialog::validate() {
    const bool taken = !m_to->path().isEmpty() && targetTaken();
    m_overwrite->setVisible(taken);
    QString why;
    if (m_to->path().isEmpty()) why = tr("Choose where to write.");
    if (why.isEmpty() && taken && !m_overwrite->isChecked()) why = tr("There is something at this place already.");
    if (why.isEmpty() && !m_looked) why = tr("The losses are being counted.");
    m_write->setEnabled(why.isEmpty() && !m_work->busy());
    m_write->setToolTip(why);
}

void ExportDialog::write() {
    m_banners->clear(kResult);
    m_settings.setLastFolder(QFileInfo(m_to->path()).absolutePath());
    m_report = std::make_shared<session::transfer::ExportReport>();
    m_work->start(QStringLiteral("export"), tr("Writing"),
                  [project = &m_project, wanted = request(), report = m_report](const Job& job) -> Result<void> {
                      auto done = session::transfer::exportFrom(*project, wanted, job);
                      if (!done) return done.error();
                      *report = std::move(done).value();
                      return {};
                  });
    validate();
}

void ExportDialog::finish(const QString& task) {
    if (task == kLook) {
        m_looked = true;
        m_summary->setText(
            tr("%1 with %2 will be written.")
                .arg(models::itemCount(m_report->items), models::labelCount(m_about, m_report->annotations)));
        m_losses->clear();
        for (const std::string& loss : m_report->losses) {
            m_losses->addItem(
                new QListWidgetItem(widgets::common::icon(QStringLiteral("warning")), QString::fromStdString(loss)));
        }
        if (m_report->losses.empty()) {
            m_losses->addItem(new QListWidgetItem(widgets::common::icon(QStringLiteral("check")),
                                                  tr("Nothing: the format holds it all.")));
        }
        validate();
        return;
    }
    m_overwrite->setChecked(false);
    m_banners->show(kResult, widgets::common::Severity::Success,
                    tr("%1 with %2 written to %3.")
                        .arg(models::itemCount(m_report->items), models::labelCount(m_about, m_report->annotations),
                             QDir::toNativeSeparators(m_to->path())));
    validate();
}

}  // namespace querent::app::dialogs
