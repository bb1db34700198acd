#pragma once

#include "engine/core/job.h"
#include "engine/session/transfer/demo.h"

#include <QAbstractButton>
#include <QModelIndex>
#include <QWidget>

class QFrame;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace querent::app::models {
class RecentProjects;
}

namespace querent::widgets::common {
class EmptyState;
}

namespace querent::app::pages::start {

/** What the program opens with: recent projects, New, Open, demos, and a place to drop a folder. Tells intents only. */
class StartPage : public QWidget {
    Q_OBJECT
 public:
    explicit StartPage(models::RecentProjects& recent, QWidget* parent = nullptr);

    /** While a demo is being drawn there is a progress bar in the place of the demos' buttons. */
    void setDemoRunning(bool running);
    void setDemoProgress(const Progress& progress);

 Q_SIGNALS:
    void newRequested();
    void openRequested();
    void projectChosen(const QString& file);
    void demoRequested(querent::session::transfer::DemoKind kind);
    void demoCancelRequested();
    /** A folder or a file was dropped, or chosen in the drop zone (empty path: ask for one). */
    void dataDropped(const QString& path);

 protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

 private:
    QWidget* makeActions();
    void addButtons(QVBoxLayout& column);
    QWidget* makeDemoBusy(QWidget* side);
    QWidget* makeDropZone();
    QWidget* makeRecent();
    void rebuildRecent();

    models::RecentProjects& m_recent;
    QVBoxLayout* m_cards = nullptr;
    QStackedWidget* m_recentStack = nullptr;
    QPushButton* m_demo = nullptr;
    QPushButton* m_soundDemo = nullptr;
    QFrame* m_demoBusy = nullptr;
    QProgressBar* m_demoBar = nullptr;
    QLabel* m_demoText = nullptr;
    QAbstractButton* m_drop = nullptr;
};

/** One recent project as a large button: name, path, progress, when it was open. A missing one offers to be removed. */
class RecentCard : public QAbstractButton {
    Q_OBJECT
 public:
    RecentCard(const QModelIndex& project, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 Q_SIGNALS:
    void removeRequested();

 protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    QString m_name, m_folder, m_when, m_count;
    double m_fraction = -1.0;
    bool m_missing = false;
    QAbstractButton* m_remove;
};

}  // namespace querent::app::pages::start
