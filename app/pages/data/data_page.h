#pragma once

#include "app/bridge/background_bridge.h"
#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTimer;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::models {
class ItemTableModel;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::common {
class ElidedLabel;
class EmptyState;
}  // namespace querent::widgets::common

namespace querent::app::pages::data {

class ItemPreview;

/**
 * The whole pool as a table: filter, sort, look, open in Label, move between parts, find files that have moved.
 * UI thread only; the project outlives setProject(nullptr), which waits for what runs here.
 */
class DataPage : public QWidget {
    Q_OBJECT
 public:
    DataPage(bridge::TaskPool& pool, preferences::Settings& settings, QWidget* parent = nullptr);
    ~DataPage() override;

    void setProject(session::Project* project);
    /** Counts and rows again, now or when the page is next shown. */
    void refresh();
    models::ItemTableModel& model() const { return *m_model; }
    QMenu* contextMenu() const { return m_menu; }

 public Q_SLOTS:
    /** Asks for the folder that files have moved to. */
    void relocate();
    void relocateSource(querent::SourceId source);
    /** Looks which files are there, on a worker. */
    void findMissing();

 Q_SIGNALS:
    /** All items of the filter in its order, the title for the list, and the one to open. */
    void openRequested(const std::vector<querent::ItemId>& items, const QString& title, querent::ItemId current);
    void importRequested();
    void dataChanged();
    void said(const QString& sentence);
    void problem(const QString& sentence);

 protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    QWidget* makeHeader();
    QWidget* makeFilters();
    QWidget* makeTable();
    void makeMenu();
    /** Columns and words that fit what the project is about. */
    void fitToProject();
    void fitToRoom();
    void fillChoices();
    void applyFilter();
    void clearFilter();
    void showCounts();
    void showCurrent();
    void openCurrent();
    void moveSelected(Split split);
    void copyNames();
    void runRelocation(SourceId source, const QString& folder);
    QString filterTitle() const;
    void onWorkFinished(const QString& task);

    bridge::TaskPool& m_pool;
    preferences::Settings& m_settings;
    session::Project* m_project = nullptr;
    models::ItemTableModel* m_model;
    bool m_stale = true;
    bool m_filling = false;
    QStackedWidget* m_stack;
    widgets::common::EmptyState* m_empty;
    QTableView* m_table = nullptr;
    QLabel* m_counts = nullptr;
    QLabel* m_none = nullptr;
    QLineEdit* m_text = nullptr;
    QComboBox* m_split = nullptr;
    QComboBox* m_state = nullptr;
    QComboBox* m_class = nullptr;
    QComboBox* m_round = nullptr;
    QCheckBox* m_flagged = nullptr;
    QCheckBox* m_missing = nullptr;
    QPushButton* m_clear = nullptr;
    QPushButton* m_relocate = nullptr;
    QMenu* m_menu = nullptr;
    QTimer* m_typing;
    ItemPreview* m_preview = nullptr;
    std::shared_ptr<std::int64_t> m_found;  // what the running task counts
    bridge::BackgroundBridge m_worker;
};

}  // namespace querent::app::pages::data
