#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"
#include "engine/session/round.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::controllers {
class RoundController;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::charts {
class LossChart;
}

namespace querent::widgets::common {
class BannerStack;
}

namespace querent::app::pages::train {

class ModelHistory;
class TrainSettings;

/** The model's side of the round: what runs now, how the loss falls, how to train, and every model made so far. */
class TrainPage : public QWidget {
    Q_OBJECT
 public:
    TrainPage(controllers::RoundController& rounds, bridge::TaskPool& pool, preferences::Settings& settings,
              QWidget* parent = nullptr);

    void setProject(session::Project* project);
    void refresh();
    TrainSettings& settingsPanel() const { return *m_settingsPanel; }

 Q_SIGNALS:
    void problem(const QString& sentence);
    void settingsChanged();
    void modelChanged();
    /** Open what waits of the validation set. */
    void holdoutRequested();

 protected:
    void showEvent(QShowEvent* event) override;

 private:
    QWidget* makeRun();
    void showState();
    void showBusy();
    void showHoldout();
    QString roundLine() const;
    QString betweenLine() const;
    void showProgress(const Progress& progress);
    void showTick(const TrainingStep& tick);
    void showError(const Error& error);
    void saveChart(const QString& suffix);

    controllers::RoundController& m_rounds;
    preferences::Settings& m_settings;
    session::Project* m_project = nullptr;
    PoolCounts m_counts;
    bool m_stale = true;
    bool m_holdoutDismissed = false;  // until a project is opened again
    widgets::common::BannerStack* m_banners;
    QPlainTextEdit* m_details;
    QLabel* m_state = nullptr;
    QLabel* m_line = nullptr;
    QLabel* m_remark = nullptr;
    QLabel* m_speed = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_train = nullptr;
    QPushButton* m_suggest = nullptr;
    QPushButton* m_cancel = nullptr;
    widgets::charts::LossChart* m_loss = nullptr;
    TrainSettings* m_settingsPanel;
    ModelHistory* m_history;
};

}  // namespace querent::app::pages::train
