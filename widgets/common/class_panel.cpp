#include "widgets/common/class_panel.h"

#include "widgets/common/fuzzy_match.h"
#include "widgets/common/theme.h"

#include <QAbstractListModel>
#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QSet>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace querent::widgets::common {

namespace {
enum ClassRole { EntryRow = Qt::UserRole + 1, ActiveRole, ChosenRole, LikelihoodRole };
constexpr int kRow = 32;
}  // namespace

static QString percent(double share) {
    return ClassPanel::tr("%1 %").arg(std::lround(100.0 * share));
}

// As on the key itself: the name of the class needs the room. The tool tip writes it out.
static QString capText(QString key) {
    return key.replace(QLatin1String("Shift+"), QStringLiteral("⇧"));
}

class ClassListModel : public QAbstractListModel {
 public:
    using QAbstractListModel::QAbstractListModel;

    QVector<ClassEntry> entries;
    ClassId active;
    QSet<qint64> chosen;
    QHash<qint64, double> likelihoods;

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(entries.size());
    }

    QVariant data(const QModelIndex& index, int role) const override {
        const ClassEntry& entry = entries[index.row()];
        switch (role) {
            case Qt::DisplayRole:
                return entry.name;
            case Qt::ToolTipRole:
                return entry.key.isEmpty() ? entry.name : QStringLiteral("%1 (%2)").arg(entry.name, entry.key);
            case Qt::AccessibleTextRole:
                return spoken(entry);
            case EntryRow:
                return index.row();
            case ActiveRole:
                return entry.label == active;
            case ChosenRole:
                return chosen.contains(entry.label.value);
            case LikelihoodRole: {
                const auto known = likelihoods.constFind(entry.label.value);
                return known == likelihoods.cend() ? QVariant() : QVariant(*known);
            }
            default:
                return {};
        }
    }

    void reset(const QVector<ClassEntry>& next) {
        beginResetModel();
        entries = next;
        endResetModel();
    }
    void touchAll() {
        if (!entries.isEmpty()) Q_EMIT dataChanged(index(0), index(static_cast<int>(entries.size()) - 1));
    }

 private:
    QString spoken(const ClassEntry& entry) const {
        QString text = entry.name;
        if (entry.label == active) text += ClassPanel::tr(", active");
        if (chosen.contains(entry.label.value)) text += ClassPanel::tr(", chosen");
        if (entry.count >= 0) text += QStringLiteral(", %1").arg(entry.count);
        const auto likely = likelihoods.constFind(entry.label.value);
        if (likely != likelihoods.cend()) text += ClassPanel::tr(", suggested with %1").arg(percent(*likely));
        if (!entry.key.isEmpty()) text += ClassPanel::tr(", key %1").arg(entry.key);
        return text;
    }
};

namespace {

class FuzzyFilter : public QSortFilterProxyModel {
 public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    QString typed;
    void refresh() { invalidateFilter(); }

 protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        return fuzzyMatch(typed, sourceModel()->index(row, 0, parent).data().toString()).has_value();
    }
};

class ClassDelegate : public QStyledItemDelegate {
 public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto* proxy = static_cast<const QSortFilterProxyModel*>(index.model());
        const auto* model = static_cast<const ClassListModel*>(proxy->sourceModel());
        const ClassEntry& entry = model->entries[index.data(EntryRow).toInt()];
        const ThemeColours& c = Theme::colours(option.palette);
        const bool active = index.data(ActiveRole).toBool();
        const bool chosen = index.data(ChosenRole).toBool();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF row = QRectF(option.rect).adjusted(3, 1, -3, -1);
        if (active || (option.state & QStyle::State_MouseOver)) {
            painter->setPen(active ? QPen(c.accent, 1) : QPen(Qt::NoPen));
            painter->setBrush(active ? c.selection : c.raised);
            painter->drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        }
        paintSwatch(painter, row, entry.colour, chosen);
        const QVariant likelihood = index.data(LikelihoodRole);
        if (likelihood.isValid()) paintLikelihood(painter, row, likelihood.toDouble(), c);
        const QString aside = likelihood.isValid() ? percent(likelihood.toDouble())
                              : entry.count >= 0   ? QLocale().toString(entry.count)
                                                   : QString();
        paintText(painter, row, option, entry, {active || chosen, likelihood.isValid(), aside}, c);
        painter->restore();
    }

 private:
    static void paintSwatch(QPainter* painter, const QRectF& row, const QColor& colour, bool chosen) {
        const QRectF swatch(row.left() + 9, row.center().y() - 7, 14, 14);
        painter->setPen(QPen(QColor(0, 0, 0, 60), 1));
        painter->setBrush(colour);
        painter->drawRoundedRect(swatch, 3.5, 3.5);
        if (chosen) icon(QStringLiteral("check"), readableOn(colour)).paint(painter, swatch.toRect());
    }

    // A bar below the name, as long as the class is likely.
    static void paintLikelihood(QPainter* painter, const QRectF& row, double share, const ThemeColours& c) {
        const QRectF bar(row.left() + 32, row.bottom() - 4, (row.width() - 40) * std::clamp(share, 0.0, 1.0), 2);
        painter->setPen(Qt::NoPen);
        painter->setBrush(c.accent);
        painter->drawRoundedRect(bar, 1, 1);
    }

    struct RowStyle {
        bool bold = false;
        bool suggested = false;
        QString aside;  // the figure on the right
    };
    static void paintText(QPainter* painter, const QRectF& row, const QStyleOptionViewItem& option,
                          const ClassEntry& entry, const RowStyle& style, const ThemeColours& c) {
        const QFont plain = option.font;
        const QFontMetricsF metrics(plain);
        double right = row.right() - 8;
        if (!entry.key.isEmpty()) {
            const QString key = capText(entry.key);
            const double width = std::max(20.0, metrics.horizontalAdvance(key) + 10);
            const QRectF cap(right - width, row.center().y() - 10, width, 20);
            painter->setPen(QPen(c.borderStrong, 1));
            painter->setBrush(c.surface);
            painter->drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
            painter->setPen(c.textMuted);
            painter->drawText(cap, Qt::AlignCenter, key);
            right = cap.left() - 8;
        }
        if (!style.aside.isEmpty()) {
            const double width = metrics.horizontalAdvance(style.aside);
            painter->setPen(style.suggested ? c.text : c.textMuted);
            painter->drawText(QRectF(right - width, row.top(), width, row.height()), Qt::AlignVCenter, style.aside);
            right -= width + 8;
        }
        QFont font = plain;
        if (style.bold) font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(c.text);
        const QRectF name(row.left() + 32, row.top(), right - row.left() - 32, row.height());
        painter->drawText(name, Qt::AlignVCenter,
                          QFontMetricsF(font).elidedText(entry.name, Qt::ElideRight, name.width()));
    }
};

}  // namespace

