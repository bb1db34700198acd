#include "app/preferences/key_fallback.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>
#include <QWidget>

#include <algorithm>
#include <iterator>
#include <utility>

namespace querent::app::preferences {

namespace {

struct Place {
    quint32 scanCode;  // set 1 and evdev agree on these
    int key;
};

constexpr Place kPlaces[] = {
    {2, Qt::Key_1},
    {3, Qt::Key_2},
    {4, Qt::Key_3},
    {5, Qt::Key_4},
    {6, Qt::Key_5},
    {7, Qt::Key_6},
    {8, Qt::Key_7},
    {9, Qt::Key_8},
    {10, Qt::Key_9},
    {11, Qt::Key_0},
    {16, Qt::Key_Q},
    {17, Qt::Key_W},
    {18, Qt::Key_E},
    {19, Qt::Key_R},
    {20, Qt::Key_T},
    {21, Qt::Key_Y},
    {22, Qt::Key_U},
    {23, Qt::Key_I},
    {24, Qt::Key_O},
    {25, Qt::Key_P},
    {26, Qt::Key_BracketLeft},
    {27, Qt::Key_BracketRight},
    {30, Qt::Key_A},
    {31, Qt::Key_S},
    {32, Qt::Key_D},
    {33, Qt::Key_F},
    {34, Qt::Key_G},
    {35, Qt::Key_H},
    {36, Qt::Key_J},
    {37, Qt::Key_K},
    {38, Qt::Key_L},
    {44, Qt::Key_Z},
    {45, Qt::Key_X},
    {46, Qt::Key_C},
    {47, Qt::Key_V},
    {48, Qt::Key_B},
    {49, Qt::Key_N},
    {50, Qt::Key_M},
};

#ifdef Q_OS_WIN
constexpr quint32 kScanCodeOffset = 0;
#else
constexpr quint32 kScanCodeOffset = 8;  // X11 and Wayland: evdev codes, shifted
#endif

bool isDigit(int key) {
    return key >= Qt::Key_0 && key <= Qt::Key_9;
}
bool isLatin(int key) {
    return key > 0 && key < 0x80;
}
/** Arrows, function keys and the like have the same code in every layout. */
bool isFunctional(int key) {
    return (key & 0x01000000) != 0;
}

}  // namespace

int keyAtScanCode(quint32 nativeScanCode) {
    const auto place = std::find_if(std::begin(kPlaces), std::end(kPlaces), [nativeScanCode](const Place& candidate) {
        return candidate.scanCode + kScanCodeOffset == nativeScanCode;
    });
    return place == std::end(kPlaces) ? 0 : place->key;
}

bool takesText(const QWidget* widget) {
    if (const auto* box = qobject_cast<const QComboBox*>(widget)) return box->isEditable();
    return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QTextEdit*>(widget) ||
           qobject_cast<const QPlainTextEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget);
}

KeyFallback::KeyFallback(QWidget& root, Trigger trigger, QObject* parent)
    : QObject(parent), m_root(root), m_trigger(std::move(trigger)) {
    qApp->installEventFilter(this);
}

bool KeyFallback::eventFilter(QObject* watched, QEvent* event) {
    const QEvent::Type type = event->type();
    if (type != QEvent::KeyPress && type != QEvent::KeyRelease && type != QEvent::ShortcutOverride) return false;
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || m_resending || (widget != &m_root && !m_root.isAncestorOf(widget))) return false;
    if (takesText(widget)) return onTextField(event);
    return type != QEvent::ShortcutOverride && onKey(*widget, *static_cast<QKeyEvent*>(event));
}

bool KeyFallback::onTextField(QEvent* event) {
    auto* key = static_cast<QKeyEvent*>(event);
    const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (event->type() == QEvent::ShortcutOverride && plain) {
        const bool isFunctionKey = key->key() >= Qt::Key_F1 && key->key() <= Qt::Key_F35;
        if (isFunctionKey) return false;
        event->accept();
        return true;
    }
    return false;
}

bool KeyFallback::onKey(QWidget& widget, QKeyEvent& event) {
    const int place = keyAtScanCode(event.nativeScanCode());
    if (place == 0 || isFunctional(event.key())) return false;
    const bool digitRow = isDigit(place) && !isDigit(event.key());
    if (isLatin(event.key()) && !digitRow) return false;
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (event.type() == QEvent::KeyPress && m_trigger(place | static_cast<int>(modifiers))) return true;
    if (isLatin(event.key())) return false;
    // No command: the widget itself may know the key, as the canvas does H.
    QKeyEvent translated(event.type(), place, event.modifiers(), QString(), event.isAutoRepeat());
    m_resending = true;
    QCoreApplication::sendEvent(&widget, &translated);
    m_resending = false;
    return true;
}

}  // namespace querent::app::preferences
