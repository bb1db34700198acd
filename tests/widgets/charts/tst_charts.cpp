#include "widgets/charts/bar_chart.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/charts/loss_chart.h"
#include "widgets/common/theme.h"

#include <QFile>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace querent::widgets::charts;
using namespace querent::widgets::common;

namespace {

QVector<CurveSeries> twoSeries() {
    CurveSeries main{
        "Entropy", CurveRole::Main, {{20, 0.68, 0.62, 0.74, "Round 1"}, {40, 0.75, 0.70, 0.80, "Round 2"}}};
    CurveSeries control{
        "Random, \"control\"", CurveRole::Control, {{20, 0.66, 0.66, 0.66, ""}, {40, 0.70, 0.70, 0.70, ""}}};
    return {main, control};
}

QByteArray readAll(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestCharts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }

    void curvesSaveInThreeFormats() {
        QTemporaryDir folder;
        CurveChart chart;
        chart.resize(600, 400);
        chart.setAxes("Labels", "mAP");
        chart.setSeries(twoSeries());
        chart.setTarget(0.85);
        chart.show();
        QVERIFY(chart.saveTo(folder.filePath("a.png")).ok());
        QVERIFY(chart.saveTo(folder.filePath("a.svg")).ok());
        QVERIFY(chart.saveTo(folder.filePath("a.csv")).ok());
        const QImage image(folder.filePath("a.png"));
        QVERIFY(image.width() >= 1000);
        QVERIFY(readAll(folder.filePath("a.svg")).contains("<svg"));
        const QByteArray csv = readAll(folder.filePath("a.csv"));
        QVERIFY(csv.startsWith("series,x,value,low,high,note\nEntropy,20,0.68,0.62,0.74,Round 1\n"));
        QVERIFY(csv.contains("\"Random, \"\"control\"\"\",40,0.7"));
        QVERIFY(!chart.saveTo(folder.filePath("a.gif")).ok());
        QVERIFY(!chart.saveTo(folder.filePath("none/a.csv")).ok());
    }

    void hoverShowsTheNearestPoint() {
        CurveChart chart;
        chart.resize(600, 400);
        chart.setAxes("Labels", "mAP");
        chart.setSeries(twoSeries());
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        auto* label = chart.findChild<QLabel*>("hoverValues");
        QWidget* viewport = label->parentWidget();
        bool seen = false;
        for (int x = 40; x < viewport->width() && !seen; x += 6) {
            for (int y = 20; y < viewport->height() && !seen; y += 6) {
                QMouseEvent move(QEvent::MouseMove, QPointF(x, y), viewport->mapToGlobal(QPointF(x, y)), Qt::NoButton,
                                 Qt::NoButton, {});
                QCoreApplication::sendEvent(viewport, &move);
                seen = label->isVisible() && label->text().contains("Round 1");
            }
        }
        QVERIFY(seen);
        QVERIFY(label->text().contains("0.680 [0.620, 0.740]"));
        QVERIFY(viewport->rect().contains(label->geometry()));
    }

    void exponentialMeanMatchesItsDefinition() {
        const QVector<QPointF> raw{{0, 4}, {1, 2}, {2, 6}};
        const auto mean = exponentialMean(raw, 0.5);
        QCOMPARE(mean[0].y(), 4.0);
        // The weights of the bias-corrected mean are w^(n-i), normalised.
        QVERIFY(std::abs(mean[2].y() - (4 * 0.25 + 2 * 0.5 + 6) / 1.75) < 1e-12);
    }

    void lossIgnoresWhatIsNotFinite() {
        LossChart chart;
        QVERIFY(std::isnan(chart.smoothed()));
        chart.append(1, 2.0);
        chart.append(2, std::numeric_limits<double>::infinity());
        chart.append(3, 1.0);
        QCOMPARE(chart.csv().count('\n'), 3);
        QVERIFY(chart.smoothed() < 2.0);
    }

    void whatIsUndefinedIsADash() {
        BarChart chart;
        Bar known{QStringLiteral("cat"), 0.5, 0.4, 0.6, Qt::red, 3};
        Bar none{QStringLiteral("owl"), -1.0, -1.0, -1.0, Qt::blue, 0, QStringLiteral("No owl to measure on.")};
        chart.setBars({known, none});
        QVERIFY(chart.csv().contains(QStringLiteral("owl,,,,0\n")));
        bool spoken = false;
        for (const QWidget* part : chart.findChildren<QWidget*>()) {
            QVERIFY(!part->accessibleDescription().contains(QStringLiteral("-1")));
            spoken = spoken || part->accessibleDescription().contains(none.undefined);
        }
        QVERIFY(spoken);
    }

    void barsSaveAllClasses() {
        QTemporaryDir folder;
        BarChart chart;
        chart.resize(500, 200);
        QVector<Bar> bars;
        for (int i = 0; i < 30; ++i)
            bars << Bar{QStringLiteral("class %1").arg(i), 0.5, 0.4, 0.6, classColour(i), i};
        chart.setBars(bars);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QVERIFY(chart.saveTo(folder.filePath("b.png")).ok());
        QVERIFY(QImage(folder.filePath("b.png")).height() > 2000);
        QCOMPARE(chart.csv().count('\n'), 31);
    }
};

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
