#pragma once

#include <QObject>

#include <functional>

class QKeyEvent;
class QWidget;

namespace querent::app::preferences {

/** The key that stands at this place of a US keyboard; 0 when the scan code is none of a letter, digit or bracket. */
int keyAtScanCode(quint32 nativeScanCode);

/** Widgets that take text: there single keys write, and are no commands. */
bool takesText(const QWidget* widget);

/**
 * Makes the keys of a page work on every keyboard layout and keeps them off its text fields.
 *
 * A key press that no shortcut has taken and that is no Latin letter, or stands in the digit row and gives no digit, is
 * tried again as the key that a US keyboard has in that place. In text fields plain keys write.
 * Filters the application's events for the children of `root`; owned by the page. UI thread only.
 */
class KeyFallback : public QObject {
    Q_OBJECT

 public:
    /** Triggers the command of a key with modifiers; false when there is none. */
    using Trigger = std::function<bool(int keyWithModifiers)>;

    KeyFallback(QWidget& root, Trigger trigger, QObject* parent = nullptr);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    bool onTextField(QEvent* event);
    bool onKey(QWidget& widget, QKeyEvent& event);

    QWidget& m_root;
    Trigger m_trigger;
    bool m_resending = false;
};

}  // namespace querent::app::preferences
