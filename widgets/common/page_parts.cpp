#include "widgets/common/page_parts.h"

#include "widgets/common/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QTableView>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace querent::widgets::common {
namespace {

QLabel* labelInRole(const QString& text, const char* role, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QLatin1String(role));
    return label;
}

}  // namespace

QLabel* titleLabel(const QString& text, QWidget* parent) {
    return labelInRole(text, "title", parent);
}

QLabel* headingLabel(const QString& text, QWidget* parent) {
    return labelInRole(text, "heading", parent);
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    QLabel* label = labelInRole(text, "muted", parent);
    label->setWordWrap(true);
    return label;
}

QPushButton* namedButton(const QString& text, const QString& objectName, const QString& iconName, bool primary,
                         QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(objectName);
    button->setAutoDefault(false);
    if (!iconName.isEmpty()) {
        // Wider than the icon, as style sheets cannot give the gap to the text.
        button->setIconSize({21, 16});
        const QColor onAccent = widgets::common::Theme::colours(button).onAccent;
        button->setIcon(primary ? icon(iconName, onAccent) : icon(iconName));
    }
    if (primary) button->setProperty("primary", true);
    return button;
}

QFrame* card(const QString& heading, QVBoxLayout*& body, QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setProperty("role", QStringLiteral("card"));
    body = new QVBoxLayout(frame);
    body->setContentsMargins(16, 14, 16, 14);
    body->setSpacing(8);
    if (!heading.isEmpty()) body->addWidget(headingLabel(heading, frame));
    return frame;
}

QScrollArea* scrollingColumn(const QString& title, QVBoxLayout*& column, QWidget* parent) {
    auto* scroll = new QScrollArea(parent);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget(scroll);
    column = new QVBoxLayout(content);
    column->setContentsMargins(kPageMargin, 20, kPageMargin, kPageMargin);
    column->setSpacing(16);
    column->addWidget(titleLabel(title, content));
    scroll->setWidget(content);
    return scroll;
}

ElidedLabel::ElidedLabel(const QString& text, Qt::TextElideMode mode, QWidget* parent) : QLabel(parent), m_mode(mode) {
    setTextFormat(Qt::PlainText);
    setFullText(text);
}

void ElidedLabel::setFullText(const QString& text) {
    m_full = text;
    setToolTip(text);
    setAccessibleName(text);
    updateGeometry();
    refresh();
}

QSize ElidedLabel::minimumSizeHint() const {
    return {fontMetrics().averageCharWidth() * 8, QLabel::sizeHint().height()};
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_full) + 2 * margin() + 2, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    refresh();
}

void ElidedLabel::refresh() {
    setText(fontMetrics().elidedText(m_full, m_mode, contentsRect().width()));
}

FieldHint::FieldHint(const QString& objectName, QWidget* parent) : QLabel(parent) {
    setObjectName(objectName);
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    hide();
    recolour();
}

void FieldHint::say(const QString& sentence) {
    setText(sentence);
    setVisible(!sentence.isEmpty());
}

void FieldHint::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) recolour();
}

void FieldHint::recolour() {
    const QString style =
        QStringLiteral("color: %1").arg(widgets::common::Theme::colours(QApplication::palette()).error.name());
    if (styleSheet() != style) setStyleSheet(style);
}

ReadingTable::ReadingTable(const QStringList& columns, const QString& objectName, const QString& accessibleName,
                           QWidget* parent)
    : QTableWidget(0, static_cast<int>(columns.size()), parent) {
    setObjectName(objectName);
    setAccessibleName(accessibleName);
    setHorizontalHeaderLabels(columns);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    styleTable(this);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // columns share the width there is
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    // Later, when a scroll bar that came with the new heights has taken its room.
    connect(
        horizontalHeader(), &QHeaderView::sectionResized, this,
        [this] {
            if (wordWrap()) showWholeTexts();
        },
        Qt::QueuedConnection);
}

