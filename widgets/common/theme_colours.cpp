#include "widgets/common/theme.h"

#include <QApplication>
#include <QVariant>
#include <QWidget>

#include <algorithm>
#include <array>
#include <cmath>

namespace querent::widgets::common {

namespace {

ThemeColours lightColours() {
    ThemeColours c;
    c.window = QColor(0xf6f7f9);
    c.surface = QColor(0xffffff);
    c.raised = QColor(0xeef0f4);
    c.canvas = QColor(0xe4e7ec);
    c.border = QColor(0xdde1e7);
    c.borderStrong = QColor(0xb9c0cb);
    c.text = QColor(0x1b2130);
    c.textMuted = QColor(0x5a6375);
    c.textDisabled = QColor(0x9aa2b1);
    c.accent = QColor(0x2f5bd7);
    c.accentHover = QColor(0x274dba);
    c.onAccent = QColor(0xffffff);
    c.accentText = QColor(0x2a52c4);
    c.selection = QColor(0xdfe8fd);
    c.info = QColor(0x2a52c4);
    c.success = QColor(0x17683b);
    c.warning = QColor(0x8a4b00);
    c.error = QColor(0xb3261e);
    c.infoBack = QColor(0xe8eefd);
    c.successBack = QColor(0xe4f4ea);
    c.warningBack = QColor(0xfdf1dc);
    c.errorBack = QColor(0xfde9e7);
    c.dark = false;
    return c;
}

ThemeColours darkColours() {
    ThemeColours c;
    c.window = QColor(0x15181e);
    c.surface = QColor(0x1c2028);
    c.raised = QColor(0x272c37);
    c.canvas = QColor(0x0e1014);
    c.border = QColor(0x2f3541);
    c.borderStrong = QColor(0x4b5465);
    c.text = QColor(0xe8ebf1);
    c.textMuted = QColor(0xa3adbd);
    c.textDisabled = QColor(0x697283);
    c.accent = QColor(0x3f6df0);
    c.accentHover = QColor(0x5580f5);
    c.onAccent = QColor(0xffffff);
    c.accentText = QColor(0x8fb0ff);
    c.selection = QColor(0x26375f);
    c.info = QColor(0x8fb0ff);
    c.success = QColor(0x6fd49a);
    c.warning = QColor(0xf2bd62);
    c.error = QColor(0xff9288);
    c.infoBack = QColor(0x1d2842);
    c.successBack = QColor(0x16301f);
    c.warningBack = QColor(0x362a14);
    c.errorBack = QColor(0x3b1f1f);
    c.dark = true;
    return c;
}

double linear(double channel) {
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c) {
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

}  // namespace

namespace Theme {

const ThemeColours& colours(Mode mode) {
    static const ThemeColours light = lightColours();
    static const ThemeColours dark = darkColours();
    if (mode == System) return qApp && qApp->property("querentSystemDark").toBool() ? dark : light;
    return mode == Dark ? dark : light;
}

const ThemeColours& colours(const QPalette& palette) {
    return colours(palette.color(QPalette::Window).lightness() < 128 ? Dark : Light);
}

const ThemeColours& colours(const QWidget* widget) {
    return colours(widget ? widget->palette() : QGuiApplication::palette());
}

QPalette palette(Mode mode) {
    const ThemeColours& c = colours(mode);
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.surface);
    p.setColor(QPalette::AlternateBase, c.window);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.textMuted);
    p.setColor(QPalette::Button, c.raised);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.error);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.onAccent);
    p.setColor(QPalette::Link, c.accentText);
    p.setColor(QPalette::LinkVisited, c.accentText);
    p.setColor(QPalette::ToolTipBase, c.raised);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Light, c.surface);
    p.setColor(QPalette::Midlight, c.raised);
    p.setColor(QPalette::Mid, c.borderStrong);
    p.setColor(QPalette::Dark, c.borderStrong);
    p.setColor(QPalette::Shadow, QColor(0, 0, 0, 90));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        p.setColor(QPalette::Disabled, role, c.textDisabled);
    }
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.raised);
    return p;
}

}  // namespace Theme

QColor classColour(int index) {
    // Okabe and Ito's eight, the black replaced by a violet that shows on dark pictures.
    static constexpr std::array<QRgb, 20> kFirst = {0xffe69f00, 0xff56b4e9, 0xff009e73, 0xfff0e442, 0xff0072b2,
                                                    0xffd55e00, 0xffcc79a7, 0xff8c6bd8, 0xff7fd13b, 0xffff6f91,
                                                    0xff00c2c7, 0xffa6761d, 0xffb8b8ff, 0xff4f7942, 0xffff3b3b,
                                                    0xff3fd0a0, 0xff9e1f63, 0xffffc9a3, 0xff5b7083, 0xffd9f0a3};
    if (index >= 0 && index < static_cast<int>(kFirst.size()))
        return QColor::fromRgb(kFirst[static_cast<std::size_t>(index)]);
    const int n = std::max(index, 0);
    constexpr double kGolden = 0.61803398875;
    const double hue = std::fmod(0.11 + kGolden * n, 1.0);
    const double lightness = std::array{0.45, 0.62, 0.74}[static_cast<std::size_t>(n % 3)];
    return QColor::fromHslF(static_cast<float>(hue), 0.72F, static_cast<float>(lightness));
}

QColor readableOn(const QColor& background) {
    const QColor black(0x10, 0x12, 0x18);
    return contrast(background, black) >= contrast(background, Qt::white) ? black : QColor(Qt::white);
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace querent::widgets::common
