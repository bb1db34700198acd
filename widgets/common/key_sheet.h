#pragma once

#include <QDialog>
#include <QString>
#include <QVector>

class QLineEdit;
class QScrollArea;

namespace querent::widgets::common {

struct ShortcutEntry {
    QString group;   // "Drawing"
    QString action;  // "Next item"
    QString keys;    // "D, PgDown"; several separated by ", "
};

/** The key bindings that hold now, in columns by group, searchable, printable as HTML. */
class KeySheet : public QDialog {
    Q_OBJECT

 public:
    explicit KeySheet(QWidget* parent = nullptr);

    /** Groups keep the order of their first entry. */
    void setShortcuts(const QVector<ShortcutEntry>& entries);
    /** One page of HTML with the same tables, to print or save. */
    QString toHtml() const;

 private:
    void rebuild();

    QVector<ShortcutEntry> m_entries;
    QLineEdit* m_filter;
    QScrollArea* m_scroll;
};

}  // namespace querent::widgets::common