ClassPanel::ClassPanel(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("classPanel"));
    m_filter = new QLineEdit(this);
    m_filter->setObjectName(QStringLiteral("classFilter"));
    m_filter->setPlaceholderText(tr("Find or add a class"));
    m_filter->setAccessibleName(tr("Find or add a class"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(QStringLiteral("search"), QColor(0x8a93a3)), QLineEdit::LeadingPosition);
    m_list = new QListView(this);
    m_list->setObjectName(QStringLiteral("classList"));
    m_list->setAccessibleName(tr("Classes"));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setItemDelegate(new ClassDelegate(m_list));
    m_add = new QPushButton(this);
    m_add->setObjectName(QStringLiteral("addClass"));
    m_add->setIcon(icon(QStringLiteral("add")));
    m_model = new ClassListModel(this);
    auto* proxy = new FuzzyFilter(this);
    m_proxy = proxy;
    m_proxy->setSourceModel(m_model);
    m_list->setModel(m_proxy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_filter);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_add);
    const auto activate = [this](const QModelIndex& index) {
        if (m_readOnly || !index.isValid()) return;
        Q_EMIT classActivated(m_model->entries[index.data(EntryRow).toInt()].label);
    };
    connect(m_list, &QListView::clicked, this, activate);
    connect(m_list, &QListView::activated, this, [this, activate](const QModelIndex& index) {
        // A single-click style activates by the mouse too; the click has been told already.
        if (!m_list->style()->styleHint(QStyle::SH_ItemView_ActivateItemOnSingleClick, nullptr, m_list))
            activate(index);
    });
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_list->indexAt(at);
        if (!index.isValid()) return;
        Q_EMIT contextMenuWanted(m_model->entries[index.data(EntryRow).toInt()].label,
                                 m_list->viewport()->mapToGlobal(at));
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this, proxy](const QString& text) {
        proxy->typed = text;
        proxy->refresh();
        refreshAdd();
    });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] { activateFirst(); });
    connect(m_add, &QPushButton::clicked, this, [this] {
        const QString name = m_filter->text().trimmed();
        if (name.isEmpty()) return focusFilter();
        m_filter->clear();
        Q_EMIT addClassRequested(name);
    });
    refreshAdd();
}

void ClassPanel::setClasses(const QVector<ClassEntry>& classes) {
    if (classes == m_model->entries) return;
    m_model->reset(classes);
    refreshAdd();
}

void ClassPanel::setActiveClass(ClassId label) {
    m_model->active = label;
    m_model->touchAll();
    for (int row = 0; row < m_proxy->rowCount(); ++row) {
        const QModelIndex index = m_proxy->index(row, 0);
        if (!index.data(ActiveRole).toBool()) continue;
        m_list->setCurrentIndex(index);
        m_list->scrollTo(index);
    }
}

ClassId ClassPanel::activeClass() const {
    return m_model->active;
}

void ClassPanel::setChosen(const QVector<ClassId>& labels) {
    m_model->chosen.clear();
    for (const ClassId label : labels)
        m_model->chosen.insert(label.value);
    m_model->touchAll();
}

void ClassPanel::setLikelihoods(const QHash<qint64, double>& likelihoods) {
    if (likelihoods == m_model->likelihoods) return;
    m_model->likelihoods = likelihoods;
    m_model->touchAll();
}

void ClassPanel::setCanAdd(bool can) {
    m_canAdd = can;
    refreshAdd();
}

void ClassPanel::setReadOnly(bool readOnly) {
    m_readOnly = readOnly;
    refreshAdd();
}

void ClassPanel::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void ClassPanel::refreshAdd() {
    const QString typed = m_filter->text().trimmed();
    bool known = false;
    for (const ClassEntry& entry : m_model->entries)
        known = known || entry.name.compare(typed, Qt::CaseInsensitive) == 0;
    m_add->setVisible(m_canAdd && !m_readOnly);
    m_add->setEnabled(!known);
    m_add->setText(typed.isEmpty() || known ? tr("Add class") : tr("Add “%1”").arg(typed));
}

void ClassPanel::activateFirst() {
    if (m_readOnly) return;
    if (m_proxy->rowCount() == 0) {
        if (m_canAdd) m_add->click();
        return;
    }
    const QModelIndex first = m_proxy->index(0, 0);
    const ClassId label = m_model->entries[first.data(EntryRow).toInt()].label;
    m_filter->clear();
    Q_EMIT classActivated(label);
}

}  // namespace querent::widgets::common
