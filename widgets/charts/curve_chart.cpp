#include "widgets/charts/curve_chart.h"

#include "widgets/common/theme.h"

#include <QAreaSeries>
#include <QChart>
#include <QChartView>
#include <QLabel>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QMouseEvent>
#include <QScatterSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::widgets::charts {

namespace {

// Colour is not the only cue: the control is dashed, others are dotted.
QPen penFor(CurveRole role, const QColor& colour) {
    QPen pen(colour, role == CurveRole::Main ? 2.6 : 2.0);
    if (role == CurveRole::Control) pen.setStyle(Qt::DashLine);
    if (role == CurveRole::Other) pen.setStyle(Qt::DashDotLine);
    pen.setCapStyle(Qt::RoundCap);
    return pen;
}

QColor colourFor(CurveRole role, int other, const common::ThemeColours& c) {
    if (role == CurveRole::Main) return c.accentText;
    if (role == CurveRole::Control) return c.warning;
    return common::classColour(2 + other);
}

QString number(double value) {
    return QString::number(value, 'g', 12);
}

/** A round step that gives four to eight ticks. */
double niceStep(double range) {
    if (!(range > 0)) return 1.0;
    const double raw = range / 5.0;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        if (factor * power >= raw * 0.999) return factor * power;
    }
    return 10.0 * power;
}

QString formatFor(double step) {
    // 0.25 needs two digits, 0.2 one.
    int digits = 0;
    for (double s = step; digits < 6 && std::abs(s - std::round(s)) > 1e-6; s *= 10.0)
        ++digits;
    return QStringLiteral("%.%1f").arg(digits);
}

/** Room for marks below and above, but never across zero: what cannot be negative has no axis below it. */
std::pair<double, double> withRoom(double low, double high) {
    const double range = high - low;
    const double room = range > 0.0 ? 0.05 * range : (low != 0.0 ? 0.5 * std::abs(low) : 1.0);
    return {low >= 0.0 ? std::max(0.0, low - room) : low - room,
            high <= 0.0 && range > 0.0 ? std::min(0.0, high + room) : high + room};
}

void setNiceRange(QValueAxis* axis, double low, double high, bool whole = false) {
    const double nice = niceStep(high - low);
    const double step = whole ? std::ceil(nice) : nice;
    low = std::floor(low / step + 1e-9) * step;
    high = std::ceil(high / step - 1e-9) * step;
    if (high <= low) high = low + step;
    axis->setRange(low, high);
    axis->setTickCount(static_cast<int>(std::lround((high - low) / step)) + 1);
    axis->setLabelFormat(formatFor(step));
}

}  // namespace

CurveChart::CurveChart(QWidget* parent) : ChartPanel(parent) {
    setObjectName(QStringLiteral("curveChart"));
    m_hover = new QLabel(view()->viewport());
    m_hover->setObjectName(QStringLiteral("hoverValues"));
    m_hover->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_hover->hide();
    view()->viewport()->setMouseTracking(true);
    view()->viewport()->installEventFilter(this);
    setEmptyText(tr("No round has been measured yet"),
                 tr("Label the holdout and one batch, then train. The first point appears here."));
}

void CurveChart::setAxes(const QString& xTitle, const QString& yTitle) {
    m_xTitle = xTitle;
    m_yTitle = yTitle;
    rebuild();
}

void CurveChart::setSeries(const QVector<CurveSeries>& series) {
    m_series = series;
    rebuild();
}

void CurveChart::setTarget(std::optional<double> target) {
    m_target = target;
    rebuild();
}

void CurveChart::setProjection(const QVector<QPointF>& points) {
    m_projection = points;
    rebuild();
}

void CurveChart::setUnitRange(bool on) {
    m_unit = on;
    rebuild();
}

void CurveChart::setWholeX(bool on) {
    m_wholeX = on;
    rebuild();
}

void CurveChart::restyle() {
    rebuild();
}

