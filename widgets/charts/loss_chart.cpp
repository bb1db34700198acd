#include "widgets/charts/loss_chart.h"

#include "widgets/common/theme.h"

#include <QChart>
#include <QLegend>
#include <QPen>
#include <QTimer>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::widgets::charts {

namespace {
constexpr int kRedrawMs = 100;
constexpr qsizetype kMostPoints = 2000;  // drawn; more than a screen has pixels only costs time

QVector<QPointF> thinned(const QVector<QPointF>& points) {
    if (points.size() <= kMostPoints) return points;
    QVector<QPointF> out;
    const qsizetype stride = (points.size() + kMostPoints - 1) / kMostPoints;
    for (qsizetype i = 0; i < points.size(); i += stride)
        out << points[i];
    if (out.back() != points.back()) out << points.back();
    return out;
}
}  // namespace

QVector<QPointF> exponentialMean(const QVector<QPointF>& raw, double weight) {
    QVector<QPointF> out;
    out.reserve(raw.size());
    double mean = 0.0;
    double bias = 1.0;
    for (const QPointF& p : raw) {
        mean = weight * mean + (1.0 - weight) * p.y();
        bias *= weight;
        out << QPointF(p.x(), mean / (1.0 - bias));
    }
    return out;
}

LossChart::LossChart(QWidget* parent) : ChartPanel(parent) {
    setObjectName(QStringLiteral("lossChart"));
    m_timer = new QTimer(this);
    m_timer->setSingleShot(true);
    m_timer->setInterval(kRedrawMs);
    connect(m_timer, &QTimer::timeout, this, [this] { rebuild(); });
    setTitle(tr("Loss"));
    setEmptyText(tr("Nothing is training"), tr("The loss of each step appears here while a model trains."));
    rebuild();
}

void LossChart::clear() {
    m_raw.clear();
    rebuild();
}

void LossChart::append(int step, double loss) {
    if (!std::isfinite(loss)) return;
    m_raw << QPointF(step, loss);
    if (m_raw.size() == 1) return rebuild();
    if (!m_timer->isActive()) m_timer->start();
}

void LossChart::setSteps(int total) {
    m_total = total;
    rebuild();
}

void LossChart::setSmoothing(double weight) {
    m_weight = std::clamp(weight, 0.0, 0.999);
    rebuild();
}

double LossChart::smoothed() const {
    return m_raw.isEmpty() ? std::numeric_limits<double>::quiet_NaN() : exponentialMean(m_raw, m_weight).back().y();
}

void LossChart::restyle() {
    rebuild();
}

void LossChart::rebuild() {
    chart()->removeAllSeries();
    showData(!m_raw.isEmpty());
    if (m_raw.isEmpty()) return;
    if (chart()->axes().isEmpty()) {
        auto* x = new QValueAxis;
        x->setLabelFormat(QStringLiteral("%d"));
        x->setTitleText(tr("Step"));
        chart()->addAxis(x, Qt::AlignBottom);
        auto* y = new QValueAxis;
        y->setLabelFormat(QStringLiteral("%.2f"));
        chart()->addAxis(y, Qt::AlignLeft);
        chart()->legend()->setAlignment(Qt::AlignTop);
    }
    const common::ThemeColours& c = common::Theme::colours(this);
    QColor faint = c.textMuted;
    faint.setAlpha(110);
    addLine(thinned(m_raw), tr("Each step"), QPen(faint, 1));
    addLine(thinned(exponentialMean(m_raw, m_weight)), tr("Smoothed"), QPen(c.accentText, 2.4));
    double high = 0.0;
    for (const QPointF& p : std::as_const(m_raw))
        high = std::max(high, p.y());
    auto* x = qobject_cast<QValueAxis*>(chart()->axes(Qt::Horizontal).front());
    auto* y = qobject_cast<QValueAxis*>(chart()->axes(Qt::Vertical).front());
    x->setRange(0, std::max({1.0, static_cast<double>(m_total), m_raw.back().x()}));
    y->setRange(0, high > 0 ? high * 1.05 : 1.0);
    y->applyNiceNumbers();
    applyTheme();
}

QString LossChart::csv() const {
    QString text = QStringLiteral("step,loss,smoothed\n");
    const QVector<QPointF> mean = exponentialMean(m_raw, m_weight);
    for (qsizetype i = 0; i < m_raw.size(); ++i) {
        text += QStringLiteral("%1,%2,%3\n")
                    .arg(m_raw[i].x(), 0, 'f', 0)
                    .arg(m_raw[i].y(), 0, 'g', 9)
                    .arg(mean[i].y(), 0, 'g', 9);
    }
    return text;
}

}  // namespace querent::widgets::charts
