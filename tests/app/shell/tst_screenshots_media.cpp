#include "app/bridge/image_convert.h"
#include "app/pages/label/label_page.h"
#include "app/panes/item_panes.h"
#include "app/panes/sound_pane.h"
#include "app/shell/main_window.h"
#include "app/shell/screenshots.h"
#include "engine/core/rng.h"
#include "engine/media/demo/demo_sounds.h"
#include "engine/media/sound/wav_writer.h"
#include "engine/session/transfer/demo.h"
#include "engine/session/transfer/transfer.h"
#include "tests/app/support/shell_fixture.h"

#include <QDir>
#include <QImage>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <map>
#include <utility>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::panes;
using namespace querent::app::shell;

namespace {

/** Where most of a thing's sound lies, Hz. */
std::pair<int, int> bandOf(const std::string& name) {
    static const std::map<std::string, std::pair<int, int>> bands = {
        {"bird", {1200, 4900}},   {"siren", {350, 3800}}, {"bell", {200, 4500}},  {"engine", {40, 2600}},
        {"whistle", {700, 3600}}, {"voice", {80, 5200}},  {"drops", {400, 4200}}, {"clock", {500, 7600}}};
    const auto found = bands.find(name);
    return found == bands.end() ? std::pair{60, 7900} : found->second;
}

constexpr int kStreams = 6;
constexpr int kEvents = 5;             // a stream
constexpr double kStreamSeconds = 12;  // each

/** Sounds of several things one after the other, over a background, and the selection tables of where they are. */
void writeStreams(const QString& folder) {
    const auto classes = media::demo::demoSoundClasses();
    for (int s = 0; s < kStreams; ++s) {
        std::vector<float> stream(static_cast<std::size_t>(kStreamSeconds * media::demo::kDemoSoundRate));
        QString table = QStringLiteral(
            "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n");
        for (std::size_t at = 0; at < stream.size();) {
            for (const float sample : media::demo::demoBackground(static_cast<std::uint64_t>(at) + 7)) {
                if (at == stream.size()) break;
                stream[at++] = 0.15F * sample;
            }
        }
        Rng rng(static_cast<std::uint64_t>(s) + 1, "streams");
        for (int e = 0; e < kEvents; ++e) {
            const std::size_t kind = rng.index(classes.size());
            const auto sound = media::demo::demoSound(kind, static_cast<std::uint64_t>(100 * s + e), 0.1);
            const double begin = 0.3 + e * (kStreamSeconds - 0.6) / kEvents;
            const auto first = static_cast<std::size_t>(begin * media::demo::kDemoSoundRate);
            const std::size_t count = std::min(sound.size(), stream.size() - first);
            for (std::size_t i = 0; i < count; ++i)
                stream[first + i] += sound[i];
            table += QStringLiteral("%1\tSpectrogram 1\t1\t%2\t%3\t%4\t%5\t%6\n")
                         .arg(e + 1)
                         .arg(begin, 0, 'f', 4)
                         .arg(begin + static_cast<double>(count) / media::demo::kDemoSoundRate, 0, 'f', 4)
                         .arg(bandOf(classes[kind]).first)
                         .arg(bandOf(classes[kind]).second)
                         .arg(QString::fromStdString(classes[kind]));
        }
        const QString stem = QStringLiteral("recording %1 by the pond, early morning").arg(s + 1);
        QDir().mkpath(folder);
        QVERIFY(media::sound::writeWav(toPath(folder + QStringLiteral("/%1.wav").arg(stem)), stream,
                                       media::demo::kDemoSoundRate)
                    .ok());
        test::writeText(folder + QStringLiteral("/%1.Table.1.selections.txt").arg(stem), table);
    }
}

QString create(const QString& file, ProjectSettings settings, const session::transfer::ImportRequest& request) {
    auto project = session::project::Project::create(toPath(file), settings, {});
    if (!project) qFatal("%s", project.error().text().c_str());
    const auto report = session::transfer::importInto(**project, request, Job());
    if (!report) qFatal("%s", report.error().text().c_str());
    return file;
}

}  // namespace

/** Pictures of the screens for sounds, classes and items of several media, for people to look at. */
class TestScreenshotsMedia : public QObject {
    Q_OBJECT

    QString m_folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");

    void open(Application& app, const QString& file) {
        QSignalSpy opened(&app, &Application::projectOpened);
        app.openProject(file);
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    }

    /** Shows all items and waits for the media of the first. */
    void showAll(Application& app, ItemId first = {}) {
        app.window().show();
        app.window().showPage(MainWindow::Page::Label);
        app.document()->showList(app.project()->ids({}), QStringLiteral("All"), first);
        ItemPanes& panes = app.window().labelPage()->panes();
        QTRY_VERIFY_WITH_TIMEOUT(std::all_of(panes.all().begin(), panes.all().end(),
                                             [&](MediumPane* p) { return p->shown() == app.document()->item().id; }),
                                 10000);
    }

    static void check(const QStringList& files, int count) {
        QCOMPARE(files.size(), count);
        for (const QString& file : files) {
            const QImage image(file);
            QSet<QRgb> colours;
            for (int y = 0; y < image.height(); y += 3) {
                for (int x = 0; x < image.width(); x += 3)
                    colours.insert(image.pixel(x, y));
            }
            QVERIFY2(colours.size() > 12, qPrintable(file + " is nearly blank"));
        }
    }

