#pragma once

#include <QAbstractTableModel>
#include <QCache>
#include <optional>
#include <vector>

#include "engine/core/records.h"
#include "engine/session/project.h"

namespace querent::app {

/**
 * The pool as a table of any length: the number of rows is known at once, rows are read in pages of 200 when they are
 * looked at, and the last few hundred pages stay in memory. Sorting and filtering are the project file's work.
 * Owned by its page; UI thread only. The project outlives setProject(nullptr).
 */
class ItemTableModel : public QAbstractTableModel {
    Q_OBJECT
 public:
    enum Column { Name, SplitColumn, State, Boxes, RoundColumn, Score, SizeColumn, Marks, ColumnCount };
    static constexpr int kPage = 200;

    explicit ItemTableModel(QObject* parent = nullptr);
    ~ItemTableModel() override;

    void setProject(const session::Project* project);
    /** Order fields of the filter are replaced by the column that sorts. */
    void setFilter(const ItemFilter& filter);
    const ItemFilter& filter() const { return m_filter; }
    /** Forgets the pages and counts again: after an import, a round, a change of many items. */
    void reload();
    /** Forgets the pages and keeps the rows: after the change of single items. */
    void refresh();

    /** Nothing when the row is out of range. */
    std::optional<ItemRow> itemAt(int row) const;
    std::vector<ItemId> itemsAt(const QModelIndexList& rows) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /** Name, State, Boxes, Round and Score sort; other columns leave the order as it is. */
    void sort(int column, Qt::SortOrder order) override;

 private:
    using Page = std::vector<ItemRow>;
    const Page* page(int number) const;
    QVariant text(const ItemRow& row, int column) const;
    QString describe(const ItemRow& row) const;

    const session::Project* m_project = nullptr;
    ItemFilter m_filter;
    int m_count = 0;
    mutable QCache<int, Page> m_pages;
};

/** "Unlabelled", "Nothing here", ...: what people read. */
QString stateName(ItemState state);
QString splitName(Split split);

}  // namespace querent::app
