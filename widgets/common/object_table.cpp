#include "widgets/common/object_table.h"

#include "widgets/common/theme.h"

#include <QAbstractTableModel>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QSortFilterProxyModel>

#include <cmath>

namespace querent::widgets::common {

namespace {

constexpr int kSortRole = Qt::UserRole + 1;
constexpr int kIdRole = Qt::UserRole + 2;

QPixmap swatch(const QColor& colour, bool ghost) {
    QPixmap pixmap(28, 28);
    pixmap.setDevicePixelRatio(2.0);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(ghost ? QPen(colour, 1.5, Qt::DashLine) : QPen(QColor(0, 0, 0, 60), 1));
    painter.setBrush(ghost ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawRoundedRect(QRectF(1, 1, 12, 12), 3, 3);
    return pixmap;
}

}  // namespace

QString provenanceText(Provenance provenance) {
    switch (provenance) {
        case Provenance::Human:
            return ObjectTable::tr("Person");
        case Provenance::ModelAccepted:
            return ObjectTable::tr("Accepted");
        case Provenance::ModelCorrected:
            return ObjectTable::tr("Corrected");
        case Provenance::Import:
            return ObjectTable::tr("Imported");
    }
    return {};
}

class ObjectTableModel : public QAbstractTableModel {
 public:
    using QAbstractTableModel::QAbstractTableModel;
    QVector<ObjectRow> rows;
    int rate = 0;  // frames a second of the sound that boxes lie on, 0 on pictures

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(rows.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ObjectTable::ColumnCount;
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal) return {};
        if (role == Qt::TextAlignmentRole) return alignment(section);
        if (role != Qt::DisplayRole) return {};
        switch (section) {
            case ObjectTable::ClassColumn:
                return ObjectTable::tr("Class");
            case ObjectTable::XColumn:
                return rate > 0 ? ObjectTable::tr("Start, s") : ObjectTable::tr("X");
            case ObjectTable::YColumn:
                return rate > 0 ? ObjectTable::tr("Low, Hz") : ObjectTable::tr("Y");
            case ObjectTable::WidthColumn:
                return rate > 0 ? ObjectTable::tr("Length, s") : ObjectTable::tr("W", "width");
            case ObjectTable::HeightColumn:
                return rate > 0 ? ObjectTable::tr("High, Hz") : ObjectTable::tr("H", "height");
            case ObjectTable::OriginColumn:
                return ObjectTable::tr("From");
            default:
                return ObjectTable::tr("Score");
        }
    }

    QVariant data(const QModelIndex& index, int role) const override {
        const ObjectRow& row = rows[index.row()];
        switch (role) {
            case Qt::DisplayRole:
                return text(row, index.column());
            case kSortRole:
                return sortValue(row, index.column());
            case kIdRole:
                return row.id;
            case Qt::TextAlignmentRole:
                return alignment(index.column());
            case Qt::DecorationRole:
                return index.column() == ObjectTable::ClassColumn ? swatch(row.colour, row.ghost) : QVariant();
            case Qt::FontRole:
                return row.ghost || row.hidden ? italic() : QVariant();
            case Qt::ForegroundRole:
                return row.hidden ? QVariant(QGuiApplication::palette().color(QPalette::PlaceholderText)) : QVariant();
            default:
                return {};
        }
    }

    void reset(const QVector<ObjectRow>& next) {
        beginResetModel();
        rows = next;
        endResetModel();
    }

 private:
    static QVariant alignment(int column) {
        const bool words = column == ObjectTable::ClassColumn || column == ObjectTable::OriginColumn;
        return static_cast<int>(Qt::AlignVCenter | (words ? Qt::AlignLeft : Qt::AlignRight));
    }

    static QFont italic() {
        QFont font = QGuiApplication::font();
        font.setItalic(true);
        return font;
    }

    double side(const Box& box, int column) const {
        if (rate > 0 && column == ObjectTable::XColumn) return box.left / rate;
        if (rate > 0 && column == ObjectTable::WidthColumn) return box.width() / rate;
        if (rate > 0 && column == ObjectTable::HeightColumn) return box.bottom;
        switch (column) {
            case ObjectTable::XColumn:
                return box.left;
            case ObjectTable::YColumn:
                return box.top;
            case ObjectTable::WidthColumn:
                return box.width();
            default:
                return box.height();
        }
    }

    QString text(const ObjectRow& row, int column) const {
        if (column == ObjectTable::ClassColumn) {
            QString name = row.className;
            if (row.locked) name += ObjectTable::tr(" (locked)");
            if (row.hidden) name += ObjectTable::tr(" (hidden)");
            if (row.difficult) name += ObjectTable::tr(" (difficult)");
            return name;
        }
        if (column == ObjectTable::OriginColumn)
            return row.ghost ? ObjectTable::tr("Suggested") : provenanceText(row.provenance);
        if (column == ObjectTable::ScoreColumn) return row.score ? QString::number(*row.score, 'f', 2) : QString();
        if (!row.box) return {};
        const bool seconds = rate > 0 && (column == ObjectTable::XColumn || column == ObjectTable::WidthColumn);
        return QString::number(side(*row.box, column), 'f', seconds ? 3 : 0);
    }

