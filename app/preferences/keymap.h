#pragma once

#include "widgets/common/key_sheet.h"

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVector>

class QSettings;

namespace querent::app::preferences {

/** Where a binding holds: two actions clash only where both do. */
enum class KeyScope { Everywhere, Picture, Sound };

/** One command as the keyboard knows it. */
struct KeyAction {
    QString id;     // "item.next": permanent, also the QAction's objectName
    QString group;  // "Items": the menu and the group of the sheet
    QString text;   // "Next item"
    QString icon;   // name for widgets::common::icon()
    QString help;   // one sentence
    QList<QKeySequence> keys;
    KeyScope scope = KeyScope::Picture;
    bool fixed = false;  // handled by the canvas itself (arrows, Tab, Space, Esc): shown, not remappable
};

/** Two actions that answer to one sequence in one scope. */
struct KeyConflict {
    QString first, second;
    QKeySequence sequence;
};

/** Key bindings: the table of defaults, a preset and the person's own changes on top. UI thread only. */
class Keymap : public QObject {
    Q_OBJECT

 public:
    explicit Keymap(QObject* parent = nullptr);

    /** Every action in the order of the menus, with its default keys. */
    static const QVector<KeyAction>& actions();
    static const KeyAction* find(const QString& id);
    /** "Querent", "labelImg", "CVAT", "Label Studio". */
    static QStringList presets();

    QList<QKeySequence> keys(const QString& id) const;
    void setKeys(const QString& id, const QList<QKeySequence>& keys);
    /** Forgets all own changes. False for an unknown name. */
    bool usePreset(const QString& name);
    QString preset() const { return m_preset; }

    /** Clashes of the bindings that hold now. */
    QVector<KeyConflict> conflicts() const;
    /** Actions that already answer to `sequence` where `id` does, `id` left out. */
    QStringList usersOf(const QKeySequence& sequence, const QString& id) const;
    /** What the keyboard says now, for the sheet of keys. */
    QVector<widgets::common::ShortcutEntry> sheet() const;
    /** "Ctrl+Z, Backspace" as this system writes it. */
    QString text(const QString& id) const { return text(keys(id)); }
    static QString text(const QList<QKeySequence>& sequences);
    /** True for what a sound answers to itself: its meaning there comes before what the key does on pictures. */
    bool isOfSounds(const QKeySequence& sequence) const;

    void save(QSettings& settings) const;
    void load(QSettings& settings);

 Q_SIGNALS:
    void changed();

 private:
    QString m_preset = QStringLiteral("Querent");
    QHash<QString, QList<QKeySequence>> m_own;
};

}  // namespace querent::app::preferences
