#pragma once

#include "engine/core/records.h"
#include "engine/session/project/item_gist.h"
#include "engine/session/project/project.h"

#include <QAbstractTableModel>
#include <QCache>

#include <optional>
#include <unordered_map>
#include <vector>

namespace querent::app::models {

/**
 * The pool as a table of any length: the number of rows is known at once, rows are read in pages of 200 when they are
 * looked at, and the last few hundred pages stay in memory. Sorting and filtering are the project file's work. Every
 * column is always there; fits() says which have something to tell in this project.
 * Owned by its page; UI thread only. The project outlives setProject(nullptr).
 */
class ItemTableModel : public QAbstractTableModel {
    Q_OBJECT
 public:
    enum Column {
        Name,
        TextColumn,
        SplitColumn,
        State,
        Boxes,
        ClassColumn,
        PredictedColumn,
        RoundColumn,
        Score,
        SizeColumn,
        LengthColumn,
        Marks,
        ColumnCount
    };
    static constexpr int kPage = 200;

    explicit ItemTableModel(QObject* parent = nullptr);
    ~ItemTableModel() override;

    void setProject(const session::Project* project);
    /** False for sizes where there are no pictures, for predictions while there is no model, and so on. */
    bool fits(int column) const;
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
    struct Entry {
        ItemRow row;
        session::project::ItemGist gist;  // empty where no column shows it
    };
    using Page = std::vector<Entry>;
    void readProject();
    const Entry* entryAt(int row) const;
    Page* readPage(int number) const;
    QString text(const Entry& entry, int column) const;
    QString classText(const session::project::ItemGist& gist) const;
    QString predictedText(const session::project::ItemGist& gist) const;
    QString nameOf(ClassId label) const;
    QString describe(const Entry& entry) const;

    const session::Project* m_project = nullptr;
    ProjectSettings m_about;
    bool m_hasModel = false;
    std::unordered_map<ClassId, QString> m_classNames;
    ItemFilter m_filter;
    int m_count = 0;
    mutable QCache<int, Page> m_pages;
};

/** "Unlabelled", "Nothing here", ...: what people read. */
QString stateName(ItemState state);
QString splitName(Split split);

}  // namespace querent::app::models