void ReadingTable::addRow(const QStringList& cells, const QList<int>& right, const QString& whyDash) {
    const int row = rowCount();
    insertRow(row);
    for (int column = 0; column < cells.size() && column < columnCount(); ++column) {
        auto* item = new QTableWidgetItem(cells[column]);
        const bool number = right.contains(column);
        item->setTextAlignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        item->setToolTip(cells[column] == QStringLiteral("–") ? whyDash : cells[column]);
        setItem(row, column, item);
        if (number && row == 0) {
            horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        }
    }
}

void ReadingTable::fitHeight(int most) {
    const int rows = std::clamp(rowCount(), 1, most);
    const int row = verticalHeader()->defaultSectionSize();
    ensurePolished();
    horizontalHeader()->ensurePolished();
    const bool all = rowCount() <= most;
    setVerticalScrollBarPolicy(all ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    setFixedHeight(horizontalHeader()->sizeHint().height() + rows * row + 2 * frameWidth() + 6);
}

void ReadingTable::showWholeTexts() {
    constexpr int kCellPadding = 24;  // the style sheet's and the delegate's, which its size hint does not count
    constexpr int kRowGap = 10;
    setWordWrap(true);
    for (int row = 0; row < rowCount(); ++row) {
        int height = verticalHeader()->defaultSectionSize() - kRowGap;
        for (int column = 0; column < columnCount(); ++column) {
            const QTableWidgetItem* cell = item(row, column);
            if (cell == nullptr) continue;
            const QRect room(0, 0, std::max(1, columnWidth(column) - kCellPadding), QWIDGETSIZE_MAX);
            const int flags = Qt::TextWordWrap | Qt::TextWrapAnywhere;
            height = std::max(height, fontMetrics().boundingRect(room, flags, cell->text()).height());
        }
        setRowHeight(row, height + kRowGap);
    }
}

int ReadingTable::sizeHintForColumn(int column) const {
    constexpr int kTitlePadding = 22;
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const int title = QFontMetrics(bold).horizontalAdvance(horizontalHeaderItem(column)->text()) + kTitlePadding;
    return std::max(QTableWidget::sizeHintForColumn(column), title);
}

QString ReadingTable::asText(bool selectedOnly) const {
    QStringList lines;
    for (int row = 0; row < rowCount(); ++row) {
        if (selectedOnly && !selectionModel()->isRowSelected(row, {})) continue;
        QStringList cells;
        for (int column = 0; column < columnCount(); ++column) {
            cells << (item(row, column) != nullptr ? item(row, column)->text() : QString());
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

void ReadingTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(asText(true));
        return;
    }
    QTableWidget::keyPressEvent(event);
}

void styleTable(QTableView* table) {
    table->setShowGrid(false);
    table->setAlternatingRowColors(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideMiddle);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(30);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setMinimumSectionSize(
        44);  // the style's own is wide enough to make eight columns scroll
    table->horizontalHeader()->setStretchLastSection(true);
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0.0) return {};
    if (seconds == 0.0) return QObject::tr("0 s");
    if (seconds < 0.05) return QObject::tr("< 0.1 s");
    if (seconds < 10.0) return QObject::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60) return QObject::tr("%1 s").arg(whole);
    if (whole < 3600) return QObject::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString intervalText(double value, double low, double high, int decimals) {
    if (value < 0.0) return QStringLiteral("–");
    const QLocale locale;
    const QString middle = locale.toString(value, 'f', decimals);
    if (!(high > low)) return middle;
    return QStringLiteral("%1 [%2, %3]")
        .arg(middle, locale.toString(low, 'f', decimals), locale.toString(high, 'f', decimals));
}

QString signedText(double value, int decimals) {
    const QString number = QLocale().toString(std::abs(value), 'f', decimals);
    if (std::abs(value) < 0.5 * std::pow(10.0, -decimals)) return number;
    return (value > 0.0 ? QStringLiteral("+") : QStringLiteral("−")) + number;
}

QString numberText(qint64 value) {
    return QLocale().toString(value);
}

QString localTime(const std::string& utc) {
    QDateTime time = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODate);
    if (!time.isValid()) return QString::fromStdString(utc);
    time.setTimeZone(QTimeZone::utc());
    return QLocale().toString(time.toLocalTime(), QLocale::ShortFormat);
}

}  // namespace querent::widgets::common
