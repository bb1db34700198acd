#include "app/preferences/keymap.h"

#include "app/preferences/key_table.h"

#include <QSettings>

#include <algorithm>

namespace querent::app::preferences {

namespace {

const char* const kSettingsGroup = "keys";

bool overlap(KeyScope a, KeyScope b) {
    return a == b || a == KeyScope::Everywhere || b == KeyScope::Everywhere;
}

}  // namespace

Keymap::Keymap(QObject* parent) : QObject(parent) {}

const QVector<KeyAction>& Keymap::actions() {
    static const QVector<KeyAction> actions = keys::table();
    return actions;
}

const KeyAction* Keymap::find(const QString& id) {
    for (const KeyAction& action : actions()) {
        if (action.id == id) return &action;
    }
    return nullptr;
}

QStringList Keymap::presets() {
    return keys::presetNames();
}

QList<QKeySequence> Keymap::keys(const QString& id) const {
    const auto own = m_own.constFind(id);
    if (own != m_own.cend()) return *own;
    const auto changes = keys::presetChanges(m_preset);
    const auto changed = changes.constFind(id);
    if (changed != changes.cend()) return *changed;
    const KeyAction* action = find(id);
    return action ? action->keys : QList<QKeySequence>();
}

void Keymap::setKeys(const QString& id, const QList<QKeySequence>& keys) {
    const KeyAction* action = find(id);
    if (!action || action->fixed || this->keys(id) == keys) return;
    m_own[id] = keys;
    Q_EMIT changed();
}

bool Keymap::usePreset(const QString& name) {
    if (!presets().contains(name)) return false;
    m_preset = name;
    m_own.clear();
    Q_EMIT changed();
    return true;
}

QVector<KeyConflict> Keymap::conflicts() const {
    QVector<KeyConflict> conflicts;
    QHash<QKeySequence, QVector<const KeyAction*>> users;
    for (const KeyAction& action : actions()) {
        for (const QKeySequence& sequence : keys(action.id)) {
            for (const KeyAction* other : users[sequence]) {
                if (overlap(other->scope, action.scope)) conflicts << KeyConflict{other->id, action.id, sequence};
            }
            users[sequence] << &action;
        }
    }
    return conflicts;
}

QStringList Keymap::usersOf(const QKeySequence& sequence, const QString& id) const {
    QStringList users;
    const KeyAction* asking = find(id);
    for (const KeyAction& action : actions()) {
        if (action.id == id || (asking && !overlap(asking->scope, action.scope))) continue;
        if (keys(action.id).contains(sequence)) users << action.id;
    }
    return users;
}

QString Keymap::text(const QList<QKeySequence>& sequences) {
    return QKeySequence::listToString(sequences, QKeySequence::NativeText)
        .replace(QLatin1String("; "), QLatin1String(", "));
}

bool Keymap::isOfSounds(const QKeySequence& sequence) const {
    const auto& all = actions();
    return std::any_of(all.cbegin(), all.cend(), [&](const KeyAction& action) {
        return action.scope == KeyScope::Sound && keys(action.id).contains(sequence);
    });
}

QVector<widgets::common::ShortcutEntry> Keymap::sheet() const {
    QVector<widgets::common::ShortcutEntry> entries;
    for (const KeyAction& action : actions())
        entries << widgets::common::ShortcutEntry{action.group, action.text, text(action.id)};
    return entries;
}

void Keymap::save(QSettings& settings) const {
    settings.remove(QLatin1String(kSettingsGroup));
    settings.beginGroup(QLatin1String(kSettingsGroup));
    settings.setValue(QStringLiteral("preset"), m_preset);
    for (auto own = m_own.cbegin(); own != m_own.cend(); ++own) {
        settings.setValue(QStringLiteral("own/") + own.key(),
                          QKeySequence::listToString(own.value(), QKeySequence::PortableText));
    }
    settings.endGroup();
}

void Keymap::load(QSettings& settings) {
    settings.beginGroup(QLatin1String(kSettingsGroup));
    const QString preset = settings.value(QStringLiteral("preset")).toString();
    m_preset = presets().contains(preset) ? preset : presets().front();
    m_own.clear();
    settings.beginGroup(QStringLiteral("own"));
    for (const QString& id : settings.childKeys()) {
        const KeyAction* action = find(id);
        if (!action || action->fixed) continue;
        m_own[id] = QKeySequence::listFromString(settings.value(id).toString(), QKeySequence::PortableText);
    }
    settings.endGroup();
    settings.endGroup();
    Q_EMIT changed();
}

}  // namespace querent::app::preferences
