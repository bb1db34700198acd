#include "engine/session/simulation.h"
#include "engine/session/tools.h"
#include "tests/engine/session/pictures.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <stop_token>

using namespace querent;

class TestSimulation : public QObject {
    Q_OBJECT

    static session::SimulationOptions options(const std::filesystem::path& out) {
        session::SimulationOptions options;
        options.strategies = {"random", "entropy"};
        options.initial = 4;
        options.batch = 3;
        options.rounds = 2;
        options.seeds = 2;
        options.steps = 5;
        options.out = out;
        return options;
    }

    // curves.csv without its seconds, which differ from run to run.
    static QStringList curves(const std::filesystem::path& out) {
        QFile file(QString::fromStdString((out / "curves.csv").string()));
        if (!file.open(QIODevice::ReadOnly)) return {};
        QStringList lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
        for (QString& line : lines)
            line = line.section(',', 0, 5);
        return lines;
    }

 private Q_SLOTS:
    // More threads than this small network can use only wait for one another on a busy machine.
    void initTestCase() { session::setComputeThreads(1); }

    void interruptedItGoesOnWithTheSameResult() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder, 40, false);
        QVERIFY(project != nullptr);
        const auto whole = session::simulate(*project, options(folder / "whole"), Job());
        QVERIFY2(whole.ok(), whole ? "" : whole.error().text().c_str());
        QVERIFY(whole->complete);
        QCOMPARE(curves(folder / "whole").size(), 1 + 2 * 2 * 3);

        // Stopped again and again after one more report, as a person with little patience would.
        for (int patience = 1; patience < 60; patience += 7) {
            std::stop_source stop;
            int reports = 0;
            const Job job(stop.get_token(), [&](const Progress&) {
                if (++reports > patience) stop.request_stop();
            });
            if (session::simulate(*project, options(folder / "parts"), job).ok()) break;
        }
        QVERIFY(session::simulate(*project, options(folder / "parts"), Job()).ok());
        QCOMPARE(curves(folder / "parts"), curves(folder / "whole"));
    }

    void theInitialSetIsEveryStrategys() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder, 30, false);
        QVERIFY(project != nullptr);
        QVERIFY(session::simulate(*project, options(folder / "out"), Job()).ok());
        QStringList first[2];
        for (const QString& line : curves(folder / "out")) {
            if (line.section(',', 2, 2) != "0") continue;
            first[line.startsWith("random") ? 0 : 1] << line.section(',', 1);
        }
        QCOMPARE(first[0].size(), 2);
        QCOMPARE(first[0], first[1]);
    }

    void shardsJoinToTheSame() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder, 30, false);
        QVERIFY(project != nullptr);
        auto part = options(folder / "shards");
        part.shards = 2;
        part.shard = 1;
        const auto half = session::simulate(*project, part, Job());
        QVERIFY(half.ok());
        QVERIFY(!half->complete);
        part.shard = 0;
        const auto joined = session::simulate(*project, part, Job());
        QVERIFY(joined.ok());
        QVERIFY(joined->complete);
        QVERIFY(session::simulate(*project, options(folder / "whole"), Job()).ok());
        QCOMPARE(curves(folder / "shards"), curves(folder / "whole"));
    }

    void anotherSimulationsFolderIsRefused() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder, 30, false);
        QVERIFY(project != nullptr);
        auto mine = options(folder / "out");
        mine.strategies = {"random"};
        mine.seeds = 1;
        mine.rounds = 1;
        QVERIFY(session::simulate(*project, mine, Job()).ok());
        mine.batch = 5;
        QVERIFY(!session::simulate(*project, mine, Job()).ok());
        mine.batch = 3;
        QVERIFY(session::simulate(*project, mine, Job()).ok());
        ProjectSettings settings = project->settings();
        settings.networkSize = "base";  // would mix two networks in one curve
        QVERIFY(project->saveSettings(settings).ok());
        QVERIFY(!session::simulate(*project, mine, Job()).ok());
        mine.strategies = {"no-such-strategy"};
        QVERIFY(!session::simulate(*project, mine, Job()).ok());
        mine = options(folder / "other");
        mine.initial = 1000;
        QVERIFY(!session::simulate(*project, mine, Job()).ok());
    }
};

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
