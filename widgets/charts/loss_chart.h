#pragma once

#include "widgets/charts/chart_panel.h"

#include <QVector>

class QTimer;

namespace querent::widgets::charts {

/** The loss while a model trains: each step faintly, its exponential mean in front. Redraws at most ten times a second.
 */
class LossChart : public ChartPanel {
    Q_OBJECT

 public:
    explicit LossChart(QWidget* parent = nullptr);

    void clear();
    /** A step that is not finite is counted and left out. */
    void append(int step, double loss);
    void setSteps(int total);  // the end of the x axis; 0 = by the data
    /** Weight of the past in [0, 1); 0.9 at first. */
    void setSmoothing(double weight);
    double smoothed() const;  // the last value of the mean; NaN without data
    QString csv() const override;

 protected:
    void restyle() override;

 private:
    void rebuild();

    QVector<QPointF> m_raw;
    double m_weight = 0.9;
    int m_total = 0;
    QTimer* m_timer;
};

/** Exponential moving average with bias correction (as in Adam, Kingma and Ba 2015, section 3). */
QVector<QPointF> exponentialMean(const QVector<QPointF>& raw, double weight);

}  // namespace querent::widgets::charts
