#include "app/models/item_table_model.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <array>

#include "widgets/common/theme.h"

namespace querent::app {
namespace {

constexpr int kPagesKept = 300;
constexpr std::int64_t kMostRows = 10'000'000;

std::optional<ItemOrder> orderOf(int column) {
    switch (column) {
        case ItemTableModel::Name:
            return ItemOrder::Name;
        case ItemTableModel::State:
            return ItemOrder::State;
        case ItemTableModel::Boxes:
            return ItemOrder::Boxes;
        case ItemTableModel::RoundColumn:
            return ItemOrder::Round;
        case ItemTableModel::Score:
            return ItemOrder::Score;
        default:
            return std::nullopt;
    }
}

QString translate(const char* text) { return QCoreApplication::translate("Items", text); }

}  // namespace

QString stateName(ItemState state) {
    switch (state) {
        case ItemState::Unlabelled:
            return translate("Unlabelled");
        case ItemState::Labelled:
            return translate("Labelled");
        case ItemState::ConfirmedEmpty:
            return translate("Nothing here");
        case ItemState::Skipped:
            return translate("Skipped");
        case ItemState::Unsure:
            return translate("Unsure");
    }
    return {};
}

QString splitName(Split split) {
    switch (split) {
        case Split::Train:
            return translate("Pool");
        case Split::Val:
            return translate("Validation");
        case Split::Test:
            return translate("Test");
    }
    return {};
}

ItemTableModel::ItemTableModel(QObject* parent) : QAbstractTableModel(parent), m_pages(kPagesKept) {}

ItemTableModel::~ItemTableModel() = default;

void ItemTableModel::setProject(const session::Project* project) {
    m_project = project;
    reload();
}

void ItemTableModel::setFilter(const ItemFilter& filter) {
    const ItemOrder order = m_filter.order;
    const bool descending = m_filter.descending;
    m_filter = filter;
    m_filter.order = order;
    m_filter.descending = descending;
    reload();
}

void ItemTableModel::reload() {
    beginResetModel();
    m_pages.clear();
    m_count = m_project != nullptr ? static_cast<int>(std::min(m_project->count(m_filter), kMostRows)) : 0;
    endResetModel();
}

void ItemTableModel::refresh() {
    const int now = m_project != nullptr ? static_cast<int>(std::min(m_project->count(m_filter), kMostRows)) : 0;
    if (now != m_count) {
        reload();
        return;
    }
    m_pages.clear();
    if (m_count > 0) Q_EMIT dataChanged(index(0, 0), index(m_count - 1, ColumnCount - 1));
}

const ItemTableModel::Page* ItemTableModel::page(int number) const {
    if (const Page* known = m_pages.object(number)) return known;
    if (m_project == nullptr) return nullptr;
    auto* fresh = new Page(m_project->rows(m_filter, static_cast<std::int64_t>(number) * kPage, kPage));
    m_pages.insert(number, fresh);
    return m_pages.object(number);
}

std::optional<ItemRow> ItemTableModel::itemAt(int row) const {
    if (row < 0 || row >= m_count) return std::nullopt;
    const Page* rows = page(row / kPage);
    const auto place = static_cast<std::size_t>(row % kPage);
    if (rows == nullptr || place >= rows->size()) return std::nullopt;
    return (*rows)[place];
}

std::vector<ItemId> ItemTableModel::itemsAt(const QModelIndexList& rows) const {
    std::vector<ItemId> items;
    items.reserve(static_cast<std::size_t>(rows.size()));
    for (const QModelIndex& index : rows) {
        if (const auto item = itemAt(index.row())) items.push_back(item->id);
    }
    return items;
}

int ItemTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_count; }

int ItemTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ItemTableModel::text(const ItemRow& row, int column) const {
    switch (column) {
        case Name:
            return QString::fromStdString(row.name);
        case SplitColumn:
            return splitName(row.split);
        case State:
            return stateName(row.state);
        case Boxes:
            return row.annotations > 0 ? QLocale().toString(row.annotations) : QString();
        case RoundColumn:
            return row.round > 0 || row.score ? QLocale().toString(row.round) : QString();
        case Score:
            return row.score ? QLocale().toString(*row.score, 'f', 3) : QString();
        case SizeColumn:
            return row.size.empty() ? QString() : QStringLiteral("%1 × %2").arg(row.size.width).arg(row.size.height);
        case Marks: {
            QStringList marks;
            if (row.flagged) marks << tr("Flagged");
            if (row.missing) marks << tr("File missing");
            return marks.join(QStringLiteral(", "));
        }
        default:
            return {};
    }
}

QString ItemTableModel::describe(const ItemRow& row) const {
    return tr("%1, %2, %3").arg(QString::fromStdString(row.name), splitName(row.split), stateName(row.state));
}

QVariant ItemTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (role == Qt::TextAlignmentRole) {
        const int column = index.column();
        const bool number = column == Boxes || column == RoundColumn || column == Score || column == SizeColumn;
        return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::DecorationRole &&
        role != Qt::AccessibleTextRole) {
        return {};
    }
    const auto row = itemAt(index.row());
    if (!row) return {};
    if (role == Qt::DisplayRole) return text(*row, index.column());
    if (role == Qt::ToolTipRole) return index.column() == Name ? text(*row, Name) : QVariant();
    if (role == Qt::AccessibleTextRole) return index.column() == Name ? describe(*row) : text(*row, index.column());
    if (index.column() == Marks && row->missing) return widgets::icon(QStringLiteral("warning"));
    if (index.column() == Marks && row->flagged) return widgets::icon(QStringLiteral("flag"));
    return {};
}

QVariant ItemTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = section == Boxes || section == RoundColumn || section == Score || section == SizeColumn;
        return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) return {};
    const std::array<QString, ColumnCount> names = {tr("Name"),  tr("Part"),  tr("State"),   tr("Boxes"),
                                                    tr("Round"), tr("Score"), tr("Pixels"), tr("Marks")};
    return names[static_cast<std::size_t>(section)];
}

void ItemTableModel::sort(int column, Qt::SortOrder order) {
    const auto by = orderOf(column);
    if (!by) return;
    const bool descending = order == Qt::DescendingOrder;
    if (m_filter.order == *by && m_filter.descending == descending) return;
    m_filter.order = *by;
    m_filter.descending = descending;
    reload();
}

}  // namespace querent::app
