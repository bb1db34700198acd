#include "widgets/common/theme.h"

#include <QFile>

#include <utility>

namespace querent::widgets::Theme {

QString styleSheet(Mode mode) {
    initResources();
    QFile file(QStringLiteral(":/querent/style.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString text = QString::fromUtf8(file.readAll());
    const ThemeColours& c = colours(mode);
    // Longer names first where one begins another.
    const std::pair<const char*, QColor> tokens[] = {
        {"@borderStrong", c.borderStrong},
        {"@border", c.border},
        {"@textMuted", c.textMuted},
        {"@textDisabled", c.textDisabled},
        {"@text", c.text},
        {"@accentHover", c.accentHover},
        {"@accentText", c.accentText},
        {"@accent", c.accent},
        {"@onAccent", c.onAccent},
        {"@window", c.window},
        {"@surface", c.surface},
        {"@raised", c.raised},
        {"@selection", c.selection},
        {"@canvas", c.canvas},
    };
    for (const auto& [token, colour] : tokens)
        text.replace(QLatin1String(token), colour.name());
    text.replace(QLatin1String("@mode"), c.dark ? QStringLiteral("dark") : QStringLiteral("light"));
    return text;
}

}  // namespace querent::widgets::Theme
