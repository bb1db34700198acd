#pragma once

#include "widgets/common/banner.h"

#include <QFrame>
#include <QString>

class QLabel;
class QPushButton;
class QTimer;

namespace querent::widgets::common {

/**
 * A short message over the lower edge of its parent that goes by itself and never takes the focus. One Toast per
 * window: a new message replaces the old one.
 */
class Toast : public QFrame {
    Q_OBJECT

 public:
    explicit Toast(QWidget* parent);

    /** `action` is the text of a button ("Undo"), empty for none. */
    void say(const QString& text, Severity severity = Severity::Info, const QString& action = {},
             int milliseconds = 3000);
    QString text() const;

 Q_SIGNALS:
    void actionTriggered();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

 private:
    void place();

    Severity m_severity = Severity::Info;
    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_action;
    QTimer* m_timer;
};

}  // namespace querent::widgets::common