    QVariant sortValue(const ObjectRow& row, int column) const {
        if (column == ObjectTable::ClassColumn || column == ObjectTable::OriginColumn) return text(row, column);
        if (column == ObjectTable::ScoreColumn) return row.score.value_or(-1.0);
        return row.box ? side(*row.box, column) : -1.0;
    }
};

ObjectTable::ObjectTable(QWidget* parent)
    : QTableView(parent), m_emptyText(tr("No objects yet. Drag on the picture to draw the first.")) {
    setObjectName(QStringLiteral("objectTable"));
    setAccessibleName(tr("Objects of this item"));
    m_model = new ObjectTableModel(this);
    m_proxy = new QSortFilterProxyModel(this);
    m_proxy->setSourceModel(m_model);
    m_proxy->setSortRole(kSortRole);
    setModel(m_proxy);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setIconSize({14, 14});
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(28);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(36);
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    for (int column = XColumn; column < ColumnCount; ++column)
        setColumnWidth(column, 4 * digit + 16);
    setColumnWidth(OriginColumn, 10 * digit + 20);
    setColumnWidth(ScoreColumn, 5 * digit + 28);
    horizontalHeader()->setSectionResizeMode(ClassColumn, QHeaderView::Stretch);
    connect(this, &QTableView::activated, this,
            [this](const QModelIndex& i) { Q_EMIT rowActivated(i.data(kIdRole).toLongLong()); });
    setContextMenuPolicy(Qt::CustomContextMenu);
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = indexAt(at);
        if (index.isValid()) Q_EMIT contextMenuWanted(index.data(kIdRole).toLongLong(), viewport()->mapToGlobal(at));
    });
}

void ObjectTable::setRows(const QVector<ObjectRow>& rows) {
    const QVector<qint64> before = selectedIds();
    m_quiet = true;
    m_model->reset(rows);
    m_quiet = false;
    setSelection(before);
}

void ObjectTable::setSoundRate(int rate) {
    if (rate == m_model->rate) return;
    m_model->rate = rate;
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    for (int column = XColumn; column <= HeightColumn; ++column)
        setColumnWidth(column, (rate > 0 ? 8 : 4) * digit + 22);
    m_model->reset(m_model->rows);
    Q_EMIT m_model->headerDataChanged(Qt::Horizontal, XColumn, HeightColumn);
    chooseColumns();
}

void ObjectTable::setEmptyText(const QString& sentence) {
    m_emptyText = sentence;
    viewport()->update();
}

void ObjectTable::setSelection(const QVector<qint64>& ids) {
    m_quiet = true;
    QItemSelection chosen;
    QModelIndex first;
    for (int row = 0; row < m_proxy->rowCount(); ++row) {
        const QModelIndex index = m_proxy->index(row, 0);
        if (!ids.contains(index.data(kIdRole).toLongLong())) continue;
        chosen.select(index, m_proxy->index(row, ColumnCount - 1));
        if (!first.isValid()) first = index;
    }
    selectionModel()->select(chosen, QItemSelectionModel::ClearAndSelect);
    if (first.isValid()) {
        selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
        scrollTo(first);
    }
    m_quiet = false;
}

QVector<qint64> ObjectTable::selectedIds() const {
    QVector<qint64> ids;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        ids << index.data(kIdRole).toLongLong();
    return ids;
}

void ObjectTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
    QTableView::selectionChanged(selected, deselected);
    if (!m_quiet) Q_EMIT selectionIdsChanged(selectedIds());
}

// Where there is little room, the name of the class matters more than place and size, which the picture
// shows.
void ObjectTable::resizeEvent(QResizeEvent* event) {
    chooseColumns();
    QTableView::resizeEvent(event);
}

void ObjectTable::chooseColumns() {
    constexpr int kRoomForPlace = 480;  // logical pixels
    constexpr int kRoomForSize = 360;
    const bool narrow = viewport()->width() < kRoomForPlace;
    // When something is heard says more than how sure a model was of it.
    setColumnHidden(XColumn, narrow && m_model->rate == 0);
    setColumnHidden(ScoreColumn, viewport()->width() < kRoomForSize && m_model->rate > 0);
    setColumnHidden(YColumn, narrow);
    setColumnHidden(WidthColumn, viewport()->width() < kRoomForSize);
    setColumnHidden(HeightColumn, viewport()->width() < kRoomForSize);
}

void ObjectTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (m_proxy->rowCount() > 0) return;
    QPainter painter(viewport());
    painter.setPen(Theme::colours(this).textMuted);
    painter.drawText(viewport()->rect().adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

}  // namespace querent::widgets::common
