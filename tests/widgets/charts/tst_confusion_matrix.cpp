#include "widgets/charts/confusion_matrix.h"
#include "widgets/common/theme.h"

#include <QAbstractScrollArea>
#include <QFile>
#include <QHelpEvent>
#include <QImage>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>
#include <QVBoxLayout>

using namespace querent::widgets::charts;
using namespace querent::widgets::common;

namespace {

/** 40 cats of which 6 are dogs to the model, 10 dogs that are recognised, and no owl. */
void fill(ConfusionMatrix& matrix) {
    matrix.setCounts({"cat", "dog, \"big\"", "owl"}, {34, 6, 0, 0, 10, 0, 0, 0, 0});
}

QAbstractScrollArea* cellsOf(const ConfusionMatrix& matrix) {
    return matrix.findChild<QAbstractScrollArea*>("confusionCells");
}

QByteArray readAll(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/** How many pixels of a picture have exactly this colour. */
int pixelsOf(const QImage& image, const QColor& colour) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == colour ? 1 : 0;
    }
    return count;
}

}  // namespace

class TestConfusionMatrix : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }

    void countsRowsAsTheyWereLabelled() {
        ConfusionMatrix matrix;
        fill(matrix);
        QCOMPARE(matrix.count(0, 1), 6);
        QCOMPARE(matrix.count(1, 0), 0);
        QCOMPARE(matrix.rowTotal(0), 40);
        QCOMPARE(matrix.sentence(0, 1), QString("“cat” was taken for “dog, \"big\"”: 6 of 40 (15 %)."));
        QVERIFY(matrix.sentence(1, 1).contains("10 of 10 (100 %)"));
        QVERIFY(matrix.sentence(2, 0).contains("no item of “owl”"));
    }

    void isHighEnoughForItsRows() {
        constexpr int kClasses = 10;
        QWidget page;
        auto* column = new QVBoxLayout(&page);
        auto* matrix = new ConfusionMatrix;
        column->addWidget(matrix);
        QStringList names;
        for (int i = 0; i < kClasses; ++i)
            names << QStringLiteral("class %1").arg(i);
        page.resize(900, 200);
        page.show();
        matrix->setCounts(names, QVector<qint64>(kClasses * kClasses, 1));
        QTRY_VERIFY(page.minimumSizeHint().height() > kClasses * 28);
        QTRY_VERIFY(cellsOf(*matrix)->verticalScrollBar()->maximum() == 0);
    }

    void savesInThreeFormats() {
        QTemporaryDir folder;
        ConfusionMatrix matrix;
        fill(matrix);
        matrix.resize(400, 300);
        matrix.show();
        QVERIFY(matrix.saveTo(folder.filePath("m.png")).ok());
        QVERIFY(matrix.saveTo(folder.filePath("m.svg")).ok());
        QVERIFY(matrix.saveTo(folder.filePath("m.csv")).ok());
        QCOMPARE(readAll(folder.filePath("m.csv")), QByteArray("labelled,cat,\"dog, \"\"big\"\"\",owl\ncat,34,6,0\n"
                                                               "\"dog, \"\"big\"\"\",0,10,0\nowl,0,0,0\n"));
        QVERIFY(readAll(folder.filePath("m.svg")).contains("<svg"));
        const QImage image(folder.filePath("m.png"));
        // All of the ten dogs are right, and nothing else is: one cell in the full colour.
        QVERIFY(pixelsOf(image, Theme::colours(Theme::Light).accent) > 1000);
        QVERIFY(pixelsOf(image, Theme::colours(Theme::Light).error) == 0);
    }

    void theWholeOfManyClassesIsSavedAndScrolls() {
        QTemporaryDir folder;
        ConfusionMatrix matrix;
        QStringList names;
        QVector<qint64> counts(40 * 40, 0);
        for (int i = 0; i < 40; ++i) {
            names << QStringLiteral("Weißbauchschlangenadler %1").arg(i);
            counts[i * 40 + i] = i;
        }
        matrix.setCounts(names, counts);
        matrix.resize(600, 400);
        matrix.show();
        QVERIFY(QTest::qWaitForWindowExposed(&matrix));
        QVERIFY(matrix.saveTo(folder.filePath("m.png")).ok());
        QVERIFY(QImage(folder.filePath("m.png")).height() > 2 * 40 * 30);
        QAbstractScrollArea* cells = cellsOf(matrix);
        QVERIFY(cells->verticalScrollBar()->maximum() > 0);
        QVERIFY(cells->horizontalScrollBar()->maximum() > 0);
        const QImage before = cells->viewport()->grab().toImage();
        cells->setFocus();
        QTest::keyClick(cells, Qt::Key_Down);
        QVERIFY(cells->verticalScrollBar()->value() > 0);
        const QImage after = cells->viewport()->grab().toImage();
        const QRect above(0, 0, before.width(), 60);  // the columns' names stay
        QVERIFY(before.copy(above) == after.copy(above));
        QVERIFY(before != after);
    }

    void tellsACellByItsTip() {
        ConfusionMatrix matrix;
        fill(matrix);
        matrix.resize(500, 300);
        matrix.show();
        QVERIFY(QTest::qWaitForWindowExposed(&matrix));
        QWidget* cells = cellsOf(matrix)->viewport();
        QSet<QString> tips;
        for (int y = 0; y < cells->height(); y += 8) {
            for (int x = 0; x < cells->width(); x += 8) {
                QHelpEvent help(QEvent::ToolTip, {x, y}, cells->mapToGlobal(QPoint(x, y)));
                QCoreApplication::sendEvent(cells, &help);
                tips << QToolTip::text();
            }
        }
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 3; ++column)
                QVERIFY2(tips.contains(matrix.sentence(row, column)), qPrintable(matrix.sentence(row, column)));
        }
        QVERIFY(tips.contains("owl"));
    }

    void numbersThatDoNotFitAreNotShown() {
        ConfusionMatrix matrix;
        matrix.setCounts({"a", "b"}, {1, 2, 3});
        QCOMPARE(matrix.csv(), QString("labelled\n"));
        fill(matrix);
        QVERIFY(cellsOf(matrix)->accessibleDescription().contains("“cat” was recognised"));
    }
};

QTEST_MAIN(TestConfusionMatrix)
#include "tst_confusion_matrix.moc"
