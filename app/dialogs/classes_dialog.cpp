#include "app/dialogs/classes_dialog.h"

#include "app/bridge/task_pool.h"
#include "app/dialogs/dialog_parts.h"
#include "app/models/task_words.h"
#include "widgets/common/banner.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace querent::app::dialogs {
namespace {

QColor colourOf(const ClassLabel& label) {
    const QColor own(QString::fromStdString(label.colour));
    return own.isValid() ? own : widgets::common::classColour(label.exportIndex);
}

QIcon swatch(const QColor& colour) {
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(4, 4, 24, 24), 6, 6);
    painter.end();
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected);  // else the selection tints the colour
    return icon;
}

}  // namespace

ClassesDialog::ClassesDialog(session::Project& project, bridge::TaskPool& pool, QWidget* parent)
    : QDialog(parent), m_project(project), m_pool(pool) {
    setObjectName(QStringLiteral("classesDialog"));
    setWindowTitle(tr("Classes"));
    QVBoxLayout* column = dialogColumn(this);
    m_banners = new widgets::common::BannerStack(this);
    column->addWidget(m_banners);
    column->addWidget(widgets::common::mutedLabel(
        tr("Archiving hides a class and keeps its labels. Merging moves the labels of one class "
           "to another. The export number of a class never changes."),
        this));
    m_table = new widgets::common::ReadingTable(
        {tr("Class"), models::labelsTitle(project.settings()), tr("Export number"), tr("State")},
        QStringLiteral("classesTable"), tr("Classes"), this);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setStretchLastSection(false);
    const int widths[] = {0, 90, 140, 110};
    for (int i = 1; i < 4; ++i)
        m_table->setColumnWidth(i, widths[i]);
    column->addWidget(m_table, 1);
    m_rename = widgets::common::namedButton(tr("Rename…"), QStringLiteral("classesRename"), {}, false, this);
    m_colour = widgets::common::namedButton(tr("Colour…"), QStringLiteral("classesColour"), {}, false, this);
    m_archive = widgets::common::namedButton(tr("Archive"), QStringLiteral("classesArchive"), {}, false, this);
    m_merge = widgets::common::namedButton(tr("Merge into…"), QStringLiteral("classesMerge"), {}, false, this);
    auto* row = new QHBoxLayout;
    for (QPushButton* button : {m_rename, m_colour, m_archive, m_merge})
        row->addWidget(button);
    row->addStretch(1);
    column->addLayout(row);
    auto* bottom = new QHBoxLayout;
    m_name = new QLineEdit(this);
    m_name->setObjectName(QStringLiteral("classesName"));
    m_name->setPlaceholderText(tr("Name of a new class"));
    m_name->setAccessibleName(m_name->placeholderText());
    m_add = widgets::common::namedButton(tr("Add"), QStringLiteral("classesAdd"), QStringLiteral("add"), false, this);
    auto* close = widgets::common::namedButton(tr("Close"), QStringLiteral("classesClose"), {}, false, this);
    bottom->addWidget(m_name, 1);
    bottom->addWidget(m_add);
    bottom->addSpacing(24);
    bottom->addWidget(close);
    column->addLayout(bottom);
    resize(600, 480);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &ClassesDialog::showButtons);
    connect(m_table, &QTableWidget::cellActivated, this, &ClassesDialog::rename);
    connect(m_rename, &QPushButton::clicked, this, &ClassesDialog::rename);
    connect(m_colour, &QPushButton::clicked, this, &ClassesDialog::recolour);
    connect(m_archive, &QPushButton::clicked, this, &ClassesDialog::archive);
    connect(m_merge, &QPushButton::clicked, this, &ClassesDialog::merge);
    connect(m_add, &QPushButton::clicked, this, &ClassesDialog::add);
    connect(m_name, &QLineEdit::returnPressed, this, &ClassesDialog::add);
    connect(m_name, &QLineEdit::textChanged, this, &ClassesDialog::showButtons);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    fill();
}

