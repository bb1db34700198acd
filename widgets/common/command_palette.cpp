#include "widgets/common/command_palette.h"

#include "widgets/common/fuzzy_match.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::widgets::common {

namespace {

enum PaletteRole { IdRole = Qt::UserRole + 1, DetailRole, KeysRole, SwatchRole, PositionsRole };
const QString kCreateId = QStringLiteral("\x01create");
constexpr int kWidth = 480;
constexpr int kShownRows = 9;
constexpr int kRowHeight = 34;

class PaletteDelegate : public QStyledItemDelegate {
 public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {200, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const ThemeColours& c = Theme::colours(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF row = QRectF(option.rect).adjusted(4, 1, -4, -1);
        const bool selected = option.state & QStyle::State_Selected;
        if (selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(c.selection);
            painter->drawRoundedRect(row, 6, 6);
        }
        const QRect mark(static_cast<int>(row.left()) + 8, static_cast<int>(row.center().y()) - 9, 18, 18);
        const QColor swatch = index.data(SwatchRole).value<QColor>();
        if (swatch.isValid()) {
            painter->setPen(QPen(QColor(0, 0, 0, 60), 1));
            painter->setBrush(swatch);
            painter->drawRoundedRect(QRectF(mark).adjusted(2, 2, -2, -2), 3.5, 3.5);
        } else {
            index.data(Qt::DecorationRole).value<QIcon>().paint(painter, mark);
        }
        const double right = paintRight(painter, row, option, index, c);
        paintTitle(painter, QRectF(mark.right() + 10, row.top(), right - mark.right() - 18, row.height()), option,
                   index, c);
        painter->restore();
    }

 private:
    static double paintRight(QPainter* painter, const QRectF& row, const QStyleOptionViewItem& option,
                             const QModelIndex& index, const ThemeColours& c) {
        const QString keys = index.data(KeysRole).toString();
        const QString detail = index.data(DetailRole).toString();
        const QString text = keys.isEmpty() ? detail : detail.isEmpty() ? keys : detail + QStringLiteral("   ") + keys;
        const double width = option.fontMetrics.horizontalAdvance(text);
        painter->setFont(option.font);
        painter->setPen(c.textMuted);
        painter->drawText(QRectF(row.right() - width - 10, row.top(), width, row.height()), Qt::AlignVCenter, text);
        return row.right() - width - 16;
    }

    // The letters that were typed are set in bold.
    static void paintTitle(QPainter* painter, const QRectF& area, const QStyleOptionViewItem& option,
                           const QModelIndex& index, const ThemeColours& c) {
        const bool enabled = index.flags() & Qt::ItemIsEnabled;
        const QString title =
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, static_cast<int>(area.width()));
        const QVariantList positions = index.data(PositionsRole).toList();
        QFont bold = option.font;
        bold.setWeight(QFont::Bold);
        double x = area.left();
        for (int i = 0; i < title.size(); ++i) {
            const bool hit = positions.contains(i);
            painter->setFont(hit ? bold : option.font);
            painter->setPen(!enabled ? c.textDisabled : hit ? c.accentText : c.text);
            const QString letter = title.mid(i, 1);
            painter->drawText(QPointF(x, area.center().y() + option.fontMetrics.ascent() / 2.0 - 1), letter);
            x += QFontMetricsF(painter->font()).horizontalAdvance(letter);
        }
    }
};

}  // namespace

CommandPalette::CommandPalette(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("commandPalette"));
    setProperty("role", "popup");
    setAttribute(Qt::WA_StyledBackground);
    m_edit = new QLineEdit(this);
    m_edit->setObjectName(QStringLiteral("paletteEdit"));
    m_list = new QListWidget(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Matches"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_none = new QLabel(tr("Nothing matches."), this);
    m_none->setProperty("role", "muted");
    m_none->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(4);
    layout->addWidget(m_edit);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_none);
    auto* shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(32);
    shadow->setOffset(0, 8);
    shadow->setColor(QColor(0, 0, 0, 90));
    setGraphicsEffect(shadow);
    m_edit->installEventFilter(this);
    parent->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, [this] { refilter(); });
    connect(m_list, &QListWidget::itemClicked, this, [this] { choose(); });
    hide();
}

void CommandPalette::setEntries(const QVector<PaletteEntry>& entries) {
    m_entries = entries;
    refilter();
}

