// The window opens a project and shows every page without a socket to anywhere: the kernel would kill it.

#include "tests/app/support/label_fixture.h"
#include "tests/support/no_network.h"

#include <QApplication>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

using querent::tests::forbidNetwork;

namespace {

constexpr int kNoFilter = 99;

// Starts a program without network, with settings of its own, and waits for its end.
void runWithout(QProcess& process, const QString& program, const QStringList& arguments, const QString& home) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        environment.insert(QLatin1String(name), home);
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    process.setProcessEnvironment(environment);
    process.setChildProcessModifier([] {
        if (!forbidNetwork()) ::_exit(kNoFilter);
    });
    process.start(program, arguments);
    QVERIFY(process.waitForFinished(120000));
}

}  // namespace

class TestWindowNoNetwork : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        QProcess process;
        runWithout(process, QStringLiteral("true"), {}, QDir::tempPath());
        if (process.exitCode() == kNoFilter) QSKIP("This system has no seccomp filters.");
    }

    // The control: what follows would notice.
    void theFilterBites() {
        QProcess process;
        runWithout(process, QCoreApplication::applicationFilePath(), {QStringLiteral("--open-a-socket")},
                   QDir::tempPath());
        QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    }

    void everyPageOfAnOpenProject() {
        const QTemporaryDir folder;
        querent::app::test::makeProject(folder.path(), {});  // and closes it
        QProcess process;
        runWithout(process, QStringLiteral(QUERENT_PROGRAM),
                   {"--screenshots", folder.filePath("pictures"), folder.filePath("test.querent")},
                   folder.filePath("home"));
        QVERIFY2(process.exitStatus() == QProcess::NormalExit, process.readAllStandardError().constData());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QVERIFY(QDir(folder.filePath("pictures")).entryList({"label*.png"}).size() > 0);
    }
};

int main(int argc, char** argv) {
    if (argc > 1 && qstrcmp(argv[1], "--open-a-socket") == 0) return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1;
    const QApplication application(argc, argv);
    TestWindowNoNetwork test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_window_no_network.moc"