void ClassesDialog::fill() {
    const int row = m_table->currentRow();
    m_classes = m_project.classes();
    const PoolCounts counts = m_project.counts();
    m_table->setRowCount(0);
    for (const ClassLabel& label : m_classes) {
        qint64 labels = 0;
        for (const auto& [split, byClass] : counts.annotationsByClass) {
            if (const auto found = byClass.find(label.id); found != byClass.end()) labels += found->second;
        }
        m_table->addRow({QString::fromStdString(label.name), widgets::common::numberText(labels),
                         QString::number(label.exportIndex), label.archived ? tr("Archived") : tr("In use")},
                        {1, 2});
        m_table->item(m_table->rowCount() - 1, 0)->setIcon(swatch(colourOf(label)));
    }
    if (!m_classes.empty()) m_table->selectRow(std::clamp(row, 0, m_table->rowCount() - 1));
    showButtons();
}

const ClassLabel* ClassesDialog::current() const {
    const int row = m_table->currentRow();
    return row >= 0 && row < static_cast<int>(m_classes.size()) ? &m_classes[static_cast<std::size_t>(row)] : nullptr;
}

void ClassesDialog::showButtons() {
    const bool writable = !m_project.readOnly();
    const ClassLabel* label = current();
    for (QPushButton* button : {m_rename, m_colour, m_archive})
        button->setEnabled(writable && label != nullptr);
    m_merge->setEnabled(writable && label != nullptr && m_classes.size() > 1);
    m_archive->setText(label != nullptr && label->archived ? tr("Use again") : tr("Archive"));
    m_add->setEnabled(writable && !m_name->text().trimmed().isEmpty());
    m_name->setEnabled(writable);
}

void ClassesDialog::run(std::function<Result<void>()> work) {
    m_pool.run(this, std::move(work), [this](const Result<void>& done) {
        if (done) {
            m_banners->clear(QStringLiteral("class"));
        } else {
            m_banners->show(QStringLiteral("class"), widgets::common::Severity::Error,
                            QString::fromStdString(done.error().text()));
        }
        fill();
        Q_EMIT changed();
    });
}

void ClassesDialog::add() {
    const std::string name = m_name->text().trimmed().toStdString();
    if (name.empty()) return;
    m_name->clear();
    run([project = &m_project, name]() -> Result<void> {
        const auto id = project->addClass(name);
        if (!id) return id.error();
        return {};
    });
}

void ClassesDialog::rename() {
    const ClassLabel* label = current();
    if (label == nullptr || m_project.readOnly()) return;
    bool ok = false;
    const QString name = QInputDialog::getText(this, tr("Rename the class"), tr("Name"), QLineEdit::Normal,
                                               QString::fromStdString(label->name), &ok)
                             .trimmed();
    if (!ok || name.isEmpty() || name.toStdString() == label->name) return;
    run([project = &m_project, id = label->id, text = name.toStdString()] { return project->renameClass(id, text); });
}

void ClassesDialog::recolour() {
    const ClassLabel* label = current();
    if (label == nullptr) return;
    const QColor colour =
        QColorDialog::getColor(colourOf(*label), this, tr("Colour of %1").arg(QString::fromStdString(label->name)));
    if (!colour.isValid()) return;
    run([project = &m_project, id = label->id, text = colour.name().toStdString()] {
        return project->setClassColour(id, text);
    });
}

void ClassesDialog::archive() {
    const ClassLabel* label = current();
    if (label == nullptr) return;
    run([project = &m_project, id = label->id, archived = !label->archived] {
        return project->archiveClass(id, archived);
    });
}

void ClassesDialog::merge() {
    const ClassLabel* label = current();
    if (label == nullptr) return;
    QStringList names;
    std::vector<ClassId> ids;
    for (const ClassLabel& other : m_classes) {
        if (other.id == label->id || other.archived) continue;
        names << QString::fromStdString(other.name);
        ids.push_back(other.id);
    }
    if (names.isEmpty()) return;
    bool ok = false;
    const QString count = m_table->item(m_table->currentRow(), 1)->text();
    const QString into = QInputDialog::getItem(
        this, tr("Merge the class"),
        tr("Move the labels of “%1” (%2) to:").arg(QString::fromStdString(label->name), count), names, 0, false, &ok);
    if (!ok) return;
    const ClassId target = ids[static_cast<std::size_t>(names.indexOf(into))];
    run([project = &m_project, from = label->id, target] { return project->mergeClasses(from, target); });
}

}  // namespace querent::app::dialogs
