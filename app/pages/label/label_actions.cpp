#include "app/pages/label/label_actions.h"

#include "widgets/common/theme.h"

#include <QWidget>

#include <utility>

namespace querent::app::pages::label {

LabelActions::LabelActions(preferences::Keymap& keymap, bool sounds, QWidget& page)
    : QObject(&page), m_keymap(keymap), m_sounds(sounds) {
    for (const preferences::KeyAction& row : preferences::Keymap::actions()) {
        if (row.fixed || (row.scope == preferences::KeyScope::Sound && !sounds)) continue;
        auto* action = new QAction(widgets::common::icon(row.icon), row.text, this);
        action->setObjectName(row.id);
        action->setProperty("group", row.group);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setAutoRepeat(row.id == QLatin1String("item.next") || row.id == QLatin1String("item.previous") ||
                              row.id == QLatin1String("edit.undo") || row.id == QLatin1String("edit.redo") ||
                              row.id.startsWith(QLatin1String("view.zoom")));
        page.addAction(action);
        m_all << action;
        m_byId[row.id] = action;
    }
    refreshKeys();
    connect(&keymap, &preferences::Keymap::changed, this, &LabelActions::refreshKeys);
}

void LabelActions::refreshKeys() {
    for (const preferences::KeyAction& row : preferences::Keymap::actions()) {
        QAction* action = find(row.id);
        if (!action) continue;
        QList<QKeySequence> sequences = m_keymap.keys(row.id);
        if (m_sounds && row.scope == preferences::KeyScope::Picture) {
            sequences.removeIf([this](const QKeySequence& keys) { return m_keymap.isOfSounds(keys); });
        }
        action->setShortcuts(sequences);
        const QString keys = preferences::Keymap::text(sequences);
        action->setToolTip(keys.isEmpty() ? row.help : tr("%1 (%2)").arg(row.help, keys));
        action->setStatusTip(row.help);
    }
}

void LabelActions::onTriggered(const QString& id, std::function<void()> work) {
    if (QAction* action = find(id)) connect(action, &QAction::triggered, this, [work = std::move(work)] { work(); });
}

void LabelActions::onToggled(const QString& id, bool checked, std::function<void(bool)> work) {
    QAction* action = find(id);
    if (!action) return;
    action->setCheckable(true);
    action->setChecked(checked);
    connect(action, &QAction::triggered, this, [work = std::move(work)](bool on) { work(on); });
}

bool LabelActions::trigger(int keyWithModifiers) const {
    const QKeySequence wanted(keyWithModifiers);
    for (QAction* action : m_all) {
        if (action->isEnabled() && action->shortcuts().contains(wanted)) {
            action->trigger();
            return true;
        }
    }
    return false;
}

}  // namespace querent::app::pages::label
