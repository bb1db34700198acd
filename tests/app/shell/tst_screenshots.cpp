#include <QImage>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include "app/main_window.h"
#include "app/screenshots.h"
#include "tests/app/shell/shell_fixture.h"

using namespace querent;
using namespace querent::app;

/** A picture of every screen, for people to look at; the test looks only whether there is something on them. */
class TestScreenshots : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void everyScreen();

 private:
    static int coloursOf(const QImage& image);
};

int TestScreenshots::coloursOf(const QImage& image) {
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3) colours.insert(image.pixel(x, y));
    }
    return static_cast<int>(colours.size());
}

void TestScreenshots::everyScreen() {
    const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
    if (folder.isEmpty()) QSKIP("QUERENT_SCREENSHOTS names no folder");
    test::Shell shell;
    Application& app = shell.app();
    QSignalSpy opened(&app, &Application::projectOpened);
    app.createDemo(shell.path("A folder with a rather long name, as people have them"));
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60000);
    app.rounds().setSuggestsAfterTraining(true);
    app.rounds().setDevice("cpu");
    ProjectSettings settings = app.project()->settings();
    settings.trainingSteps = 8;
    settings.strategy = "random";
    settings.targetMetric = 0.8;
    QVERIFY(app.project()->saveSettings(settings).ok());
    QSignalSpy ready(&app.rounds(), &RoundController::batchReady);
    QStringList errors;
    connect(&app.rounds(), &RoundController::failed, this,
            [&errors](const Error& error) { errors << QString::fromStdString(error.text()); });
    for (int round = 1; round <= 2; ++round) {
        if (round == 1) app.rounds().suggest();
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == round || !errors.isEmpty(), 90000);
        QCOMPARE(errors, QStringList());
        session::Round answers(*app.project(), {});
        QVERIFY(answers.answerFromTruth(Job()).ok());
        app.rounds().refresh();
        app.rounds().train();
    }
    QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 3 || !errors.isEmpty(), 90000);
    QCOMPARE(errors, QStringList());
    app.recent().opened(shell.path("gone.querent"), "A project whose file has gone and whose name is long enough to need an end",
                        10, 200);
    app.recent().opened(shell.path("A folder with a rather long name, as people have them/demo.querent"), "Demo", 40, 160);

    const QStringList files = takeScreenshots(app, folder);
    QCOMPARE(files.size(), 2 * 11);
    for (const QString& file : files) {
        const QImage image(file);
        QVERIFY2(!image.isNull(), qPrintable(file));
        QVERIFY2(coloursOf(image) > 12, qPrintable(file + " is nearly blank"));
    }
}

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
