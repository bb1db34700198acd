#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>
#include <QStringList>

class QApplication;
class QWidget;

namespace querent::widgets::common {

/** The colours of one theme by their role. Text colours reach a contrast of 4.5 on `window`, `surface` and `raised`. */
struct ThemeColours {
    QColor window;   // behind everything
    QColor surface;  // lists, editors, cards
    QColor raised;   // buttons, headers, hovered rows
    QColor canvas;   // around the picture
    QColor border;
    QColor borderStrong;
    QColor text;
    QColor textMuted;
    QColor textDisabled;  // the only one below 4.5, as WCAG allows
    QColor accent;        // fills: primary buttons, selection
    QColor accentHover;
    QColor onAccent;
    QColor accentText;  // links and active text
    QColor selection;   // soft background of a selected row
    QColor info, success, warning, error;
    QColor infoBack, successBack, warningBack, errorBack;
    bool dark = false;
};

namespace Theme {
enum Mode { Light, Dark, System };

/** Colours of a theme. System is answered by what the desktop said when the program started. */
const ThemeColours& colours(Mode mode);
/** Colours that go with a palette or with the one a widget has: how custom-painted widgets follow the theme. */
const ThemeColours& colours(const QPalette& palette);
const ThemeColours& colours(const QWidget* widget);
QPalette palette(Mode mode);
QString styleSheet(Mode mode);
}  // namespace Theme

/** Style, palette, font (Inter where it is installed) and stylesheet of the whole program. Can be called again. */
void setTheme(QApplication& app, Theme::Mode mode);

/**
 * An icon of the program's own set: it follows the palette when the theme changes, and has a disabled state. An unknown
 * name gives a null icon.
 */
QIcon icon(const QString& name);
/** The same in one fixed colour. */
QIcon icon(const QString& name, const QColor& colour);
/** Every name that icon() knows, sorted. */
QStringList iconNames();

/**
 * The default colour of the index-th class. The first eight are told apart with any common colour blindness
 * (after Okabe and Ito, 2008); later ones differ in lightness as well as hue.
 */
QColor classColour(int index);
/** Black or white, whichever reads better on `background`. */
QColor readableOn(const QColor& background);
/** Contrast ratio in [1, 21] (WCAG 2.1). */
double contrast(const QColor& a, const QColor& b);

/** Makes the program's resources known; needed once where the library is linked statically. */
void initResources();

}  // namespace querent::widgets::common
