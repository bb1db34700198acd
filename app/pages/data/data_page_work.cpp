// What the Data page does; its parts are put together in data_page.cpp.

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/models/item_table_model.h"
#include "app/models/task_words.h"
#include "app/pages/data/data_page.h"
#include "app/pages/data/item_preview.h"
#include "app/preferences/settings.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/page_parts.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>

#include <filesystem>

namespace querent::app::pages::data {

void DataPage::setProject(session::Project* project) {
    m_worker.stopAndWait();
    m_project = project;
    m_model->setProject(project);
    m_preview->setProject(project);
    m_stale = true;
    if (project != nullptr) {
        fillChoices();
        clearFilter();
        fitToProject();
        refresh();
    }
}

void DataPage::fitToProject() {
    // The room that is left goes to what tells items apart.
    const bool texts = m_model->fits(models::ItemTableModel::TextColumn);
    m_table->horizontalHeader()->setSectionResizeMode(models::ItemTableModel::Name,
                                                      texts ? QHeaderView::Interactive : QHeaderView::Stretch);
    fitToRoom();
    m_empty->setContent(QStringLiteral("data"), tr("There is nothing in this project yet"),
                        tr("Import %1.", "what").arg(models::dataHint(m_project->settings())));
}

// Where there is little room, what the preview says of a single item gives way to the names of all.
void DataPage::fitToRoom() {
    constexpr int kLeastName = 170;
    int others = 0;
    for (int column = 0; column < models::ItemTableModel::ColumnCount; ++column) {
        m_table->setColumnHidden(column, !m_model->fits(column));
        const bool stretches = column == models::ItemTableModel::Name || column == models::ItemTableModel::TextColumn;
        if (m_model->fits(column) && !stretches) others += m_table->columnWidth(column);
    }
    for (const int column :
         {models::ItemTableModel::SizeColumn, models::ItemTableModel::LengthColumn, models::ItemTableModel::Score}) {
        if (m_table->viewport()->width() - others >= kLeastName) return;
        if (!m_model->fits(column)) continue;
        others -= m_table->columnWidth(column);
        m_table->setColumnHidden(column, true);
    }
}

void DataPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_project != nullptr) fitToRoom();
}

void DataPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) refresh();
}

void DataPage::refresh() {
    m_stale = !isVisible();
    if (m_stale || m_project == nullptr) return;
    fillChoices();
    m_model->refresh();
    fitToProject();
    showCounts();
    showCurrent();
}

void DataPage::fillChoices() {
    m_filling = true;
    const auto refill = [](QComboBox* box, const QList<QPair<QString, QVariant>>& entries) {
        const QVariant before = box->currentData();
        box->clear();
        for (const auto& [text, value] : entries)
            box->addItem(text, value);
        box->setCurrentIndex(std::max(0, box->findData(before)));
    };
    QList<QPair<QString, QVariant>> entries = {{tr("All parts"), {}}};
    for (const Split split : {Split::Train, Split::Val, Split::Test})
        entries.append({models::splitName(split), int(split)});
    refill(m_split, entries);
    entries = {{tr("Any state"), {}}};
    for (const ItemState state : {ItemState::Unlabelled, ItemState::Labelled, ItemState::ConfirmedEmpty,
                                  ItemState::Skipped, ItemState::Unsure}) {
        entries.append({models::stateName(state), int(state)});
    }
    refill(m_state, entries);
    entries = {{tr("Any class"), {}}};
    for (const ClassLabel& label : m_project->classes()) {
        if (!label.archived) entries.append({QString::fromStdString(label.name), qint64(label.id.value)});
    }
    refill(m_class, entries);
    entries = {{tr("Any round"), {}}};
    for (const RoundRecord& round : m_project->rounds())
        entries.append({tr("Round %1").arg(round.number), round.number});
    refill(m_round, entries);
    m_filling = false;
}

void DataPage::applyFilter() {
    if (m_filling || m_project == nullptr) return;
    m_typing->stop();
    ItemFilter filter;
    filter.text = m_text->text().trimmed().toStdString();
    if (m_split->currentData().isValid()) filter.split = static_cast<Split>(m_split->currentData().toInt());
    if (m_state->currentData().isValid()) filter.state = static_cast<ItemState>(m_state->currentData().toInt());
    if (m_class->currentData().isValid()) filter.label = ClassId(m_class->currentData().toLongLong());
    if (m_round->currentData().isValid()) filter.round = m_round->currentData().toInt();
    if (m_flagged->isChecked()) filter.flagged = true;
    if (m_missing->isChecked()) filter.missing = true;
    m_model->setFilter(filter);
    showCounts();
}

void DataPage::clearFilter() {
    m_filling = true;
    m_text->clear();
    for (QComboBox* box : {m_split, m_state, m_class, m_round})
        box->setCurrentIndex(0);
    m_flagged->setChecked(false);
    m_missing->setChecked(false);
    m_filling = false;
    applyFilter();
}

QString DataPage::filterTitle() const {
    QStringList parts;
    if (!m_text->text().trimmed().isEmpty()) parts << QStringLiteral("“%1”").arg(m_text->text().trimmed());
    for (QComboBox* box : {m_split, m_state, m_class, m_round}) {
        if (box->currentIndex() > 0) parts << box->currentText();
    }
    if (m_flagged->isChecked()) parts << m_flagged->text();
    if (m_missing->isChecked()) parts << m_missing->text();
    return parts.isEmpty() ? tr("All items") : parts.join(QStringLiteral(" · "));
}

