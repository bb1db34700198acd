#pragma once

#include "engine/core/annotation.h"

#include <QColor>
#include <QString>
#include <QTableView>
#include <QVector>

#include <optional>

class QSortFilterProxyModel;

namespace querent::widgets::common {

/** One annotation or ghost prediction as a row. */
struct ObjectRow {
    qint64 id = 0;
    QString className;
    QColor colour;
    std::optional<Box> box;  // picture pixels; none for the class of a whole item
    Provenance provenance = Provenance::Human;
    bool ghost = false;  // a prediction nobody has accepted: provenance reads "Suggested"
    std::optional<double> score;
    bool locked = false;
    bool hidden = false;
    bool difficult = false;
};

class ObjectTableModel;

/**
 * The objects of the current item as a table that a screen reader can walk. Selection goes both ways.
 * Columns that matter less are left out while there is little room: places and sizes on pictures, which show them; on
 * sounds all but the start.
 */
class ObjectTable : public QTableView {
    Q_OBJECT

 public:
    /** Of a sound, X and Y are its start and lowest frequency, width and height its length and highest frequency. */
    enum Column { ClassColumn, XColumn, YColumn, WidthColumn, HeightColumn, OriginColumn, ScoreColumn, ColumnCount };

    explicit ObjectTable(QWidget* parent = nullptr);

    void setRows(const QVector<ObjectRow>& rows);
    /** Boxes are frames of so many a second and Hz, and are told in seconds and Hz; 0 for pixels. */
    void setSoundRate(int rate);
    /** What stands there while there is no row. */
    void setEmptyText(const QString& sentence);
    /** Selects the rows of these ids; emits nothing. */
    void setSelection(const QVector<qint64>& ids);
    QVector<qint64> selectedIds() const;

 Q_SIGNALS:
    void selectionIdsChanged(const QVector<qint64>& ids);
    void rowActivated(qint64 id);  // double click or Enter
    void contextMenuWanted(qint64 id, const QPoint& globalPos);

 protected:
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    using QTableView::setSelection;
    void chooseColumns();

    ObjectTableModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QString m_emptyText;
    bool m_quiet = false;
};

/** "Person", "Accepted", "Corrected", "Imported". */
QString provenanceText(Provenance provenance);

}  // namespace querent::widgets::common
