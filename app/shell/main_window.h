#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/round.h"

#include <QHash>
#include <QMainWindow>
#include <QPointer>

#include <functional>
#include <string>

class QAction;
class QDialog;
class QMenu;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace querent::app::pages::data {
class DataPage;
}

namespace querent::app::pages::label {
class LabelPage;
}

namespace querent::app::pages::progress {
class ProgressPage;
}

namespace querent::app::pages::start {
class StartPage;
}

namespace querent::app::pages::train {
class TrainPage;
}

namespace querent::widgets::common {
class BannerStack;
class Toast;
}  // namespace querent::widgets::common

namespace querent::app::shell {

class Application;
class WorkStrip;

/**
 * The window: a rail of pages, menus, messages, and the wires between them. It decides nothing. Owned by the
 * Application, which outlives it.
 */
class MainWindow : public QMainWindow {
    Q_OBJECT
 public:
    enum class Page { Start, Label, Progress, Data, Train };
    static constexpr int kPages = 5;
    Q_ENUM(Page)

    explicit MainWindow(Application& app);
    ~MainWindow() override;

    /** Pages but Start need a project; without one, Start is shown. */
    void showPage(Page page);
    Page page() const;
    pages::start::StartPage& startPage() const { return *m_start; }
    /** Null while no project is open. */
    pages::label::LabelPage* labelPage() const { return m_label; }
    pages::progress::ProgressPage& progressPage() const { return *m_progress; }
    pages::data::DataPage& dataPage() const { return *m_data; }
    pages::train::TrainPage& trainPage() const { return *m_train; }
    widgets::common::BannerStack& banners() const { return *m_banners; }

    // Dialogs are not modal: labelling goes on beside them. Each exists once; null where a project is needed and
    // missing.
    QDialog* newProject(const QString& data = {});
    QDialog* importData(const QString& source = {});
    QDialog* exportData();
    QDialog* editClasses();
    QDialog* preferences();
    QDialog* about();
    void openFile();
    /** Into `file`, or where a person who is asked says. */
    void saveAs(const QString& file = {});
    /** False when changes could not be saved and the person who is asked wants to keep them. Waits for the answer. */
    bool mayClose();
    void keySheet();
    /** A .querent file is opened; anything else is imported, or starts a new project when none is open. */
    void takePath(const QString& path);

 protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

 private:
    // main_window_parts.cpp: what it is made of
    QWidget* makeRail();
    void makeMenus();
    void makeFileMenu();
    void makeRoundMenu();
    QAction* addAction(QMenu* menu, const QString& id, const QString& text, const QString& icon,
                       const QKeySequence& keys, std::function<void()> work);
    void addLabelActions();
    // main_window.cpp: wires; main_window_dialogs.cpp: dialogs and files
    void connectPages();
    void connectRound();
    void connectInstant();
    void connectLabelPage();
    void onOpened();
    void onClosing();
    void showRound();
    void showProgress(const querent::Progress& progress);
    void showTick(const TrainingStep& tick);
    void onDataChanged();
    void showHoldout();
    void refreshPages();
    void showBackupProblem();
    void refreshActions();
    void tellOpening();
    void tellDisplaced();
    void problem(const QString& key, const QString& sentence);
    void say(const QString& sentence);
    void sayReady();
    template <typename Dialog, typename Make>
    Dialog* once(const char* name, Make make);

    Application& m_app;
    QStackedWidget* m_pages = nullptr;
    pages::start::StartPage* m_start = nullptr;
    pages::label::LabelPage* m_label = nullptr;
    pages::progress::ProgressPage* m_progress = nullptr;
    pages::data::DataPage* m_data = nullptr;
    pages::train::TrainPage* m_train = nullptr;
    widgets::common::BannerStack* m_banners = nullptr;
    widgets::common::Toast* m_toast = nullptr;
    QList<QToolButton*> m_rail;
    QHash<QString, QAction*> m_actions;
    QMenu* m_editMenu = nullptr;
    QMenu* m_viewMenu = nullptr;
    QMenu* m_labelMenu = nullptr;
    QList<QAction*> m_labelItems;
    QHash<QString, QPointer<QDialog>> m_dialogs;
    std::size_t m_problemsTold = 0;  // of openingProblems(): a large file is still looked through when it is open
    std::string m_backupProblem;     // what has been said about it, so that it is said once
    QTimer* m_settle;                // after edits: the other pages are read again when it ends
    WorkStrip* m_strip = nullptr;
};

}  // namespace querent::app::shell
