#include "widgets/common/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPixmapCache>
#include <QStyleFactory>
#include <QStyleHints>
#include <QVariant>

#include <utility>

// Q_INIT_RESOURCE must stand outside of every namespace.
static void initQuerentResources() {
    Q_INIT_RESOURCE(resources);
}

namespace querent::widgets::common {

namespace {

// Asked before our own palette hides what the desktop wants.
void rememberSystemTheme(QApplication& app) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    app.setProperty("querentSystemDark", QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark);
#else
    if (app.property("querentSystemDark").isValid()) return;
    app.setProperty("querentSystemDark", QGuiApplication::palette().color(QPalette::Window).lightness() < 128);
#endif
}

QFont programFont() {
    QFont font = QGuiApplication::font();
    if (QFontDatabase::families().contains(QStringLiteral("Inter"))) {
        // A list, so that scripts Inter lacks fall through to the system's fonts.
        font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"),
                          QStringLiteral("Noto Sans CJK SC")});
    }
    if (font.pointSizeF() < 10.0) font.setPointSizeF(10.0);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setKerning(false);  // a label with a mnemonic is measured with and drawn without: "To" loses half its o
    return font;
}

}  // namespace

void initResources() {
    initQuerentResources();
}

namespace Theme {

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

}  // namespace Theme

void setTheme(QApplication& app, Theme::Mode mode) {
    initResources();
    rememberSystemTheme(app);
    if (!app.property("querentThemed").toBool()) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QApplication::setFont(programFont());
        app.setProperty("querentThemed", true);
    }
    QPixmapCache::clear();
    QApplication::setPalette(Theme::palette(mode));
    app.setStyleSheet(Theme::styleSheet(mode));
}

}  // namespace querent::widgets::common
