#pragma once

#include "widgets/charts/chart_panel.h"

#include <QVector>

#include <optional>

class QLabel;

namespace querent::widgets::charts {

struct CurvePoint {
    double x = 0.0;  // labels, hours, round
    double value = 0.0;
    double low = 0.0;  // 95 % interval; equal to value where there is none
    double high = 0.0;
    QString note;  // "Round 3", for the hover text
};

/** How a series is drawn, besides its colour: the control is dashed with open marks. */
enum class CurveRole { Main, Control, Other };

struct CurveSeries {
    QString name;
    CurveRole role = CurveRole::Main;
    QVector<CurvePoint> points;  // by rising x
};

/** A measure by labels (or hours) with 95 % bands, several series, a target line and values under the cursor. */
class CurveChart : public ChartPanel {
    Q_OBJECT

 public:
    explicit CurveChart(QWidget* parent = nullptr);

    void setAxes(const QString& xTitle, const QString& yTitle);
    void setSeries(const QVector<CurveSeries>& series);
    void setTarget(std::optional<double> target);
    /** Dotted continuation of the main series, e.g. to the target. */
    void setProjection(const QVector<QPointF>& points);
    /** Y from 0 to 1 whatever the data says; otherwise the axis fits the data. */
    void setUnitRange(bool on);
    /** X counts something: ticks at whole numbers. */
    void setWholeX(bool on);
    QString csv() const override;

 protected:
    void restyle() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void rebuild();
    void addSeries(const CurveSeries& series, const QColor& colour);
    void fitAxes();
    void addTarget();
    void showNearest(QPointF viewPos);

    QVector<CurveSeries> m_series;
    QVector<QPointF> m_projection;
    std::optional<double> m_target;
    QString m_xTitle, m_yTitle;
    bool m_unit = false;
    bool m_wholeX = false;
    QLabel* m_hover;
};

}  // namespace querent::widgets::charts