void CommandPalette::setPlaceholder(const QString& text) {
    m_edit->setPlaceholderText(text);
    m_edit->setAccessibleName(text);
}

void CommandPalette::setCreateText(const QString& text) {
    m_createText = text;
}

void CommandPalette::popup() {
    m_before = QApplication::focusWidget();
    m_edit->clear();
    refilter();
    show();
    raise();
    m_edit->setFocus(Qt::PopupFocusReason);
}

QStringList CommandPalette::shownIds() const {
    QStringList ids;
    for (int row = 0; row < m_list->count(); ++row)
        ids << m_list->item(row)->data(IdRole).toString();
    ids.removeAll(kCreateId);
    return ids;
}

void CommandPalette::refilter() {
    struct Scored {
        FuzzyMatch match;
        const PaletteEntry* entry;
    };
    QVector<Scored> found;
    const QString typed = m_edit->text().trimmed();
    bool known = false;
    for (const PaletteEntry& entry : m_entries) {
        known = known || entry.title.compare(typed, Qt::CaseInsensitive) == 0;
        if (auto match = fuzzyMatch(typed, entry.title)) found.push_back({std::move(*match), &entry});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Scored& a, const Scored& b) { return a.match.score > b.match.score; });
    m_list->clear();
    for (const Scored& scored : found) {
        auto* item = new QListWidgetItem(scored.entry->icon, scored.entry->title, m_list);
        item->setData(IdRole, scored.entry->id);
        item->setData(DetailRole, scored.entry->detail);
        item->setData(KeysRole, scored.entry->keys);
        if (scored.entry->swatch.isValid()) item->setData(SwatchRole, scored.entry->swatch);
        QVariantList positions;
        for (const int at : scored.match.positions)
            positions << at;
        item->setData(PositionsRole, positions);
        if (!scored.entry->enabled) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    if (!m_createText.isEmpty() && !typed.isEmpty() && !known) {
        auto* item = new QListWidgetItem(icon(QStringLiteral("add")), m_createText.arg(typed), m_list);
        item->setData(IdRole, kCreateId);
    }
    m_list->setCurrentRow(0);
    m_list->setVisible(m_list->count() > 0);
    m_none->setVisible(m_list->count() == 0);
    place();
}

void CommandPalette::place() {
    const QSize room = parentWidget()->size();
    const int width = std::min(kWidth, room.width() - 16);
    const int rows = std::max(1, std::min(kShownRows, m_list->count()));
    const int height = std::min(m_edit->sizeHint().height() + rows * kRowHeight + 24, room.height() - 16);
    setGeometry((room.width() - width) / 2, std::max(8, std::min(room.height() / 8, room.height() - height - 8)), width,
                height);
}

void CommandPalette::choose() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !(item->flags() & Qt::ItemIsEnabled)) return;
    const QString id = item->data(IdRole).toString();
    const QString typed = m_edit->text().trimmed();
    hide();
    if (id == kCreateId) {
        Q_EMIT createRequested(typed);
    } else {
        Q_EMIT chosen(id);
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize && isVisible()) place();
    if (watched == m_edit && event->type() == QEvent::FocusOut && isVisible()) hide();
    if (watched != m_edit || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
        QCoreApplication::sendEvent(m_list, event);
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        choose();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return hide();
    QFrame::keyPressEvent(event);
}

void CommandPalette::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    if (m_before && m_before->isVisible()) m_before->setFocus(Qt::PopupFocusReason);
    m_before = nullptr;
    Q_EMIT closed();
}

ClassSearch::ClassSearch(QWidget* parent) : CommandPalette(parent) {
    setObjectName(QStringLiteral("classSearch"));
    setPlaceholder(tr("Type a class"));
    connect(this, &CommandPalette::chosen, this,
            [this](const QString& id) { Q_EMIT classChosen(ClassId(id.toLongLong())); });
}

void ClassSearch::setClasses(const QVector<ClassEntry>& classes, bool canCreate) {
    QVector<PaletteEntry> entries;
    for (const ClassEntry& c : classes) {
        PaletteEntry entry;
        entry.id = QString::number(c.label.value);
        entry.title = c.name;
        entry.keys = c.key;
        entry.swatch = c.colour;
        entries << entry;
    }
    setCreateText(canCreate ? tr("Create class “%1”") : QString());
    setEntries(entries);
}

}  // namespace querent::widgets::common
