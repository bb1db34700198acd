#include "widgets/charts/bar_chart.h"

#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QScrollArea>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace querent::widgets::charts {

namespace {

constexpr double kRow = 34.0;
constexpr double kTop = 28.0;
constexpr double kSide = 16.0;
constexpr double kGap = 12.0;
constexpr double kNarrow = 160.0;  // of the bars

QString labelOf(const Bar& bar) {
    return bar.count < 0 ? bar.name : QStringLiteral("%1 (%2)").arg(bar.name).arg(bar.count);
}

QString numbersOf(const Bar& bar) {
    if (!bar.undefined.isEmpty()) return QStringLiteral("–");
    QString text = QString::number(bar.value, 'f', 2);
    if (bar.high > bar.low) text += QStringLiteral(" [%1, %2]").arg(bar.low, 0, 'f', 2).arg(bar.high, 0, 'f', 2);
    return text;
}

/** The place of the bars between the names on their left and the numbers on their right. */
QRectF plotArea(const QVector<Bar>& bars, const QFontMetricsF& metrics, double width) {
    double names = 40.0;
    double numbers = 30.0;
    for (const Bar& bar : bars) {
        names = std::max(names, metrics.horizontalAdvance(labelOf(bar)));
        numbers = std::max(numbers, metrics.horizontalAdvance(numbersOf(bar)));
    }
    names = std::min(names, 0.34 * width);
    const double left = kSide + names + kGap;
    return {left, kTop, std::max(40.0, width - left - kGap - numbers - kSide), kRow * static_cast<double>(bars.size())};
}

}  // namespace

/** Qt Charts' own bars know neither whiskers nor numbers, and do not scroll. */
class BarChart::Plot : public QWidget {
 public:
    explicit Plot(BarChart* chart) : m_chart(chart) {}

    QSize sizeHint() const override {
        return {320, static_cast<int>(kTop + kRow * static_cast<double>(m_chart->m_bars.size()) + 10)};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

    void draw(QPainter& painter) const {
        const common::ThemeColours& c = common::Theme::colours(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(font());
        const QFontMetricsF metrics(font());
        const QRectF plot = plotArea(m_chart->m_bars, metrics, width());
        drawGrid(painter, plot, c);
        for (qsizetype i = 0; i < m_chart->m_bars.size(); ++i) {
            drawBar(painter, metrics, plot, m_chart->m_bars[i], plot.top() + kRow * (static_cast<double>(i) + 0.5), c);
        }
    }

 protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), common::Theme::colours(this).surface);
        draw(painter);
    }

    bool event(QEvent* event) override {
        if (event->type() != QEvent::ToolTip) return QWidget::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos().y()), this);
        return true;
    }

 private:
    void drawGrid(QPainter& painter, const QRectF& plot, const common::ThemeColours& c) const {
        const int step = plot.width() < kNarrow ? 2 : 1;  // numbers must not run into each other
        for (int tick = 0; tick <= 4; tick += step) {
            const double x = plot.left() + plot.width() * tick / 4.0;
            painter.setPen(QPen(tick == 0 ? c.borderStrong : c.border, 1));
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
            painter.setPen(c.textMuted);
            painter.drawText(QRectF(x - 30, 2, 60, kTop - 4), Qt::AlignCenter, QString::number(tick / 4.0, 'f', 2));
        }
        const QRectF title(kSide, 2, plot.left() - kSide - 2 * kGap, kTop - 4);
        painter.drawText(title, Qt::AlignVCenter | Qt::AlignRight, m_chart->m_valueTitle);
    }

    /** The whole name and numbers of the row at this height: names may be shortened, and a dash wants a reason. */
    QString tipAt(double y) const {
        const auto row = static_cast<qsizetype>(std::floor((y - kTop) / kRow));
        if (row < 0 || row >= m_chart->m_bars.size()) return {};
        const Bar& bar = m_chart->m_bars[row];
        if (!bar.undefined.isEmpty()) return QStringLiteral("%1: %2").arg(bar.name, bar.undefined);
        return QStringLiteral("%1: %2").arg(labelOf(bar), numbersOf(bar));
    }

    void drawBar(QPainter& painter, const QFontMetricsF& metrics, const QRectF& plot, const Bar& bar, double y,
                 const common::ThemeColours& c) const {
        const auto toX = [&](double v) { return plot.left() + plot.width() * std::clamp(v, 0.0, 1.0); };
        const QRectF name(kSide, y - kRow / 2, plot.left() - kSide - kGap, kRow);
        painter.setPen(c.text);
        painter.drawText(name, Qt::AlignVCenter | Qt::AlignRight,
                         metrics.elidedText(labelOf(bar), Qt::ElideMiddle, name.width()));
        const bool known = bar.undefined.isEmpty();
        if (known) {
            painter.setPen(QPen(QColor(0, 0, 0, 50), 1));
            painter.setBrush(bar.colour.isValid() ? bar.colour : c.accent);
            const double end = std::max(toX(bar.value), plot.left() + 2);
            painter.drawRoundedRect(QRectF(QPointF(plot.left(), y - 8), QPointF(end, y + 8)), 3, 3);
            if (bar.high > bar.low) drawWhisker(painter, toX(bar.low), toX(bar.high), y, c);
        }
        painter.setPen(known ? c.text : c.textMuted);
        painter.drawText(QRectF(plot.right() + kGap, y - kRow / 2, width() - plot.right() - kGap, kRow),
                         Qt::AlignVCenter, numbersOf(bar));
    }

    // A light rim under the whisker keeps it visible on a dark bar.
    static void drawWhisker(QPainter& painter, double from, double to, double y, const common::ThemeColours& c) {
        for (const QPen& pen :
             {QPen(c.surface, 3.6, Qt::SolidLine, Qt::RoundCap), QPen(c.text, 1.6, Qt::SolidLine, Qt::RoundCap)}) {
            painter.setPen(pen);
            painter.drawLine(QPointF(from, y), QPointF(to, y));
            for (const double x : {from, to})
                painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4));
        }
    }

    BarChart* m_chart;
};

