#pragma once

#include "app/models/policy_progress.h"

#include <QWidget>

#include <optional>

class QGridLayout;
class QLabel;

namespace querent::widgets::charts {
class ChartPanel;
class CurveChart;
}  // namespace querent::widgets::charts

namespace querent::widgets {}  // namespace querent::widgets

namespace querent::app::pages::progress {

/**
 * What a strategy that learns has seen and made of it: lines on what it knows, how it did when it was last rehearsed or
 * tried, and what it was paid for, and curves by round. Not there at all for projects without such a strategy; a chart
 * without a point is not there either. UI thread only.
 */
class PolicySection : public QWidget {
    Q_OBJECT
 public:
    explicit PolicySection(QWidget* parent = nullptr);

    /** Hides everything where there is nothing. */
    void setFigures(const std::optional<models::PolicyProgress>& progress);

 Q_SIGNALS:
    /** A chart is to be saved: a name for its file, and "png", "svg" or "csv". */
    void saveRequested(widgets::charts::ChartPanel* chart, const QString& name, const QString& suffix);

 private:
    widgets::charts::CurveChart* addChart(const QString& name, const QString& title, const QString& yTitle,
                                          const QString& help);
    void arrange();

    QGridLayout* m_grid;
    QLabel* m_seen;
    QLabel* m_verdict;
    QLabel* m_payment;
    QVector<widgets::charts::CurveChart*> m_charts;  // in the order in which they are shown
    widgets::charts::CurveChart* m_rewards;
    widgets::charts::CurveChart* m_advantage;
    widgets::charts::CurveChart* m_weights;
    widgets::charts::CurveChart* m_entropy;
};

}  // namespace querent::app::pages::progress
