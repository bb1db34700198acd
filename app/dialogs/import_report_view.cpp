#include "app/dialogs/import_report_view.h"

#include "app/bridge/image_convert.h"
#include "app/models/item_table_model.h"
#include "app/models/task_words.h"
#include "widgets/common/page_parts.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::dialogs {
namespace {

constexpr int kMostComplaints = 1000;  // more than anybody reads; the rest is counted

// As seen from the place that is imported; of that place itself, its name.
QString shortPath(const std::filesystem::path& file, const QString& from) {
    const QString path = bridge::toQString(file);
    const QString folder = QDir::cleanPath(from);
    if (path.startsWith(folder + QLatin1Char('/'))) return QDir::toNativeSeparators(path.mid(folder.size() + 1));
    return path == folder ? QDir(folder).dirName() : QDir::toNativeSeparators(path);
}

}  // namespace

ImportReportView::ImportReportView(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary = widgets::common::mutedLabel({}, this);
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_summary);
    m_rows = new widgets::common::ReadingTable({tr("Item"), tr("Part"), tr("State"), tr("Answers")},
                                               QStringLiteral("importRows"), tr("First items"), this);
    m_rows->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_rows->setColumnWidth(1, 90);
    m_rows->setColumnWidth(2, 170);
    m_rows->setColumnWidth(3, 200);
    m_rows->hide();
    column->addWidget(m_rows);
    m_complaints = new widgets::common::ReadingTable({tr("Line"), tr("What"), tr("File")},
                                                     QStringLiteral("importComplaints"), tr("Complaints"), this);
    m_complaints->setColumnWidth(0, 64);
    m_complaints->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_complaints->horizontalHeader()->setStretchLastSection(false);
    m_complaints->setColumnWidth(2, 200);
    m_complaints->setMinimumHeight(140);
    m_complaints->hide();
    column->addWidget(m_complaints, 1);
    m_copy = widgets::common::namedButton(tr("Copy the list"), QStringLiteral("importCopy"), QStringLiteral("copy"),
                                          false, this);
    m_copy->setProperty("flat", true);
    m_copy->hide();
    column->addWidget(m_copy, 0, Qt::AlignLeft);
    column->addStretch(0);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_complaints->asText(false)); });
}

void ImportReportView::invite(const QString& text) {
    m_summary->setText(text);
}

void ImportReportView::tell(const session::transfer::ImportReport& report, const ProjectSettings& about,
                            const QString& from) {
    QStringList lines;
    lines << tr("%1, %2").arg(models::itemCount(report.items), models::labelCount(about, report.annotations));
    QStringList splits;
    for (const auto& [split, count] : report.bySplit) {
        splits << QStringLiteral("%1 %2").arg(models::splitName(split).toLower(), widgets::common::numberText(count));
    }
    if (!splits.isEmpty()) lines.last() += QStringLiteral("  ·  ") + splits.join(QStringLiteral(", "));
    if (!report.newClasses.empty()) {
        QStringList names;
        for (const std::string& name : report.newClasses)
            names << QString::fromStdString(name);
        lines << tr("New classes: %1").arg(names.join(QStringLiteral(", ")));
    }
    if (report.unchanged > 0)
        lines
            << tr("Items that have just these answers already: %1.").arg(widgets::common::numberText(report.unchanged));
    if (report.kept > 0)
        lines << tr("Items that keep other answers, which they have already: %1.")
                     .arg(widgets::common::numberText(report.kept));
    if (report.replaced > 0)
        lines << tr("Items whose answers give way to those of the data: %1.")
                     .arg(widgets::common::numberText(report.replaced));
    if (report.incomplete > 0)
        lines << tr("Items that lost an answer: %1. They come in flagged, with a note, and do not train until you have "
                    "looked.")
                     .arg(widgets::common::numberText(report.incomplete));
    const auto complaints = static_cast<qint64>(report.complaints.size());
    lines << (complaints == 0 ? tr("Nothing to complain about.")
                              : tr("Complaints: %1. Each says what was left out, or how it was read.")
                                    .arg(widgets::common::numberText(complaints)));
    m_summary->setText(lines.join(QLatin1Char('\n')));
    showRows(report);
    showComplaints(report, from);
}

// The first items as they come in: whether names, parts and classes are the right ones is seen at a glance.
void ImportReportView::showRows(const session::transfer::ImportReport& report) {
    m_rows->setRowCount(0);
    for (const session::transfer::ImportedRow& row : report.firstRows) {
        const QString state = models::stateName(row.state);
        m_rows->addRow({QString::fromStdString(row.name), row.split ? models::splitName(*row.split) : tr("not said"),
                        row.lost > 0 ? tr("%1, flagged").arg(state) : state, QString::fromStdString(row.answers)});
    }
    m_rows->fitHeight(3);
    m_rows->setVisible(m_rows->rowCount() > 0);
}

void ImportReportView::showComplaints(const session::transfer::ImportReport& report, const QString& from) {
    const auto complaints = static_cast<qint64>(report.complaints.size());
    m_complaints->setRowCount(0);
    for (qint64 i = 0; i < std::min<qint64>(complaints, kMostComplaints); ++i) {
        const session::transfer::ImportComplaint& complaint = report.complaints[static_cast<std::size_t>(i)];
        m_complaints->addRow({complaint.where.line > 0 ? QString::number(complaint.where.line) : QString(),
                              QString::fromStdString(complaint.sentence), shortPath(complaint.where.path, from)},
                             {0});
    }
    if (complaints > kMostComplaints)
        m_complaints->addRow({{}, tr("%1 more.").arg(widgets::common::numberText(complaints - kMostComplaints)), {}});
    m_complaints->showWholeTexts();
    m_complaints->setVisible(complaints > 0);
    m_copy->setVisible(complaints > 0);
}

}  // namespace querent::app::dialogs
