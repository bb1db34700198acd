#pragma once

#include "engine/core/result.h"

#include <QPointF>
#include <QString>
#include <QVector>
#include <QWidget>

class QChart;
class QChartView;
class QLabel;
class QPainter;
class QPen;
class QStackedLayout;
class QToolButton;

namespace querent::widgets::common {
class EmptyState;
}

namespace querent::widgets::charts {

/**
 * A chart with a title, a menu that saves it, and an empty state. Subclasses put their series into chart() and
 * restyle() it when the theme changes. Saving never changes what is on screen.
 */
class ChartPanel : public QWidget {
    Q_OBJECT

 public:
    explicit ChartPanel(QWidget* parent = nullptr);
    ~ChartPanel() override;

    void setTitle(const QString& title);
    QString title() const;
    /** What is shown while there is no data. */
    void setEmptyText(const QString& title, const QString& sentence);

    /** Format by the file's ending: .png (twice the size on screen), .svg, .csv. */
    Result<void> saveTo(const QString& path) const;
    /** The numbers behind the chart, with a header line. RFC 4180, decimal points, UTF-8. */
    virtual QString csv() const = 0;

 Q_SIGNALS:
    /** The person chose a format in the menu; `suffix` is "png", "svg" or "csv". The owner asks for a file. */
    void saveRequested(const QString& suffix);

 protected:
    /** What is saved; the chart view unless a subclass has a content of its own. */
    virtual QSize drawingSize() const;
    virtual void draw(QPainter& painter) const;
    /** Shows this widget in place of the chart view. */
    void setContent(QWidget* content);
    QChart* chart() const { return m_chart; }
    QChartView* view() const { return m_view; }
    /** Adds a line on the axes that the chart has. */
    void addLine(const QVector<QPointF>& points, const QString& name, const QPen& pen);
    void showData(bool hasData);
    virtual void restyle() = 0;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    /** Colours of axes, grid, legend and background. */
    void applyTheme();

 private:
    Result<void> savePng(const QString& path) const;
    Result<void> saveSvg(const QString& path) const;
    Result<void> saveCsv(const QString& path) const;

    QChart* m_chart;
    QChartView* m_view;
    QLabel* m_title;
    QToolButton* m_save;
    common::EmptyState* m_empty;
    QStackedLayout* m_stack;
};

/** A CSV field: quoted when it holds a comma, a quote or a line break. */
QString csvField(const QString& text);

}  // namespace querent::widgets::charts
