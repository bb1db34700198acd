#include "widgets/common/key_sheet.h"

#include "widgets/common/fuzzy_match.h"
#include "widgets/common/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::widgets::common {

namespace {

constexpr int kColumns = 3;
constexpr int kKeysInLine = 2;  // more go below
constexpr int kNameWidth = 90;  // at least; long names wrap

QStringList groupsOf(const QVector<ShortcutEntry>& entries) {
    QStringList groups;
    for (const ShortcutEntry& entry : entries) {
        if (!groups.contains(entry.group)) groups << entry.group;
    }
    return groups;
}

QStringList keysOf(const ShortcutEntry& entry) {
    return entry.keys.split(QStringLiteral(", "), Qt::SkipEmptyParts);
}

QWidget* rowFor(const ShortcutEntry& entry) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* name = new QLabel(entry.action);
    name->setWordWrap(true);
    name->setMinimumWidth(kNameWidth);
    name->setContentsMargins(0, 2, 0, 0);  // on the line of the key caps
    name->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    layout->addWidget(name, 1);
    auto* caps = new QGridLayout;
    caps->setSpacing(4);
    const QStringList keys = keysOf(entry);
    for (int i = 0; i < keys.size(); ++i) {
        auto* cap = new QLabel(keys[i]);
        cap->setProperty("role", "key");
        const bool alone = i + 1 == keys.size() && i % kKeysInLine == 0;
        caps->addWidget(cap, i / kKeysInLine, i % kKeysInLine, 1, alone ? kKeysInLine : 1,
                        Qt::AlignRight | Qt::AlignTop);
    }
    layout->addLayout(caps);
    row->setAccessibleName(entry.action + QStringLiteral(": ") + entry.keys);
    return row;
}

QFrame* cardFor(const QString& group, const QVector<ShortcutEntry>& entries) {
    auto* card = new QFrame;
    card->setProperty("role", "card");
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(16, 12, 16, 14);
    layout->setSpacing(7);
    auto* title = new QLabel(group);
    title->setProperty("role", "heading");
    layout->addWidget(title);
    for (const ShortcutEntry& entry : entries)
        layout->addWidget(rowFor(entry));
    return card;
}

}  // namespace

KeySheet::KeySheet(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("keySheet"));
    setWindowTitle(tr("Keys"));
    resize(1200, 720);
    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Find an action or a key"));
    m_filter->setAccessibleName(tr("Find an action or a key"));
    m_filter->setClearButtonEnabled(true);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_filter);
    layout->addWidget(m_scroll, 1);
    connect(m_filter, &QLineEdit::textChanged, this, [this] { rebuild(); });
}

void KeySheet::setShortcuts(const QVector<ShortcutEntry>& entries) {
    m_entries = entries;
    rebuild();
}

void KeySheet::rebuild() {
    const QString typed = m_filter->text();
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(12);
    QVector<QVBoxLayout*> stacks;
    QVector<int> heights(kColumns, 0);
    for (int i = 0; i < kColumns; ++i) {
        stacks << new QVBoxLayout;
        stacks.back()->setSpacing(12);
        columns->addLayout(stacks.back(), 1);
    }
    for (const QString& group : groupsOf(m_entries)) {
        QVector<ShortcutEntry> shown;
        for (const ShortcutEntry& entry : m_entries) {
            const bool matches =
                entry.action.contains(typed, Qt::CaseInsensitive) || keysOf(entry).contains(typed, Qt::CaseInsensitive);
            if (entry.group == group && matches) shown << entry;
        }
        if (shown.isEmpty()) continue;
        // Each group goes under the shortest column.
        const auto shortest = std::min_element(heights.begin(), heights.end()) - heights.begin();
        stacks[shortest]->addWidget(cardFor(group, shown));
        heights[shortest] += static_cast<int>(shown.size()) + 2;
    }
    for (QVBoxLayout* stack : stacks)
        stack->addStretch(1);
    m_scroll->setWidget(page);
}

QString KeySheet::toHtml() const {
    QString html =
        QStringLiteral("<html><head><meta charset=\"utf-8\"><title>%1</title></head><body><h1>%1</h1>").arg(tr("Keys"));
    for (const QString& group : groupsOf(m_entries)) {
        html += QStringLiteral("<h2>%1</h2><table cellpadding=\"4\">").arg(group.toHtmlEscaped());
        for (const ShortcutEntry& entry : m_entries) {
            if (entry.group != group) continue;
            html += QStringLiteral("<tr><td>%1</td><td><b>%2</b></td></tr>")
                        .arg(entry.action.toHtmlEscaped(), entry.keys.toHtmlEscaped());
        }
        html += QStringLiteral("</table>");
    }
    return html + QStringLiteral("</body></html>");
}

}  // namespace querent::widgets::common
