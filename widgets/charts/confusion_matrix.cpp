#include "widgets/charts/confusion_matrix.h"

#include "widgets/common/theme.h"

#include <QAbstractScrollArea>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace querent::widgets::charts {

namespace {

constexpr double kRow = 32.0;
constexpr double kNarrowest = 46.0;  // of a column
constexpr double kWidest = 170.0;
constexpr double kTitle = 24.0;         // of the line that says what the columns are
constexpr double kMostName = 170.0;     // of a row's name
constexpr double kMostUpright = 110.0;  // of a column's name when it stands upright
constexpr double kSide = 16.0;
constexpr double kGap = 10.0;
constexpr double kBelow = 6.0;
constexpr int kRowsAtOnce = 16;  // of which the panel is high enough; more scroll

QColor mixed(const QColor& back, const QColor& ink, double share) {
    const auto channel = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return {channel(back.red(), ink.red()), channel(back.green(), ink.green()), channel(back.blue(), ink.blue())};
}

}  // namespace

/** The cells, and the names beside and above them, which stay where they are while the cells scroll. */
class ConfusionMatrix::Plot : public QAbstractScrollArea {
 public:
    explicit Plot(ConfusionMatrix* matrix) : m_matrix(matrix) {
        setFrameShape(QFrame::NoFrame);
        setObjectName(QStringLiteral("confusionCells"));
    }

    /** The size at which nothing scrolls and no column is wider than its names need. */
    QSize wholeSize() const {
        const Frame frame = frameFor(0.0);
        return QSizeF(frame.left + frame.column * classes() + kSide, frame.top + kRow * classes() + kSide).toSize();
    }
    QSize sizeHint() const override { return minimumSizeHint().expandedTo({480, 0}); }
    QSize minimumSizeHint() const override {
        // How high depends on how wide: names above the columns stand upright where they are longer than these.
        const Frame frame = frameFor(viewport()->width());
        const bool scrolls = frame.left + frame.column * classes() + kSide > viewport()->width() + 0.5;
        const int bar = scrolls ? horizontalScrollBar()->sizeHint().height() : 0;
        return {260, static_cast<int>(frame.top + kRow * std::min(classes(), kRowsAtOnce) + kBelow) + bar};
    }

    void drawWhole(QPainter& painter) const { draw(painter, frameFor(0.0), {}, wholeSize()); }

    void refresh() {
        const QSizeF room = viewport()->size();
        const Frame frame = frameFor(room.width());
        const auto fit = [](QScrollBar* bar, double content, double page) {
            bar->setRange(0, std::max(0, static_cast<int>(std::lround(content - page))));
            bar->setPageStep(static_cast<int>(page));
            bar->setSingleStep(static_cast<int>(kRow));
        };
        fit(horizontalScrollBar(), frame.column * classes(), room.width() - frame.left - kSide);
        fit(verticalScrollBar(), kRow * classes(), room.height() - frame.top);
        updateGeometry();
        viewport()->update();
    }

 protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(viewport());
        painter.fillRect(viewport()->rect(), common::Theme::colours(this).surface);
        draw(painter, frameFor(viewport()->width()), scrolled(), viewport()->size());
    }

    void resizeEvent(QResizeEvent*) override { refresh(); }

    bool viewportEvent(QEvent* event) override {
        if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), viewport());
        return true;
    }

 private:
    struct Frame {
        double left = 0.0;    // where the cells begin
        double top = 0.0;     // the same
        double column = 0.0;  // width of one
        bool upright = false;
    };

    int classes() const { return static_cast<int>(m_matrix->m_names.size()); }
    QPointF scrolled() const { return QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value()); }
    QString rowName(int row) const {
        return QStringLiteral("%1 (%2)").arg(m_matrix->m_names[row], QLocale().toString(m_matrix->rowTotal(row)));
    }

    /** Columns share a width of `room`, as far as that is neither too narrow nor too wide. */
    Frame frameFor(double room) const {
        const QFontMetricsF metrics(font());
        double rowNames = metrics.horizontalAdvance(ConfusionMatrix::tr("Labelled"));
        double names = 0.0;
        qint64 largest = 0;
        for (int i = 0; i < classes(); ++i) {
            rowNames = std::max(rowNames, metrics.horizontalAdvance(rowName(i)));
            names = std::max(names, metrics.horizontalAdvance(m_matrix->m_names[i]));
            largest = std::max(largest, m_matrix->rowTotal(i));
        }
        Frame frame;
        frame.left = kSide + std::min(kMostName, rowNames) + kGap;
        const double least = std::max(kNarrowest, metrics.horizontalAdvance(QLocale().toString(largest)) + 14.0);
        const double share = classes() > 0 ? (room - frame.left - kSide) / classes() : 0.0;
        frame.column = std::clamp(share, least, std::max(least, kWidest));
        frame.upright = names + 10.0 > frame.column && frame.column < kMostUpright;
        frame.top = kTitle + (frame.upright ? std::min(kMostUpright, names) + kGap : metrics.height() + kGap);
        return frame;
    }

    void draw(QPainter& painter, const Frame& frame, QPointF offset, QSizeF room) const {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(font());
        painter.save();
        painter.setClipRect(QRectF(frame.left, frame.top, room.width(), room.height()));
        for (int row = 0; row < classes(); ++row) {
            const double y = frame.top + kRow * row - offset.y();
            if (y > room.height() || y + kRow < frame.top) continue;
            for (int column = 0; column < classes(); ++column)
                drawCell(painter, row, column,
                         {frame.left + frame.column * column - offset.x(), y, frame.column, kRow});
        }
        painter.restore();
        drawNames(painter, frame, offset, room);
    }

    void drawCell(QPainter& painter, int row, int column, const QRectF& cell) const {
        const common::ThemeColours& c = common::Theme::colours(this);
        const qint64 count = m_matrix->count(row, column);
        const qint64 total = m_matrix->rowTotal(row);
        const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0.0;
        // The least is still seen, and the most leaves numbers readable.
        const double shade = count > 0 ? 0.12 + 0.88 * share : 0.0;
        const QColor back = mixed(c.raised, row == column ? c.accent : c.error, shade);
        painter.setPen(Qt::NoPen);
        painter.setBrush(back);
        painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3);
        if (count == 0 && (row != column || total == 0)) return;
        painter.setPen(count == 0 ? c.textMuted : common::readableOn(back));
        painter.drawText(cell, Qt::AlignCenter, QLocale().toString(count));
    }

    void drawNames(QPainter& painter, const Frame& frame, QPointF offset, QSizeF room) const {
        const common::ThemeColours& c = common::Theme::colours(this);
        const QFontMetricsF metrics(font());
        painter.setPen(c.textMuted);
        painter.drawText(QRectF(frame.left, 0, room.width() - frame.left - kSide, kTitle),
                         Qt::AlignLeft | Qt::AlignVCenter, ConfusionMatrix::tr("Predicted as"));
        painter.drawText(QRectF(kSide, frame.top - metrics.height() - 4, frame.left - kSide - kGap, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, ConfusionMatrix::tr("Labelled"));
        painter.setPen(c.text);
        painter.save();
        painter.setClipRect(QRectF(0, frame.top, frame.left, room.height() - frame.top));
        for (int row = 0; row < classes(); ++row) {
            const QRectF name(kSide, frame.top + kRow * row - offset.y(), frame.left - kSide - kGap, kRow);
            painter.drawText(name, Qt::AlignVCenter | Qt::AlignRight,
                             metrics.elidedText(rowName(row), Qt::ElideMiddle, name.width()));
        }
        painter.restore();
        painter.setClipRect(QRectF(frame.left, 0, room.width() - frame.left, frame.top));
        for (int column = 0; column < classes(); ++column)
            drawColumnName(painter, frame, column, frame.left + frame.column * column - offset.x());
        painter.setClipping(false);
    }

    void drawColumnName(QPainter& painter, const Frame& frame, int column, double x) const {
        const QFontMetricsF metrics(font());
        const double room = frame.upright ? frame.top - kTitle - kGap : frame.column - 6.0;
        const QString name = metrics.elidedText(m_matrix->m_names[column], Qt::ElideMiddle, room + 1.0);
        if (!frame.upright) {
            painter.drawText(QRectF(x, kTitle, frame.column, frame.top - kTitle - 4), Qt::AlignCenter, name);
            return;
        }
        painter.save();
        painter.translate(x + frame.column / 2, frame.top - 6);
        painter.rotate(-90.0);
        painter.drawText(QRectF(0, -metrics.height() / 2, room + 4.0, metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.restore();
    }

    QString tipAt(const QPoint& at) const {
        const Frame frame = frameFor(viewport()->width());
        const int row = static_cast<int>(std::floor((at.y() - frame.top + scrolled().y()) / kRow));
        const int column = static_cast<int>(std::floor((at.x() - frame.left + scrolled().x()) / frame.column));
        const bool inRows = at.y() >= frame.top && row < classes();
        const bool inColumns = at.x() >= frame.left && column < classes();
        if (inRows && inColumns) return m_matrix->sentence(row, column);
        if (inRows && at.x() < frame.left) return m_matrix->m_names[row];
        if (inColumns && at.y() < frame.top) return m_matrix->m_names[column];
        return {};
    }

    ConfusionMatrix* m_matrix;
};

ConfusionMatrix::ConfusionMatrix(QWidget* parent) : ChartPanel(parent), m_plot(new Plot(this)) {
    setObjectName(QStringLiteral("confusionMatrix"));
    setContent(m_plot);
    setMinimumHeight(0);  // that of its rows, not of any chart
    setTitle(tr("What was taken for what"));
    setEmptyText(tr("Nothing has been measured yet"), tr("After the first training, each class has a row here."));
    setCounts({}, {});
}

void ConfusionMatrix::setCounts(const QStringList& names, const QVector<qint64>& counts) {
    m_names = counts.size() == names.size() * names.size() ? names : QStringList();
    m_counts = m_names.isEmpty() ? QVector<qint64>() : counts;
    m_totals.fill(0, m_names.size());
    for (qsizetype cell = 0; cell < m_counts.size(); ++cell)
        m_totals[cell / m_names.size()] += m_counts[cell];
    QStringList spoken;
    for (int row = 0; row < m_names.size(); ++row)
        spoken << sentence(row, row);
    m_plot->setAccessibleName(title());
    m_plot->setAccessibleDescription(spoken.join(QLatin1Char(' ')));
    showData(!m_names.isEmpty());
    m_plot->refresh();
}

qint64 ConfusionMatrix::count(int labelled, int predicted) const {
    return m_counts[labelled * m_names.size() + predicted];
}

QString ConfusionMatrix::sentence(int labelled, int predicted) const {
    const qint64 total = rowTotal(labelled);
    if (total == 0) return tr("There is no item of “%1” to measure on.").arg(m_names[labelled]);
    const QLocale locale;
    const double percent = 100.0 * static_cast<double>(count(labelled, predicted)) / static_cast<double>(total);
    const QString share = tr("%1 of %2 (%3 %)")
                              .arg(locale.toString(count(labelled, predicted)), locale.toString(total),
                                   locale.toString(percent, 'f', percent > 0.0 && percent < 10.0 ? 1 : 0));
    return labelled == predicted ? tr("“%1” was recognised: %2.").arg(m_names[labelled], share)
                                 : tr("“%1” was taken for “%2”: %3.").arg(m_names[labelled], m_names[predicted], share);
}

void ConfusionMatrix::restyle() {
    m_plot->refresh();
}

QSize ConfusionMatrix::drawingSize() const {
    return m_plot->wholeSize();
}

void ConfusionMatrix::draw(QPainter& painter) const {
    m_plot->drawWhole(painter);
}

QString ConfusionMatrix::csv() const {
    QString text = QStringLiteral("labelled");
    for (const QString& name : m_names)
        text += QLatin1Char(',') + csvField(name);
    text += QLatin1Char('\n');
    for (int row = 0; row < m_names.size(); ++row) {
        text += csvField(m_names[row]);
        for (int column = 0; column < m_names.size(); ++column)
            text += QLatin1Char(',') + QString::number(count(row, column));
        text += QLatin1Char('\n');
    }
    return text;
}

}  // namespace querent::widgets::charts
