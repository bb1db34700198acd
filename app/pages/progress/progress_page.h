#pragma once

#include "app/models/measures.h"
#include "app/models/progress_figures.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QStackedWidget;

namespace querent::app::preferences {
class Settings;
}

namespace querent::widgets::charts {
class BarChart;
class ChartPanel;
class ConfusionMatrix;
class CurveChart;
}  // namespace querent::widgets::charts

namespace querent::widgets::common {
class BannerStack;
class EmptyState;
class ReadingTable;
}  // namespace querent::widgets::common

namespace querent::app::pages::progress {

class PolicySection;

/**
 * What the labels have bought so far: the curve of a measure with its intervals, each class, what was taken for what,
 * the rounds, counts, and who did how much. Reads the project when refresh() is called and it is on screen. UI thread
 * only.
 */
class ProgressPage : public QWidget {
    Q_OBJECT
 public:
    explicit ProgressPage(preferences::Settings& settings, QWidget* parent = nullptr);

    void setProject(session::Project* project);
    void refresh();

 Q_SIGNALS:
    void labelRequested();
    /** Open what waits of the validation set. */
    void holdoutRequested();
    void dataRequested();
    void problem(const QString& sentence);
    void targetChanged(double target);

 protected:
    void showEvent(QShowEvent* event) override;

 private:
    QWidget* makeSummary();
    QWidget* makeCharts();
    QWidget* makeTables();
    QWidget* makeCurve();
    /** Measures and words that fit what the project is about. */
    void fitToProject();
    void fitTables();
    void fillEmpty();
    void fillHoldout();
    void fillSummary();
    void fillHeadline();
    void fillCharts();
    void fillConfusion();
    const models::Measure& shownMeasure() const;
    void fillRounds();
    void fillCounts();
    void fillDays();
    void save(widgets::charts::ChartPanel* chart, const QString& name, const QString& suffix);

    preferences::Settings& m_settings;
    session::Project* m_project = nullptr;
    ProjectSettings m_about;
    QVector<models::Measure> m_measures;  // the headline first
    models::ProgressFigures m_figures;
    bool m_stale = true;
    QStackedWidget* m_stack;
    widgets::common::EmptyState* m_empty;
    widgets::common::BannerStack* m_banners = nullptr;
    bool m_holdoutDismissed = false;  // until a project is opened again
    QLabel* m_valueTitle = nullptr;
    QLabel* m_value = nullptr;
    QLabel* m_interval = nullptr;
    QLabel* m_labels = nullptr;
    QLabel* m_labelsNote = nullptr;
    QLabel* m_hours = nullptr;
    QLabel* m_hoursNote = nullptr;
    QLabel* m_gain = nullptr;
    QLabel* m_gainNote = nullptr;
    QComboBox* m_metric = nullptr;
    QComboBox* m_axis = nullptr;
    QDoubleSpinBox* m_target = nullptr;
    widgets::charts::CurveChart* m_curve = nullptr;
    widgets::charts::BarChart* m_bars = nullptr;
    widgets::charts::ConfusionMatrix* m_confusion = nullptr;
    PolicySection* m_policy = nullptr;
    widgets::common::ReadingTable* m_rounds = nullptr;
    widgets::common::ReadingTable* m_counts = nullptr;
    widgets::common::ReadingTable* m_days = nullptr;
};

}  // namespace querent::app::pages::progress
