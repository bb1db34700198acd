#include "widgets/charts/chart_panel.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/theme.h"

#include <QAbstractAxis>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QFileInfo>
#include <QGraphicsLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLegend>
#include <QLineSeries>
#include <QMenu>
#include <QPainter>
#include <QPen>
#include <QSaveFile>
#include <QStackedLayout>
#include <QSvgGenerator>
#include <QToolButton>
#include <QVBoxLayout>
#include <QValueAxis>

namespace querent::widgets::charts {

ChartPanel::ChartPanel(QWidget* parent) : QWidget(parent) {
    m_chart = new QChart;
    m_chart->setMargins(QMargins(4, 4, 8, 4));
    m_chart->setBackgroundRoundness(0);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_view = new QChartView(m_chart, this);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setObjectName(QStringLiteral("chartView"));
    m_title = new QLabel(this);
    m_title->setProperty("role", "heading");
    m_save = new QToolButton(this);
    m_save->setObjectName(QStringLiteral("saveChart"));
    m_save->setIcon(common::icon(QStringLiteral("export")));
    m_save->setToolTip(tr("Save this chart"));
    m_save->setAccessibleName(tr("Save this chart"));
    m_save->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_save);
    const auto add = [&](const QString& text, const QString& suffix) {
        menu->addAction(text, this, [this, suffix] { Q_EMIT saveRequested(suffix); });
    };
    add(tr("Picture (PNG)…"), QStringLiteral("png"));
    add(tr("Drawing (SVG)…"), QStringLiteral("svg"));
    add(tr("Numbers (CSV)…"), QStringLiteral("csv"));
    m_save->setMenu(menu);
    m_empty = new common::EmptyState(this);
    m_empty->setContent(QStringLiteral("chart"), tr("Nothing to show yet"), {});
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 8, 0);
    head->addWidget(m_title, 1);
    head->addWidget(m_save);
    auto* body = new QWidget(this);
    m_stack = new QStackedLayout(body);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 8);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(body, 1);
    m_save->setEnabled(false);
    setMinimumSize(240, 180);
    applyTheme();
}

ChartPanel::~ChartPanel() = default;

void ChartPanel::setTitle(const QString& title) {
    m_title->setText(title);
    m_view->setAccessibleName(title);
    setAccessibleName(title);
}

QString ChartPanel::title() const {
    return m_title->text();
}

void ChartPanel::setEmptyText(const QString& title, const QString& sentence) {
    m_empty->setContent(QStringLiteral("chart"), title, sentence);
}

void ChartPanel::addLine(const QVector<QPointF>& points, const QString& name, const QPen& pen) {
    auto* line = new QLineSeries;
    line->append(points.toList());
    line->setName(name);
    line->setPen(pen);
    m_chart->addSeries(line);
    for (QAbstractAxis* axis : m_chart->axes())
        line->attachAxis(axis);
}

void ChartPanel::showData(bool hasData) {
    m_stack->setCurrentIndex(hasData ? 1 : 0);
    m_save->setEnabled(hasData);
}

void ChartPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        applyTheme();
        restyle();
    }
    QWidget::changeEvent(event);
}

void ChartPanel::paintEvent(QPaintEvent*) {
    const common::ThemeColours& c = common::Theme::colours(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.border, 1));
    painter.setBrush(c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10);
}

void ChartPanel::applyTheme() {
    const common::ThemeColours& c = common::Theme::colours(this);
    m_chart->setBackgroundBrush(c.surface);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_view->setBackgroundBrush(c.surface);
    m_view->setStyleSheet(QStringLiteral("background: %1").arg(c.surface.name()));
    m_chart->legend()->setLabelColor(c.text);
    m_chart->legend()->setFont(font());
    m_chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    for (QAbstractAxis* axis : m_chart->axes()) {
        axis->setLabelsColor(c.textMuted);
        axis->setTitleBrush(c.textMuted);
        axis->setLabelsFont(font());
        axis->setTitleFont(font());
        axis->setGridLinePen(QPen(c.border, 1));
        axis->setLinePen(QPen(c.borderStrong, 1));
    }
}

QSize ChartPanel::drawingSize() const {
    return m_view->size();
}

void ChartPanel::draw(QPainter& painter) const {
    painter.setRenderHint(QPainter::Antialiasing);
    const QSize size = m_view->size();
    m_view->render(&painter, QRectF(QPointF(0, 0), QSizeF(size)), QRect(QPoint(0, 0), size));
}

void ChartPanel::setContent(QWidget* content) {
    m_stack->removeWidget(m_view);
    m_view->hide();
    m_stack->addWidget(content);
}

Result<void> ChartPanel::saveTo(const QString& path) const {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png")) return savePng(path);
    if (suffix == QLatin1String("svg")) return saveSvg(path);
    if (suffix == QLatin1String("csv")) return saveCsv(path);
    return fail(ErrorCode::InvalidArgument, "A chart is saved as .png, .svg or .csv.", path.toStdString());
}

Result<void> ChartPanel::savePng(const QString& path) const {
    constexpr double kScale = 2.0;
    QImage image(drawingSize() * kScale, QImage::Format_RGB32);
    image.fill(common::Theme::colours(this).surface);
    QPainter painter(&image);
    painter.scale(kScale, kScale);
    draw(painter);
    painter.end();
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && image.save(&file, "PNG") && file.commit();
    if (!written) return fail(ErrorCode::Io, "The picture could not be written.", path.toStdString());
    return {};
}

Result<void> ChartPanel::saveSvg(const QString& path) const {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io, "The drawing could not be written.", path.toStdString());
    const QSize size = drawingSize();
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(title());
    QPainter painter(&generator);
    painter.fillRect(QRect(QPoint(0, 0), size), common::Theme::colours(this).surface);
    draw(painter);
    painter.end();
    if (!file.commit()) return fail(ErrorCode::Io, "The drawing could not be written.", path.toStdString());
    return {};
}

Result<void> ChartPanel::saveCsv(const QString& path) const {
    const QByteArray text = csv().toUtf8();
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    if (!written) return fail(ErrorCode::Io, "The numbers could not be written.", path.toStdString());
    return {};
}

QString csvField(const QString& text) {
    const bool plain = !text.contains(',') && !text.contains('"') && !text.contains('\n') && !text.contains('\r');
    if (plain) return text;
    QString quoted = text;
    return '"' + quoted.replace('"', QStringLiteral("\"\"")) + '"';
}

}  // namespace querent::widgets::charts