void CurveChart::rebuild() {
    m_hover->hide();
    chart()->removeAllSeries();
    for (QAbstractAxis* axis : chart()->axes()) {
        chart()->removeAxis(axis);
        delete axis;
    }
    const bool any =
        std::any_of(m_series.begin(), m_series.end(), [](const CurveSeries& s) { return !s.points.isEmpty(); });
    showData(any);
    if (!any) return;
    auto* x = new QValueAxis;
    auto* y = new QValueAxis;
    x->setTitleText(m_xTitle);
    y->setTitleText(m_yTitle);
    chart()->addAxis(x, Qt::AlignBottom);
    chart()->addAxis(y, Qt::AlignLeft);
    const common::ThemeColours& c = common::Theme::colours(this);
    int others = 0;
    for (const CurveSeries& series : m_series) {
        if (series.points.isEmpty()) continue;
        addSeries(series, colourFor(series.role, series.role == CurveRole::Other ? others++ : 0, c));
    }
    fitAxes();
    addTarget();
    chart()->legend()->setAlignment(Qt::AlignTop);
    const auto lines =
        std::count_if(m_series.begin(), m_series.end(), [](const auto& s) { return !s.points.isEmpty(); });
    chart()->legend()->setVisible(lines > 1 || m_target || !m_projection.isEmpty());  // one alone is in the title
    applyTheme();
}

void CurveChart::addSeries(const CurveSeries& series, const QColor& colour) {
    const auto attach = [this](QAbstractSeries* s) {
        chart()->addSeries(s);
        for (QAbstractAxis* axis : chart()->axes())
            s->attachAxis(axis);
    };
    const auto unlist = [this](QAbstractSeries* s) {
        for (QLegendMarker* marker : chart()->legend()->markers(s))
            marker->setVisible(false);
    };
    auto* area = new QAreaSeries;
    auto* upper = new QLineSeries(area);
    auto* lower = new QLineSeries(area);
    auto* line = new QLineSeries;
    auto* marks = new QScatterSeries;
    bool banded = false;
    for (const CurvePoint& p : series.points) {
        upper->append(p.x, p.high);
        lower->append(p.x, p.low);
        line->append(p.x, p.value);
        marks->append(p.x, p.value);
        banded = banded || p.high > p.low;
    }
    if (banded) {
        area->setUpperSeries(upper);
        area->setLowerSeries(lower);
        QColor soft = colour;
        soft.setAlpha(45);
        area->setBrush(soft);
        area->setPen(Qt::NoPen);
        attach(area);
        unlist(area);
    } else {
        delete area;
    }
    line->setName(series.name);
    line->setPen(penFor(series.role, colour));
    attach(line);
    marks->setMarkerSize(series.role == CurveRole::Main ? 8.0 : 7.0);
    marks->setColor(series.role == CurveRole::Main ? colour : common::Theme::colours(this).surface);
    marks->setBorderColor(colour);
    attach(marks);
    unlist(marks);
}

void CurveChart::fitAxes() {
    double xLow = 1e300, xHigh = -1e300, yLow = 1e300, yHigh = -1e300;
    const auto include = [&](double x, double low, double high) {
        xLow = std::min(xLow, x);
        xHigh = std::max(xHigh, x);
        yLow = std::min(yLow, low);
        yHigh = std::max(yHigh, high);
    };
    for (const CurveSeries& series : m_series) {
        for (const CurvePoint& p : series.points)
            include(p.x, std::min(p.low, p.value), std::max(p.high, p.value));
    }
    for (const QPointF& p : m_projection)
        include(p.x(), p.y(), p.y());
    if (m_target) {
        yLow = std::min(yLow, *m_target);
        yHigh = std::max(yHigh, *m_target + 0.02);
    }
    if (m_unit) {
        yLow = 0.0;
        yHigh = 1.0;
    } else {
        const auto [low, high] = withRoom(yLow, yHigh);
        yLow = low;
        yHigh = high;
    }
    // A little room on the right, or the frame cuts through the last mark.
    const double left = std::min(xLow, xHigh > 0 ? 0.0 : xLow);
    setNiceRange(qobject_cast<QValueAxis*>(chart()->axes(Qt::Horizontal).front()), left, xHigh + 0.02 * (xHigh - left),
                 m_wholeX);
    setNiceRange(qobject_cast<QValueAxis*>(chart()->axes(Qt::Vertical).front()), yLow, yHigh);
}

