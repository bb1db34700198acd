#include "app/models/item_table_model.h"

#include "app/models/task_words.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace querent::app::models {
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

bool isNumber(int column) {
    using Model = ItemTableModel;
    return column == Model::Boxes || column == Model::RoundColumn || column == Model::Score ||
           column == Model::SizeColumn || column == Model::LengthColumn;
}

QString translate(const char* text) {
    return QCoreApplication::translate("Items", text);
}

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
    m_about = project != nullptr ? project->settings() : ProjectSettings();
    reload();
}

bool ItemTableModel::fits(int column) const {
    switch (column) {
        case Boxes:
            return m_about.task == TaskKind::Detect;
        case ClassColumn:
            return m_about.task == TaskKind::Classify;
        case PredictedColumn:
            return m_about.task == TaskKind::Classify && m_hasModel;
        case SizeColumn:  // the beginning of a text tells more, and needs the room
            return isAbout(m_about, Modality::Image) && !fits(TextColumn);
        case LengthColumn:
            return isAbout(m_about, Modality::Audio) && !fits(TextColumn);
        case TextColumn:
            return isAbout(m_about, Modality::Text);
        default:
            return true;
    }
}

void ItemTableModel::setFilter(const ItemFilter& filter) {
    const ItemOrder order = m_filter.order;
    const bool descending = m_filter.descending;
    m_filter = filter;
    m_filter.order = order;
    m_filter.descending = descending;
    reload();
}

void ItemTableModel::readProject() {
    m_classNames.clear();
    m_hasModel = m_project != nullptr && m_project->currentModel().has_value();
    if (m_project == nullptr) return;
    for (const ClassLabel& label : m_project->classes())
        m_classNames[label.id] = QString::fromStdString(label.name);
}

void ItemTableModel::reload() {
    beginResetModel();
    m_pages.clear();
    readProject();
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
    readProject();
    if (m_count > 0) Q_EMIT dataChanged(index(0, 0), index(m_count - 1, ColumnCount - 1));
}

ItemTableModel::Page* ItemTableModel::readPage(int number) const {
    auto* page = new Page;
    std::vector<ItemId> ids;
    for (ItemRow& row : m_project->rows(m_filter, static_cast<std::int64_t>(number) * kPage, kPage)) {
        ids.push_back(row.id);
        page->push_back({std::move(row), {}});
    }
    if (!fits(ClassColumn) && !fits(TextColumn)) return page;
    std::vector<session::project::ItemGist> gists = session::project::gistsOf(*m_project, ids);
    for (std::size_t i = 0; i < page->size(); ++i)
        (*page)[i].gist = std::move(gists[i]);
    return page;
}

const ItemTableModel::Entry* ItemTableModel::entryAt(int row) const {
    if (row < 0 || row >= m_count || m_project == nullptr) return nullptr;
    const int number = row / kPage;
    if (!m_pages.contains(number)) m_pages.insert(number, readPage(number));
    const Page* entries = m_pages.object(number);
    const auto place = static_cast<std::size_t>(row % kPage);
    return entries != nullptr && place < entries->size() ? &(*entries)[place] : nullptr;
}

std::optional<ItemRow> ItemTableModel::itemAt(int row) const {
    const Entry* entry = entryAt(row);
    return entry != nullptr ? std::optional(entry->row) : std::nullopt;
}

std::vector<ItemId> ItemTableModel::itemsAt(const QModelIndexList& rows) const {
    std::vector<ItemId> items;
    items.reserve(static_cast<std::size_t>(rows.size()));
    for (const QModelIndex& index : rows) {
        if (const auto item = itemAt(index.row())) items.push_back(item->id);
    }
    return items;
}

int ItemTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_count;
}

int ItemTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ItemTableModel::nameOf(ClassId label) const {
    const auto found = m_classNames.find(label);
    return found != m_classNames.end() ? found->second : QString();
}

QString ItemTableModel::classText(const session::project::ItemGist& gist) const {
    QStringList names;
    for (const ClassId label : gist.classes)
        names << nameOf(label);
    return names.join(QStringLiteral(", "));
}

// One class, or all that are likelier than not.
QString ItemTableModel::predictedText(const session::project::ItemGist& gist) const {
    QStringList names;
    for (const Prediction& prediction : gist.predicted) {
        if (m_about.multiLabel ? prediction.score < 0.5 : !names.isEmpty()) break;
        names << QStringLiteral("%1 %2").arg(nameOf(prediction.label), QLocale().toString(prediction.score, 'f', 2));
    }
    return names.join(QStringLiteral(", "));
}

QString ItemTableModel::text(const Entry& entry, int column) const {
    const ItemRow& row = entry.row;
    switch (column) {
        case Name:
            return QString::fromStdString(row.name);
        case TextColumn:
            return QString::fromStdString(entry.gist.text).simplified();
        case SplitColumn:
            return splitName(row.split);
        case State:
            return stateName(row.state);
        case Boxes:
            return row.annotations > 0 ? QLocale().toString(row.annotations) : QString();
        case ClassColumn:
            return classText(entry.gist);
        case PredictedColumn:
            return predictedText(entry.gist);
        case RoundColumn:
            return row.round > 0 || row.score ? QLocale().toString(row.round) : QString();
        case Score:
            return row.score ? QLocale().toString(*row.score, 'f', 3) : QString();
        case SizeColumn:
            return row.size.empty() ? QString() : QStringLiteral("%1 × %2").arg(row.size.width).arg(row.size.height);
        case LengthColumn:
            return row.seconds > 0.0 ? widgets::common::durationText(row.seconds) : QString();
        case Marks: {
            QStringList marks;
            if (row.flagged) marks << tr("Flagged");
            if (row.missing) marks << tr("Missing");
            return marks.join(QStringLiteral(", "));
        }
        default:
            return {};
    }
}

QString ItemTableModel::describe(const Entry& entry) const {
    QStringList parts = {text(entry, Name), text(entry, SplitColumn), text(entry, State)};
    if (const QString classes = classText(entry.gist); !classes.isEmpty()) parts << classes;
    return parts.join(QStringLiteral(", "));
}

QVariant ItemTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int column = index.column();
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::DecorationRole &&
        role != Qt::AccessibleTextRole) {
        return {};
    }
    const Entry* entry = entryAt(index.row());
    if (entry == nullptr) return {};
    const bool mayBeCut = column == Name || column == TextColumn || column == ClassColumn || column == PredictedColumn;
    if (role == Qt::DisplayRole) return text(*entry, column);
    if (role == Qt::ToolTipRole) return mayBeCut ? text(*entry, column) : QVariant();
    if (role == Qt::AccessibleTextRole) return column == Name ? describe(*entry) : text(*entry, column);
    if (column == Marks && entry->row.missing) return widgets::common::icon(QStringLiteral("warning"));
    if (column == Marks && entry->row.flagged) return widgets::common::icon(QStringLiteral("flag"));
    return {};
}

QVariant ItemTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) return {};
    const std::array<QString, ColumnCount> names = {
        tr("Name"),      tr("Text"),   tr("Part"),
        tr("State"),     tr("Boxes"),  m_about.multiLabel ? tr("Classes") : tr("Class"),
        tr("Predicted"), tr("Round"),  tr("Score"),
        tr("Pixels"),    tr("Length"), tr("Marks")};
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

}  // namespace querent::app::models
