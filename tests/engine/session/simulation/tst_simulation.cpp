#include "engine/session/machine.h"
#include "engine/session/simulation/simulation.h"
#include "tests/engine/session/pictures.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <stop_token>

using namespace querent;

class TestSimulation : public QObject {
    Q_OBJECT

    // One project, and one simulation of it from end to end: what the others are measured against.
    QTemporaryDir m_dir;
    std::unique_ptr<session::Project> m_project;

    std::filesystem::path folder() const { return m_dir.path().toStdString(); }

    static session::simulation::SimulationOptions options(const std::filesystem::path& out) {
        session::simulation::SimulationOptions options;
        options.strategies = {"random", "entropy", "rl-mba"};  // the last one remembers
        options.initial = 4;
        options.batch = 3;
        options.rounds = 2;
        options.seeds = 2;
        options.steps = 2;
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
    void initTestCase() {
        // More threads than this small network can use only wait for one another on a busy machine.
        session::setComputeThreads(1);
        m_project = tests::squaresProject(folder(), 30, false);
        QVERIFY(m_project != nullptr);
        const auto whole = session::simulation::simulate(*m_project, options(folder() / "whole"), Job());
        QVERIFY2(whole.ok(), whole ? "" : whole.error().text().c_str());
        QVERIFY(whole->complete);
        QCOMPARE(curves(folder() / "whole").size(), 1 + 3 * 2 * 3);
    }

    void interruptedItGoesOnWithTheSameResult() {
        // Stopped again and again, a little later each time, as a person with little patience would.
        int stopped = 0;
        for (int patience = 1; patience < 50; patience += 12) {
            std::stop_source stop;
            int reports = 0;
            const Job job(stop.get_token(), [&](const Progress&) {
                if (++reports > patience) stop.request_stop();
            });
            if (session::simulation::simulate(*m_project, options(folder() / "parts"), job).ok()) break;
            ++stopped;
        }
        QVERIFY(stopped > 2);
        QVERIFY(session::simulation::simulate(*m_project, options(folder() / "parts"), Job()).ok());
        QCOMPARE(curves(folder() / "parts"), curves(folder() / "whole"));
    }

    void theInitialSetIsEveryStrategys() {
        QStringList first[2];
        for (const QString& line : curves(folder() / "whole")) {
            if (line.section(',', 2, 2) != "0" || line.startsWith("rl-mba")) continue;
            first[line.startsWith("random") ? 0 : 1] << line.section(',', 1);
        }
        QCOMPARE(first[0].size(), 2);
        QCOMPARE(first[0], first[1]);
    }

    void shardsJoinToTheSame() {
        auto part = options(folder() / "shards");
        part.shards = 2;
        part.shard = 1;
        const auto half = session::simulation::simulate(*m_project, part, Job());
        QVERIFY(half.ok());
        QVERIFY(!half->complete);
        part.shard = 0;
        const auto joined = session::simulation::simulate(*m_project, part, Job());
        QVERIFY(joined.ok());
        QVERIFY(joined->complete);
        QCOMPARE(curves(folder() / "shards"), curves(folder() / "whole"));
    }

    // It has copies of the model trained, with and without items of the pool, and measured on validation.
    void strategiesThatTryBatchesGetAProxy() {
        for (const char* name : {"tried", "again"}) {
            auto trying = options(folder() / name);
            trying.strategies = {"mgral"};
            trying.seeds = 1;
            int tried = 0;
            const Job job({}, [&](const Progress& progress) { tried += progress.phase == "Trying batches" ? 1 : 0; });
            const auto summary = session::simulation::simulate(*m_project, trying, job);
            QVERIFY2(summary.ok(), summary ? "" : summary.error().text().c_str());
            QVERIFY(tried > 20);  // eleven or more in each of two rounds
        }
        QCOMPARE(curves(folder() / "tried"), curves(folder() / "again"));
    }

    void anotherSimulationsFolderIsRefused() {
        auto mine = options(folder() / "whole");
        mine.batch = 5;
        QVERIFY(!session::simulation::simulate(*m_project, mine, Job()).ok());
        mine = options(folder() / "whole");
        QVERIFY(session::simulation::simulate(*m_project, mine, Job()).ok());
        // Would mix two networks in one curve.
        QVERIFY(m_project->changeSettings([](ProjectSettings& settings) { settings.networkSize = "base"; }).ok());
        QVERIFY(!session::simulation::simulate(*m_project, mine, Job()).ok());
        QVERIFY(m_project->changeSettings([](ProjectSettings& settings) { settings.networkSize = "small"; }).ok());
        mine.strategies = {"no-such-strategy"};
        QVERIFY(!session::simulation::simulate(*m_project, mine, Job()).ok());
        mine = options(folder() / "other");
        mine.initial = 1000;
        QVERIFY(!session::simulation::simulate(*m_project, mine, Job()).ok());
    }
};

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
