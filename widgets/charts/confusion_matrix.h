#pragma once

#include "widgets/charts/chart_panel.h"

#include <QStringList>
#include <QVector>

namespace querent::widgets::charts {

/**
 * How often items of one class were taken for another: a row for each class as it was labelled, a column for each as it
 * was predicted, numbers, and a shade by the share of the row. What is right stands on the diagonal, in a colour of its
 * own. Names stay in place while many classes scroll; a tool tip says each number as a sentence.
 */
class ConfusionMatrix : public ChartPanel {
    Q_OBJECT

 public:
    explicit ConfusionMatrix(QWidget* parent = nullptr);

    /** `counts` has names.size() x names.size() numbers, row by row; no names: there is nothing to show. */
    void setCounts(const QStringList& names, const QVector<qint64>& counts);
    qint64 count(int labelled, int predicted) const;
    /** Items of the class as it was labelled. */
    qint64 rowTotal(int labelled) const { return m_totals[labelled]; }
    /** What a tool tip says of a cell. */
    QString sentence(int labelled, int predicted) const;
    QString csv() const override;

 protected:
    void restyle() override;
    QSize drawingSize() const override;
    void draw(QPainter& painter) const override;

 private:
    class Plot;

    QStringList m_names;
    QVector<qint64> m_counts;
    QVector<qint64> m_totals;  // of the rows
    Plot* m_plot;
};

}  // namespace querent::widgets::charts