void DataPage::showCounts() {
    const PoolCounts counts = m_project->counts();
    const qint64 shown = m_model->rowCount();
    m_stack->setCurrentIndex(counts.total() > 0 ? 1 : 0);
    const bool filtered = filterTitle() != tr("All items");
    m_clear->setEnabled(filtered);
    QStringList parts;
    parts << (filtered ? tr("%1 of %2 items")
                             .arg(widgets::common::numberText(shown), widgets::common::numberText(counts.total()))
                       : models::itemCount(counts.total()));
    parts << tr("pool %1").arg(widgets::common::numberText(counts.inSplit(Split::Train)));
    parts << tr("validation %1").arg(widgets::common::numberText(counts.inSplit(Split::Val)));
    if (counts.inSplit(Split::Test) > 0)
        parts << tr("test %1").arg(widgets::common::numberText(counts.inSplit(Split::Test)));
    if (counts.flagged > 0) parts << tr("%1 flagged").arg(widgets::common::numberText(counts.flagged));
    if (counts.missing > 0) parts << tr("%1 missing").arg(widgets::common::numberText(counts.missing));
    m_counts->setText(parts.join(QStringLiteral("  ·  ")));
    m_clear->setEnabled(filtered);
    m_relocate->setEnabled(!m_project->readOnly() && !m_project->sources().empty());
}

void DataPage::showCurrent() {
    const int row = m_table->currentIndex().row();
    QStringList classes;
    for (const int column : {models::ItemTableModel::ClassColumn, models::ItemTableModel::PredictedColumn}) {
        const QString said = m_model->index(row, column).data().toString();
        if (said.isEmpty()) continue;
        classes << QStringLiteral("%1: %2").arg(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                                said);
    }
    m_preview->show(m_model->itemAt(row), classes);
}

void DataPage::openCurrent() {
    const auto row = m_model->itemAt(m_table->currentIndex().row());
    if (!row || m_project == nullptr) return;
    Q_EMIT openRequested(m_project->ids(m_model->filter()), filterTitle(), row->id);
}

void DataPage::copyNames() {
    QStringList names;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        if (const auto row = m_model->itemAt(index.row())) names << QString::fromStdString(row->name);
    }
    QApplication::clipboard()->setText(names.join(QLatin1Char('\n')));
}

void DataPage::moveSelected(Split split) {
    const std::vector<ItemId> items = m_model->itemsAt(m_table->selectionModel()->selectedRows());
    if (items.empty() || m_project == nullptr) return;
    m_pool.run(
        this, [project = m_project, items, split] { return project->setSplit(items, split); },
        [this, count = items.size(), split](const Result<void>& done) {
            if (!done) {
                Q_EMIT problem(QString::fromStdString(done.error().text()));
                return;
            }
            refresh();
            Q_EMIT dataChanged();
            Q_EMIT said(tr("%n item(s) moved to %1", nullptr, static_cast<int>(count)).arg(models::splitName(split)));
        });
}

void DataPage::findMissing() {
    if (m_project == nullptr || m_worker.busy()) return;
    m_found = std::make_shared<std::int64_t>(0);
    m_worker.start(QStringLiteral("missing"), [project = m_project, found = m_found](const Job& job) -> Result<void> {
        const auto count = project->findMissing(job);
        if (!count) return count.error();
        *found = *count;
        return {};
    });
}

void DataPage::relocate() {
    if (m_project == nullptr) return;
    const auto sources = m_project->sources();
    if (sources.empty()) return;
    if (sources.size() == 1) {
        relocateSource(sources.front().id);
        return;
    }
    QStringList folders;
    for (const Source& source : sources)
        folders << bridge::toQString(source.folder);
    bool ok = false;
    const QString chosen =
        QInputDialog::getItem(this, tr("Relocate files"), tr("Which folder has moved?"), folders, 0, false, &ok);
    if (ok) relocateSource(sources[static_cast<std::size_t>(folders.indexOf(chosen))].id);
}

void DataPage::relocateSource(SourceId source) {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Where are these files now?"), m_settings.lastFolder());
    if (!folder.isEmpty()) runRelocation(source, folder);
}

void DataPage::runRelocation(SourceId source, const QString& folder) {
    if (m_worker.busy()) return;
    m_settings.setLastFolder(folder);
    m_found = std::make_shared<std::int64_t>(0);
    m_relocate->setEnabled(false);
    m_worker.start(QStringLiteral("relocate"),
                   [project = m_project, source, path = std::filesystem::path(folder.toStdU16String()),
                    found = m_found](const Job& job) -> Result<void> {
                       const auto count = project->relocate(source, path, job);
                       if (!count) return count.error();
                       *found = *count;
                       return {};
                   });
}

void DataPage::onWorkFinished(const QString& task) {
    refresh();
    Q_EMIT dataChanged();
    if (task == QStringLiteral("relocate")) {
        Q_EMIT said(tr("%1 files found again.").arg(widgets::common::numberText(*m_found)));
    } else {
        Q_EMIT said(*m_found == 0 ? tr("Every file is in its place.")
                                  : tr("%1 files are missing.").arg(widgets::common::numberText(*m_found)));
    }
}

}  // namespace querent::app::pages::data
