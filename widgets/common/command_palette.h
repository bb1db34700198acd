#pragma once

#include "widgets/common/class_panel.h"

#include <QColor>
#include <QFrame>
#include <QIcon>
#include <QPointer>
#include <QString>
#include <QVector>

class QLabel;
class QLineEdit;
class QListWidget;

namespace querent::widgets::common {

struct PaletteEntry {
    QString id;
    QString title;
    QString detail;  // "Edit", the menu it is in
    QString keys;    // "Ctrl+Z"
    QIcon icon;
    QColor swatch;  // valid: a colour square instead of the icon
    bool enabled = true;
};

/**
 * A field and the entries that answer to what is typed in it, best first. It opens over its parent, always inside it,
 * takes the focus and gives it back. Enter chooses, Esc or a click elsewhere closes.
 */
class CommandPalette : public QFrame {
    Q_OBJECT

 public:
    explicit CommandPalette(QWidget* parent);

    void setEntries(const QVector<PaletteEntry>& entries);
    void setPlaceholder(const QString& text);
    /** The text of an extra last row for something that is not there, "Create class “%1”"; empty for none. */
    void setCreateText(const QString& text);
    void popup();
    QStringList shownIds() const;  // in the order shown

 Q_SIGNALS:
    void chosen(const QString& id);
    void createRequested(const QString& typed);
    void closed();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

 private:
    void refilter();
    void choose();
    void place();

    QVector<PaletteEntry> m_entries;
    QString m_createText;
    QLineEdit* m_edit;
    QListWidget* m_list;
    QLabel* m_none;
    QPointer<QWidget> m_before;
};

/** The palette over the classes: E, type, Enter. */
class ClassSearch : public CommandPalette {
    Q_OBJECT

 public:
    explicit ClassSearch(QWidget* parent);

    void setClasses(const QVector<ClassEntry>& classes, bool canCreate);

 Q_SIGNALS:
    void classChosen(querent::ClassId label);
};

}  // namespace querent::widgets::common
