#include "app/models/batch_model.h"

#include "app/document/document.h"
#include "app/models/thumbnail_loader.h"
#include "engine/session/project/project.h"
#include "widgets/common/thumbnail_strip.h"

#include <QImage>

#include <span>
#include <utility>

namespace querent::app::models {

namespace {

QString stateText(const ItemRow& row) {
    QString text;
    switch (row.state) {
        case ItemState::Unlabelled:
            text = BatchModel::tr("not answered");
            break;
        case ItemState::Labelled:
            text = BatchModel::tr("labelled");
            break;
        case ItemState::ConfirmedEmpty:
            text = BatchModel::tr("nothing here");
            break;
        case ItemState::Skipped:
            text = BatchModel::tr("skipped");
            break;
        case ItemState::Unsure:
            text = BatchModel::tr("unsure");
            break;
    }
    if (row.flagged) text += BatchModel::tr(", flagged");
    if (row.missing) text += BatchModel::tr(", file missing");
    return text;
}

}  // namespace

BatchModel::BatchModel(document::Document& document, ThumbnailLoader& thumbnails, QObject* parent)
    : QAbstractListModel(parent), m_document(document), m_thumbnails(thumbnails) {
    connect(&document, &document::Document::changed, this, [this](document::Document::Aspects aspects) {
        if (aspects & document::Document::ListAspect) {
            onListChanged();
        } else if (aspects & document::Document::OrderAspect) {
            onOrderChanged();
        }
    });
    connect(&document, &document::Document::itemTouched, this, &BatchModel::onTouched);
    connect(&thumbnails, &ThumbnailLoader::ready, this, &BatchModel::onThumbnail);
    onListChanged();
}

void BatchModel::onListChanged() {
    beginResetModel();
    m_ids = m_document.list();
    m_places.clear();
    m_places.reserve(m_ids.size());
    for (std::size_t i = 0; i < m_ids.size(); ++i)
        m_places[m_ids[i]] = static_cast<int>(i);
    m_rows.clear();
    endResetModel();
}

void BatchModel::onOrderChanged() {
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    const std::vector<ItemId> ids = std::exchange(m_ids, m_document.list());
    for (std::size_t i = 0; i < m_ids.size(); ++i)
        m_places[m_ids[i]] = static_cast<int>(i);
    for (const QModelIndex& index : before)
        after << createIndex(m_places.at(ids[static_cast<std::size_t>(index.row())]), index.column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
}

int BatchModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

const ItemRow* BatchModel::rowAt(int row) const {
    const auto place = static_cast<std::size_t>(row);
    if (row < 0 || place >= m_ids.size()) return nullptr;
    const auto held = m_rows.find(m_ids[place]);
    if (held != m_rows.end()) return &held->second;
    if (m_rows.size() > kKept) m_rows.clear();
    const std::size_t first = place / kPage * kPage;
    const std::size_t count = std::min(kPage, m_ids.size() - first);
    for (ItemRow& read : m_document.project().rowsOf(std::span(m_ids).subspan(first, count))) {
        if (const auto mark = m_document.heldMark(read.id)) {
            read.state = mark->state;
            read.flagged = mark->flagged;
        }
        m_rows[read.id] = std::move(read);
    }
    const auto found = m_rows.find(m_ids[place]);
    return found == m_rows.end() ? nullptr : &found->second;
}

QVariant BatchModel::data(const QModelIndex& index, int role) const {
    const ItemRow* row = index.isValid() ? rowAt(index.row()) : nullptr;
    if (!row) return {};
    switch (role) {
        case Qt::DisplayRole:
            return QString::fromStdString(row->name).section(QLatin1Char('/'), -1);
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return tr("%1: %2").arg(QString::fromStdString(row->name), stateText(*row));
        case widgets::common::StateRole:
            return static_cast<int>(row->state);
        case widgets::common::FlaggedRole:
            return row->flagged;
        case widgets::common::MissingRole:
            return row->missing;
        case widgets::common::ThumbnailRole: {
            const QImage image = row->missing ? QImage() : m_thumbnails.thumbnail(row->id);
            return image.isNull() ? QVariant() : QVariant(image);
        }
        default:
            return {};
    }
}

void BatchModel::onTouched(ItemId id) {
    const auto place = m_places.find(id);
    const auto row = m_rows.find(id);
    if (place == m_places.end() || row == m_rows.end()) return;
    const ItemMark mark = m_document.markOf(id);
    if (row->second.state == mark.state && row->second.flagged == mark.flagged) return;
    row->second.state = mark.state;
    row->second.flagged = mark.flagged;
    const QModelIndex changed = index(place->second);
    Q_EMIT dataChanged(changed, changed);
}

void BatchModel::onThumbnail(ItemId id) {
    const auto place = m_places.find(id);
    if (place == m_places.end()) return;
    const QModelIndex changed = index(place->second);
    Q_EMIT dataChanged(changed, changed, {widgets::common::ThumbnailRole});
}

}  // namespace querent::app::models