 private Q_SLOTS:
    void initTestCase() {
        if (m_folder.isEmpty()) QSKIP("QUERENT_SCREENSHOTS names no folder");
    }

    void boxesOnSounds() {
        test::Shell shell;
        Application& app = shell.app();
        writeStreams(shell.path("streams"));
        ProjectSettings settings;
        settings.name = "Pond";
        settings.task = TaskKind::Detect;
        settings.media = {Modality::Audio};
        session::transfer::ImportRequest request;
        request.format = "raven";
        request.from = toPath(shell.path("streams"));
        request.files = toPath(shell.path("streams"));
        open(app, create(shell.path("pond.querent"), settings, request));
        showAll(app);
        app.document()->setSelection({app.document()->annotations().at(1).id.value});
        check(takePage(app, MainWindow::Page::Label, m_folder, QStringLiteral("label-sound")), 2);
        check(takePage(app, MainWindow::Page::Data, m_folder, QStringLiteral("data-sound")), 2);
    }

    void classesOfSoundsAndPictures() {
        test::Shell shell;
        Application& app = shell.app();
        QSignalSpy opened(&app, &Application::projectOpened);
        const auto demo = session::transfer::createDemo(toPath(shell.path("demo")), 60, 1, Job(),
                                                        session::transfer::DemoKind::SoundPictures);
        QVERIFY(demo.ok());
        open(app, shell.path("demo/demo.querent"));
        app.rounds().setSuggestsAfterTraining(true);
        app.rounds().setDevice("cpu");
        const bool learn = qEnvironmentVariableIsSet("QUERENT_SCREENSHOT_STEPS");
        QVERIFY(app.project()
                    ->changeSettings([&](ProjectSettings& set) {
                        set.trainingSteps = learn ? qEnvironmentVariableIntValue("QUERENT_SCREENSHOT_STEPS") : 4;
                        set.batchSize = 8;
                    })
                    .ok());
        QSignalSpy ready(&app.rounds(), &RoundController::batchReady);
        for (int round = 1; round <= 2; ++round) {
            if (round == 1) app.rounds().suggest();
            QTRY_COMPARE_WITH_TIMEOUT(ready.count(), round, 600'000);
            QVERIFY(session::Round(*app.project(), {}).answerFromTruth(Job()).ok());
            app.rounds().refresh();
            app.rounds().train();
        }
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 3, 600'000);
        app.window().show();
        app.window().showPage(MainWindow::Page::Label);
        check(takePage(app, MainWindow::Page::Label, m_folder, QStringLiteral("label-classes")), 2);
        check(takePage(app, MainWindow::Page::Progress, m_folder, QStringLiteral("progress-classes")), 2);
        check(takePage(app, MainWindow::Page::Data, m_folder, QStringLiteral("data-classes")), 2);
        check(takePage(app, MainWindow::Page::Train, m_folder, QStringLiteral("train-classes")), 2);
    }

    void itemsOfThreeMedia() {
        test::Shell shell;
        Application& app = shell.app();
        const auto demo = session::transfer::createDemo(toPath(shell.path("demo")), 60, 3, Job(),
                                                        session::transfer::DemoKind::SoundPictures);
        QVERIFY(demo.ok());
        QString manifest = QStringLiteral("id,split,class,image,audio,text\n");
        const QStringList pictures =
            QDir(shell.path("demo/pairs")).entryList({QStringLiteral("*.jpg"), QStringLiteral("*.png")}, QDir::Files);
        QVERIFY(!pictures.isEmpty());
        for (const QString& picture : pictures) {
            const QString stem = picture.section(QLatin1Char('.'), 0, -2);
            manifest += QStringLiteral(
                            "%1,train,,pairs/%2,pairs/%1.wav,\"What is photographed and heard here, and does one "
                            "go with the other? Recorded and noted on a walk.\"\n")
                            .arg(stem, picture);
        }
        test::writeText(shell.path("demo/three.csv"), manifest);
        ProjectSettings settings;
        settings.name = "Walks";
        settings.task = TaskKind::Classify;
        settings.media = {Modality::Image, Modality::Audio, Modality::Text};
        settings.holdoutShare = 0.0;
        session::transfer::ImportRequest request;
        request.format = "csv";
        request.from = toPath(shell.path("demo/three.csv"));
        QVERIFY(!create(shell.path("walks.querent"), settings, request).isEmpty());
        {
            auto project = session::project::Project::open(toPath(shell.path("walks.querent")),
                                                           session::project::OpenMode::ReadWrite);
            QVERIFY(project.ok());
            for (const char* name : {"bell", "bird", "car", "clock", "drum", "rain"})
                QVERIFY((*project)->addClass(name).ok());
        }
        open(app, shell.path("walks.querent"));
        showAll(app);
        check(takePage(app, MainWindow::Page::Label, m_folder, QStringLiteral("label-media")), 2);
    }
};

QTEST_MAIN(TestScreenshotsMedia)
#include "tst_screenshots_media.moc"
