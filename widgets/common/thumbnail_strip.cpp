#include "widgets/common/thumbnail_strip.h"

#include "engine/core/annotation.h"
#include "widgets/common/theme.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QWheelEvent>

#include <algorithm>

namespace querent::widgets::common {

namespace {

constexpr int kPad = 5;
constexpr double kAspect = 4.0 / 3.0;
constexpr double kBadge = 18.0;

struct BadgeLook {
    QString icon;
    QColor colour;
};

BadgeLook lookOf(ItemState state, const ThemeColours& c) {
    switch (state) {
        case ItemState::Labelled:
            return {QStringLiteral("check"), c.success};
        case ItemState::ConfirmedEmpty:
            return {QStringLiteral("empty"), c.info};
        case ItemState::Skipped:
            return {QStringLiteral("skip"), c.textMuted};
        case ItemState::Unsure:
            return {QStringLiteral("help"), c.warning};
        case ItemState::Unlabelled:
            break;
    }
    return {};
}

class StripDelegate : public QStyledItemDelegate {
 public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        const auto* strip = qobject_cast<const ThumbnailStrip*>(parent());
        const int h = strip->thumbnailHeight();
        return {static_cast<int>(h * kAspect) + 2 * kPad, h + 2 * kPad};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const ThemeColours& c = Theme::colours(option.palette);
        const QRectF cell = QRectF(option.rect).adjusted(kPad, kPad, -kPad, -kPad);
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        QPainterPath rounded;
        rounded.addRoundedRect(cell, 6, 6);
        painter->fillPath(rounded, c.raised);
        painter->setClipPath(rounded);
        paintPicture(painter, cell, index, c);
        const auto state = static_cast<ItemState>(index.data(StateRole).toInt());
        if (isAnswered(state))
            painter->fillRect(cell, QColor(c.dark ? 0 : 255, c.dark ? 0 : 255, c.dark ? 0 : 255, 70));
        painter->setClipping(false);
        paintBadges(painter, cell, index, state, c);
        const auto* strip = qobject_cast<const ThumbnailStrip*>(parent());
        const bool current = index == strip->currentIndex();
        const QColor rim = current ? c.accent : (option.state & QStyle::State_MouseOver ? c.borderStrong : c.border);
        painter->setPen(QPen(rim, current ? 3.0 : 1.0));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(current ? cell.adjusted(-1.5, -1.5, 1.5, 1.5) : cell, 7, 7);
        painter->restore();
    }

 private:
    static void paintPicture(QPainter* painter, const QRectF& cell, const QModelIndex& index, const ThemeColours& c) {
        const QVariant data = index.data(ThumbnailRole);
        const QPixmap pixmap =
            data.userType() == QMetaType::QImage ? QPixmap::fromImage(data.value<QImage>()) : data.value<QPixmap>();
        const bool missing = index.data(MissingRole).toBool();
        if (pixmap.isNull() || missing) {
            const QRect mark(static_cast<int>(cell.center().x()) - 12, static_cast<int>(cell.center().y()) - 12, 24,
                             24);
            icon(missing ? QStringLiteral("warning") : QStringLiteral("image"), missing ? c.warning : c.textDisabled)
                .paint(painter, mark);
            return;
        }
        // Fills the cell; what does not fit is cut off evenly.
        const QSizeF size = pixmap.size();
        const double scale = std::max(cell.width() / size.width(), cell.height() / size.height());
        QRectF source(0, 0, cell.width() / scale, cell.height() / scale);
        source.moveCenter(QPointF(size.width() / 2, size.height() / 2));
        painter->drawPixmap(cell, pixmap, source);
    }

    static void badge(QPainter* painter, QPointF corner, const BadgeLook& look, const ThemeColours& c) {
        const QRectF disc(corner, QSizeF(kBadge, kBadge));
        painter->setPen(QPen(c.surface, 1.5));
        painter->setBrush(look.colour);
        painter->drawEllipse(disc);
        icon(look.icon, readableOn(look.colour)).paint(painter, disc.adjusted(3, 3, -3, -3).toRect());
    }

    static void paintBadges(QPainter* painter, const QRectF& cell, const QModelIndex& index, ItemState state,
                            const ThemeColours& c) {
        if (const BadgeLook look = lookOf(state, c); !look.icon.isEmpty()) {
            badge(painter, {cell.right() - kBadge - 3, cell.bottom() - kBadge - 3}, look, c);
        }
        if (index.data(FlaggedRole).toBool()) {
            badge(painter, {cell.right() - kBadge - 3, cell.top() + 3}, {QStringLiteral("flag"), c.error}, c);
        }
    }
};

}  // namespace

ThumbnailStrip::ThumbnailStrip(QWidget* parent) : QListView(parent) {
    setObjectName(QStringLiteral("thumbnailStrip"));
    setAccessibleName(tr("Items of this batch"));
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setItemDelegate(new StripDelegate(this));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ThumbnailStrip::setThumbnailHeight(int height) {
    m_height = std::clamp(height, 48, 160);
    scheduleDelayedItemsLayout();
    updateGeometry();
}

int ThumbnailStrip::currentRow() const {
    return currentIndex().isValid() ? currentIndex().row() : -1;
}

void ThumbnailStrip::setCurrentRow(int row) {
    if (!model()) return;
    m_quiet = true;
    setCurrentIndex(model()->index(row, 0));
    m_quiet = false;
}

QSize ThumbnailStrip::sizeHint() const {
    return {400, m_height + 2 * kPad + horizontalScrollBar()->sizeHint().height() + 2};
}

QSize ThumbnailStrip::minimumSizeHint() const {
    return {120, sizeHint().height()};
}

void ThumbnailStrip::wheelEvent(QWheelEvent* event) {
    const QPoint angle = event->angleDelta();
    const int delta = angle.x() != 0 ? angle.x() : angle.y();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - delta);
    event->accept();
}

void ThumbnailStrip::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QListView::currentChanged(current, previous);
    if (!current.isValid()) return;
    scrollTo(current, QAbstractItemView::PositionAtCenter);
    if (!m_quiet) Q_EMIT rowChosen(current.row());
}

}  // namespace querent::widgets::common
