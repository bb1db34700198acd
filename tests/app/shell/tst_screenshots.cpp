#include "app/pages/label/label_page.h"
#include "app/shell/main_window.h"
#include "app/shell/screenshots.h"
#include "tests/app/support/shell_fixture.h"

#include <QImage>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace querent;
using namespace querent::app;
using namespace querent::app::controllers;
using namespace querent::app::shell;

/** A picture of every screen, for people to look at; the test looks only whether there is something on them. */
class TestScreenshots : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void everyScreen();

 private:
    static int coloursOf(const QImage& image);
    static void answerSome(Application& app);
};

int TestScreenshots::coloursOf(const QImage& image) {
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    }
    return static_cast<int>(colours.size());
}

/** The open batch as a person leaves it half way: eight items answered, and one with many boxes on the screen. */
void TestScreenshots::answerSome(Application& app) {
    constexpr int kAnswered = 8;
    session::Project& project = *app.project();
    QVERIFY(session::Round(project, {}).answerFromTruth(Job()).ok());
    ItemId shown;
    std::size_t most = 0;
    for (const QueryEntry& entry : project.batch(app.rounds().openRound()->id)) {
        const auto boxes = project.annotations(entry.item);
        if (entry.rank < kAnswered) {
            if (boxes.size() > most) shown = entry.item;
            most = std::max(most, boxes.size());
            continue;
        }
        Edit edit;
        edit.item = entry.item;
        edit.gesture = "Delete";
        edit.author = *project.ensurePerson("Ada");
        for (const Annotation& box : boxes)
            edit.changes.push_back({box, std::nullopt});
        edit.markBefore = project.item(entry.item)->mark;
        edit.markAfter = ItemMark{};
        QVERIFY(project.apply(edit).ok());
    }
    app.rounds().refresh();
    app.window().labelPage()->refreshRound();
    app.document()->showBatch();
    app.document()->openItem(shown);
}

void TestScreenshots::everyScreen() {
    const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
    if (folder.isEmpty()) QSKIP("QUERENT_SCREENSHOTS names no folder");
    test::Shell shell;
    Application& app = shell.app();
    QSignalSpy opened(&app, &Application::projectOpened);
    app.createDemo(shell.path("A folder with a rather long name, as people have them"));
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 300000);
    app.rounds().setSuggestsAfterTraining(true);
    app.rounds().setDevice("cpu");
    // For pictures of a model that has learned something: 0 = as many steps as the labels ask for.
    const int steps = qEnvironmentVariableIntValue("QUERENT_SCREENSHOT_STEPS");
    const bool learn = qEnvironmentVariableIsSet("QUERENT_SCREENSHOT_STEPS");
    const int patience = learn ? 3'600'000 : 200'000;  // ms for a round
    const auto changed = app.project()->changeSettings([&](ProjectSettings& settings) {
        settings.trainingSteps = learn ? steps : 4;
        settings.strategy = "random";
        settings.targetMetric = 0.8;
    });
    QVERIFY(changed.ok());
    QSignalSpy ready(&app.rounds(), &RoundController::batchReady);
    QStringList errors;
    connect(&app.rounds(), &RoundController::failed, this,
            [&errors](const Error& error) { errors << QString::fromStdString(error.text()); });
    for (int round = 1; round <= 2; ++round) {
        if (round == 1) app.rounds().suggest();
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == round || !errors.isEmpty(), patience);
        QCOMPARE(errors, QStringList());
        session::Round answers(*app.project(), {});
        QVERIFY(answers.answerFromTruth(Job()).ok());
        app.rounds().refresh();
        app.rounds().train();
    }
    QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 3 || !errors.isEmpty(), patience);
    QCOMPARE(errors, QStringList());
    answerSome(app);
    app.recent().opened(shell.path("gone.querent"),
                        "A project whose file has gone and whose name is long enough to need an end", 10, 200);
    app.recent().opened(shell.path("A folder with a rather long name, as people have them/demo.querent"), "Demo", 40,
                        160);

    const QStringList files = takeScreenshots(app, folder);
    QCOMPARE(files.size(), 2 * 13);
    for (const QString& file : files) {
        const QImage image(file);
        QVERIFY2(!image.isNull(), qPrintable(file));
        QVERIFY2(coloursOf(image) > 12, qPrintable(file + " is nearly blank"));
    }
}

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