BarChart::BarChart(QWidget* parent) : ChartPanel(parent), m_plot(new Plot(this)) {
    setObjectName(QStringLiteral("barChart"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_plot);
    setContent(scroll);
    setEmptyText(tr("No class has been measured yet"), tr("After the first training, each class has a bar here."));
    setBars({});
}

void BarChart::setValueTitle(const QString& title) {
    m_valueTitle = title;
    m_plot->update();
}

void BarChart::setBars(const QVector<Bar>& bars) {
    m_bars = bars;
    m_plot->updateGeometry();
    m_plot->update();
    QString spoken;
    for (const Bar& bar : bars)
        spoken += QStringLiteral("%1 %2; ").arg(labelOf(bar), bar.undefined.isEmpty() ? numbersOf(bar) : bar.undefined);
    m_plot->setAccessibleName(title());
    m_plot->setAccessibleDescription(spoken);
    showData(!bars.isEmpty());
}

void BarChart::restyle() {
    m_plot->update();
}

QSize BarChart::drawingSize() const {
    return {m_plot->width(), std::max(m_plot->height(), m_plot->sizeHint().height())};
}

void BarChart::draw(QPainter& painter) const {
    m_plot->draw(painter);
}

QString BarChart::csv() const {
    QString text = QStringLiteral("class,value,low,high,count\n");
    for (const Bar& bar : m_bars) {
        const auto number = [&bar](double value) {
            return bar.undefined.isEmpty() ? QString::number(value, 'g', 12) : QString();
        };
        text += QStringLiteral("%1,%2,%3,%4,%5\n")
                    .arg(csvField(bar.name), number(bar.value), number(bar.low), number(bar.high),
                         bar.count < 0 ? QString() : QString::number(bar.count));
    }
    return text;
}

}  // namespace querent::widgets::charts