void CurveChart::addTarget() {
    const common::ThemeColours& c = common::Theme::colours(this);
    if (!m_projection.isEmpty()) addLine(m_projection, tr("Projection"), QPen(c.accentText, 2, Qt::DotLine));
    if (!m_target) return;
    const auto* x = qobject_cast<QValueAxis*>(chart()->axes(Qt::Horizontal).front());
    addLine({{x->min(), *m_target}, {x->max(), *m_target}}, tr("Target %1").arg(*m_target, 0, 'f', 2),
            QPen(c.success, 1.6, Qt::DashLine));
}

bool CurveChart::eventFilter(QObject* watched, QEvent* event) {
    if (watched == view()->viewport()) {
        if (event->type() == QEvent::MouseMove) showNearest(static_cast<QMouseEvent*>(event)->position());
        if (event->type() == QEvent::Leave) m_hover->hide();
    }
    return ChartPanel::eventFilter(watched, event);
}

void CurveChart::showNearest(QPointF viewPos) {
    constexpr double kReach = 24.0;  // logical pixels
    const CurvePoint* best = nullptr;
    const CurveSeries* of = nullptr;
    double nearest = kReach;
    QPointF at;
    for (const CurveSeries& series : m_series) {
        for (const CurvePoint& p : series.points) {
            const QPointF screen = chart()->mapToPosition({p.x, p.value});
            const double distance = QLineF(screen, viewPos).length();
            if (distance >= nearest) continue;
            nearest = distance;
            best = &p;
            of = &series;
            at = screen;
        }
    }
    if (!best) return m_hover->hide();
    QString text =
        QStringLiteral("<b>%1</b><br>%2 %3<br>%4 %5")
            .arg(of->name.toHtmlEscaped(), m_xTitle.toHtmlEscaped(), number(best->x), m_yTitle.toHtmlEscaped())
            .arg(best->value, 0, 'f', 3);
    if (best->high > best->low)
        text += QStringLiteral(" [%1, %2]").arg(best->low, 0, 'f', 3).arg(best->high, 0, 'f', 3);
    if (!best->note.isEmpty()) text += QStringLiteral("<br>") + best->note.toHtmlEscaped();
    const common::ThemeColours& c = common::Theme::colours(this);
    m_hover->setStyleSheet(
        QStringLiteral("background:%1;color:%2;border:1px solid %3;border-radius:6px;padding:6px 8px")
            .arg(c.raised.name(), c.text.name(), c.borderStrong.name()));
    m_hover->setText(text);
    m_hover->adjustSize();
    const QSize room = view()->viewport()->size();
    const double left = at.x() + 14 + m_hover->width() > room.width() ? at.x() - 14 - m_hover->width() : at.x() + 14;
    const double top = std::clamp(at.y() - m_hover->height() / 2.0, 0.0,
                                  std::max(0.0, static_cast<double>(room.height() - m_hover->height())));
    m_hover->move(QPointF(left, top).toPoint());
    m_hover->show();
}

QString CurveChart::csv() const {
    QString text = QStringLiteral("series,x,value,low,high,note\n");
    for (const CurveSeries& series : m_series) {
        for (const CurvePoint& p : series.points) {
            text += QStringLiteral("%1,%2,%3,%4,%5,%6\n")
                        .arg(csvField(series.name), number(p.x), number(p.value), number(p.low), number(p.high),
                             csvField(p.note));
        }
    }
    return text;
}

}  // namespace querent::widgets::charts
