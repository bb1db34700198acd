#pragma once

#include "widgets/charts/chart_panel.h"

#include <QColor>
#include <QVector>

namespace querent::widgets::charts {

struct Bar {
    QString name;
    double value = 0.0;  // [0, 1]
    double low = 0.0;    // 95 % interval; equal to value where there is none
    double high = 0.0;
    QColor colour;
    qint64 count = -1;       // true objects behind it; -1 = not shown
    QString undefined = {};  // why there is no value, one sentence; a dash stands in its place then
};

/** Horizontal bars with whiskers and numbers: AP of each class. Any number of classes: it scrolls. */
class BarChart : public ChartPanel {
    Q_OBJECT

 public:
    explicit BarChart(QWidget* parent = nullptr);

    void setValueTitle(const QString& title);
    void setBars(const QVector<Bar>& bars);
    QString csv() const override;

 protected:
    void restyle() override;
    QSize drawingSize() const override;
    void draw(QPainter& painter) const override;

 private:
    class Plot;

    QVector<Bar> m_bars;
    QString m_valueTitle;
    Plot* m_plot;
};

}  // namespace querent::widgets::charts
