#pragma once

#include "app/preferences/keymap.h"

#include <QAction>
#include <QHash>
#include <QList>
#include <QObject>

#include <functional>

namespace querent::app::pages::label {

/**
 * The QActions of the Label page, made from the keymap and kept in step with it: one for each id, with text, icon, tool
 * tip, shortcuts, objectName (the id) and the property "group". Owned by the page. UI thread only.
 */
class LabelActions : public QObject {
    Q_OBJECT

 public:
    /**
     * The actions are added to `page`; their shortcuts hold while it or one of its children has the focus. With
     * `sounds` those of sounds are among them, and keys that mean something on a sound are left to it.
     */
    LabelActions(preferences::Keymap& keymap, bool sounds, QWidget& page);

    QAction* find(const QString& id) const { return m_byId.value(id); }
    const QList<QAction*>& all() const { return m_all; }
    /** What the action does. A checkable action calls it with its new state. */
    void onTriggered(const QString& id, std::function<void()> work);
    void onToggled(const QString& id, bool checked, std::function<void(bool)> work);
    /** Triggers the enabled action that has this key (with modifiers); false when there is none. */
    bool trigger(int keyWithModifiers) const;

 private:
    void refreshKeys();

    preferences::Keymap& m_keymap;
    bool m_sounds;
    QList<QAction*> m_all;
    QHash<QString, QAction*> m_byId;
};

}  // namespace querent::app::pages::label
