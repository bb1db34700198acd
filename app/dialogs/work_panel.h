#pragma once

#include "app/bridge/background_bridge.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace querent::app::dialogs {

/**
 * A dialog's own worker with its progress line and Cancel. The dialog stays usable; when it dies, the work is cancelled
 * and waited for (under 0.5 s).
 */
class WorkPanel : public QWidget {
    Q_OBJECT
 public:
    explicit WorkPanel(QWidget* parent = nullptr);

    /** False while other work of this panel runs. */
    bool start(const QString& task, const QString& text, session::Background::Work work);
    bool busy() const { return m_worker.busy(); }
    bridge::BackgroundBridge& worker() { return m_worker; }

 private:
    QLabel* m_text;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
    bridge::BackgroundBridge m_worker;
};

}  // namespace querent::app::dialogs
