#include "app/bridge/image_convert.h"
#include "engine/core/rng.h"
#include "tests/app/document/kill_child.h"
#include "tests/app/support/label_fixture.h"
#include "tests/support/slowness.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

using namespace querent;
using namespace querent::app::bridge;
using namespace querent::app::test;

namespace {

const char* const kChildFlag = "--label-until-killed";

/** What the project may hold after a kill: the last state that was safe, or one that was on its way. */
struct Journal {
    QString safe;
    QStringList underway;
    int gestures = 0;
};

Journal readJournal(const QString& path) {
    Journal journal;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return journal;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() < 3 || !line.endsWith(']')) continue;  // cut off by the kill
        const QString state = QString::fromUtf8(line.mid(words[0].size() + words[1].size() + 2));
        if (words[0] == "safe") {
            journal.safe = state;
            journal.underway.clear();
            journal.gestures = words[1].toInt();
        } else {
            journal.underway << state;
        }
    }
    return journal;
}

}  // namespace

/** Labels in another process, kills that with SIGKILL at any moment, and looks at what is on disk. */
class TestKill : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void nothingSavedIsEverLost_data() {
        QTest::addColumn<int>("number");
        const int kills =
            qEnvironmentVariableIsSet("QUERENT_KILLS") ? qEnvironmentVariableIntValue("QUERENT_KILLS") : 6;
        for (int i = 1; i <= kills; ++i)
            QTest::addRow("kill %d", i) << i;
    }

    void nothingSavedIsEverLost() {
        QFETCH(int, number);
        QTemporaryDir folder;
        makeProject(folder.path(), Plan());  // and closes it
        const QString project = folder.filePath(QStringLiteral("test.querent"));
        const QString journalFile = folder.filePath(QStringLiteral("journal"));
        Rng rng(static_cast<std::uint64_t>(number), "kill");
        const int killAt = rng.integer(1, kGestures - 5);
        killChild(project, journalFile, number, killAt, rng);
        if (QTest::currentTestFailed()) return;

        const Journal journal = readJournal(journalFile);
        QVERIFY(journal.gestures >= killAt);
        auto opened = session::project::Project::open(toPath(project), session::project::OpenMode::ReadWrite);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        const QString found = stateLine(**opened);
        const bool known = found == journal.safe || journal.underway.contains(found);
        QVERIFY2(known || found == stateAfter(journal.gestures + 1, number),
                 qPrintable(QStringLiteral("after gesture %1\nfound %2\nsafe  %3\nnext  %4")
                                .arg(journal.gestures)
                                .arg(found, journal.safe, journal.underway.join(QLatin1Char('\n')))));
        const auto problems = (*opened)->check();
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
    }

    void withoutAKillAllGesturesArrive() {
        QTemporaryDir folder;
        makeProject(folder.path(), Plan());
        const QString project = folder.filePath(QStringLiteral("test.querent"));
        const QString journalFile = folder.filePath(QStringLiteral("journal"));
        QProcess child;
        start(child, project, journalFile, 77);
        QVERIFY(child.waitForFinished(120000));
        QCOMPARE(child.exitStatus(), QProcess::NormalExit);
        QVERIFY2(child.exitCode() == 0, child.readAllStandardError().constData());
        const Journal journal = readJournal(journalFile);
        QCOMPARE(journal.gestures, kGestures);
        auto opened = session::project::Project::open(toPath(project), session::project::OpenMode::ReadWrite);
        QVERIFY(opened.ok());
        QCOMPARE(stateLine(**opened), journal.safe);
    }

 private:
    /** The same gestures again, undisturbed: a gesture can be on disk before the journal tells of it. */
    static QString stateAfter(int gestures, int seed) {
        QTemporaryDir folder;
        makeProject(folder.path(), Plan());
        QProcess child;
        const QString journalFile = folder.filePath(QStringLiteral("journal"));
        start(child, folder.filePath(QStringLiteral("test.querent")), journalFile, seed);
        child.waitForFinished(120000);
        QFile file(journalFile);
        if (!file.open(QIODevice::ReadOnly)) return {};
        const QByteArray wanted = "done " + QByteArray::number(gestures) + ' ';
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.startsWith(wanted)) return QString::fromUtf8(line.mid(wanted.size()));
        }
        return {};
    }

    static void start(QProcess& child, const QString& project, const QString& journal, int seed) {
        child.setProcessChannelMode(QProcess::SeparateChannels);
        child.start(QCoreApplication::applicationFilePath(),
                    {QLatin1String(kChildFlag), project, journal, QString::number(seed)});
        QVERIFY(child.waitForStarted());
    }

    void killChild(const QString& project, const QString& journalFile, int seed, int killAt, Rng& rng) {
        QProcess child;
        start(child, project, journalFile, seed);
        QElapsedTimer timer;
        timer.start();
        while (readJournal(journalFile).gestures < killAt) {
            QVERIFY2(timer.elapsed() < 120000 * test::kSlowness, "the child is too slow");
            QVERIFY2(child.state() == QProcess::Running, child.readAllStandardError().constData());
            QThread::msleep(3);
            child.waitForReadyRead(0);
        }
        QThread::usleep(static_cast<unsigned long>(rng.integer(0, 12000)));
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    }
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.value(1) == QLatin1String(kChildFlag)) {
        return runKillChild(arguments.value(2), arguments.value(3), arguments.value(4).toULongLong());
    }
    TestKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_kill.moc"
