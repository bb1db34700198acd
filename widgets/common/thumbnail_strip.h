#pragma once

#include <QListView>

namespace querent::widgets::common {

/** What ThumbnailStrip asks its model for, besides Qt::DisplayRole (name) and Qt::ToolTipRole. */
enum StripRole {
    ThumbnailRole = Qt::UserRole + 1,  // QImage or QPixmap; invalid while it is being made
    StateRole,                         // int(querent::ItemState)
    FlaggedRole,                       // bool
    MissingRole,                       // bool: the file cannot be read
};

/**
 * The suggested batch as one row of thumbnails. Each has a badge whose shape tells the state as well as its colour
 * (labelled = tick, empty = ring, skipped = bar, unsure = question mark, flag on top). The wheel scrolls, it never
 * changes the item. The model is the caller's.
 */
class ThumbnailStrip : public QListView {
    Q_OBJECT

 public:
    explicit ThumbnailStrip(QWidget* parent = nullptr);

    /** Height of a thumbnail in logical pixels, 48 to 160. */
    void setThumbnailHeight(int height);
    int thumbnailHeight() const { return m_height; }
    int currentRow() const;
    /** Makes the row current and visible; emits nothing. */
    void setCurrentRow(int row);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 Q_SIGNALS:
    /** The person chose this row by mouse or keyboard. */
    void rowChosen(int row);

 protected:
    void wheelEvent(QWheelEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
    int m_height = 72;
    bool m_quiet = false;
};

}  // namespace querent::widgets::common
