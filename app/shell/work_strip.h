#pragma once

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace querent::app::shell {

/** A line under the pages that tells what runs in the background, and stops it. */
class WorkStrip : public QFrame {
    Q_OBJECT
 public:
    explicit WorkStrip(QWidget* parent = nullptr);

    /** `fraction` negative: not known. */
    void setWork(const QString& phase, const QString& detail, double fraction);

 Q_SIGNALS:
    void cancelRequested();

 private:
    QLabel* m_phase;
    QLabel* m_detail;
    QProgressBar* m_bar;
};

}  // namespace querent::app::shell
