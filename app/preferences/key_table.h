#pragma once

#include "app/preferences/keymap.h"

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QString>
#include <QVector>

namespace querent::app::preferences::keys {

inline constexpr int kClassKeys = 30;  // class.1 to class.30

/** Every action of the Label page with its default keys, in menu order. */
QVector<KeyAction> table();

/** What a preset changes of the defaults; empty for "Querent" and for unknown names. */
QHash<QString, QList<QKeySequence>> presetChanges(const QString& preset);
QStringList presetNames();

}  // namespace querent::app::preferences::keys
