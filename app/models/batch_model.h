#pragma once

#include "engine/core/records.h"

#include <QAbstractListModel>

#include <unordered_map>
#include <vector>

namespace querent::app::document {
class Document;
}

namespace querent::app::models {

class ThumbnailLoader;

/**
 * The list of the document for the strip: names, states, thumbnails (StripRole). Rows are read from the project in
 * pages when they come on screen, thumbnails in the background. Document and loader must outlive it. UI thread only.
 */
class BatchModel : public QAbstractListModel {
    Q_OBJECT

 public:
    static constexpr std::size_t kPage = 128;   // rows read at once
    static constexpr std::size_t kKept = 8192;  // rows kept in memory

    BatchModel(document::Document& document, ThumbnailLoader& thumbnails, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

 private:
    void onListChanged();
    void onOrderChanged();
    void onTouched(ItemId id);
    void onThumbnail(ItemId id);
    const ItemRow* rowAt(int row) const;

    document::Document& m_document;
    ThumbnailLoader& m_thumbnails;
    std::vector<ItemId> m_ids;
    std::unordered_map<ItemId, int> m_places;
    mutable std::unordered_map<ItemId, ItemRow> m_rows;
};

}  // namespace querent::app::models
