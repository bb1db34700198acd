// The command line when files move, disks and terminals are not what they should be, or a project is a stranger's.

#include "tests/engine/session/pictures.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <fstream>
#include <sys/stat.h>

namespace {

struct Answer {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

Answer answerOf(QProcess& process) {
    if (!process.waitForFinished(120000)) return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

Answer run(const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral(QUERENT_CLI), arguments);
    return answerOf(process);
}

// With redirections: `command` is what stands behind the program's name.
Answer shell(const QString& command, const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral("/bin/sh"),
                  QStringList{"-c", QStringLiteral(QUERENT_CLI " ") + command, "sh"} + arguments);
    return answerOf(process);
}

void sql(const QString& project, const std::string& statements) {
    SQLite::Database(project.toStdString(), SQLite::OPEN_READWRITE).exec(statements);
}

// Many rows: an import that takes a moment.
void writeTable(const QString& path, int rows) {
    std::ofstream out(path.toStdString());
    out << "id,split,class,text\n";
    for (int i = 0; i < rows; ++i)
        out << 'i' << i << ",train,c" << i % 7 << ",\"text number " << i << "\"\n";
}

}  // namespace

class TestCliTrust : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString path(const QString& name) const { return m_dir.filePath(name); }
    // A new project of texts with one class.
    QString make(const QString& name, const QString& classes = "c0") {
        const Answer made = run({"create", path(name), "--task", "classify", "--media", "text", "--classes", classes});
        if (made.status != 0) qFatal("%s", made.err.constData());
        return path(name);
    }

 private Q_SLOTS:
    void aProjectThatIsReplacedMeanwhileIsAFailure_data() {
        QTest::addColumn<bool>("removed");
        QTest::newRow("replaced") << false;
        QTest::newRow("removed") << true;
    }

    void aProjectThatIsReplacedMeanwhileIsAFailure() {
        QFETCH(bool, removed);
        const QString project = make(removed ? "removed.querent" : "replaced.querent");
        const QString other = make("other.querent", "theirs");
        writeTable(path("rows.csv"), 60000);
        QProcess import;
        import.start(QStringLiteral(QUERENT_CLI), {"import", project, "--format", "csv", "--from", path("rows.csv")});
        // The first word of progress comes when the project is open, and within the transaction.
        import.setReadChannel(QProcess::StandardError);
        QVERIFY(import.waitForReadyRead(60000));
        QVERIFY(QFile::remove(project));
        if (!removed) QVERIFY(QFile::rename(other, project));
        const Answer answer = answerOf(import);
        QVERIFY2(answer.status == 1, answer.err.constData());
        QVERIFY2(answer.err.contains("moved, replaced or removed"), answer.err.constData());
        QVERIFY(!QFile::exists(project + "-wal"));
        QVERIFY(!QFile::exists(project + "-shm"));
        QCOMPARE(QFile::exists(project), !removed);
        if (removed) return;
        const Answer checked = run({"check", project});
        QVERIFY2(checked.status == 0, checked.out.constData());
    }

    void aFullOutputIsAFailure() {
        const QString project = make("full.querent");
        const Answer info = shell("info \"$1\" --json > /dev/full", {project});
        QCOMPARE(info.status, 1);
        QVERIFY2(info.err.contains("could not be written"), info.err.constData());
        QCOMPARE(shell("--help > /dev/full", {}).status, 1);
        QCOMPARE(shell("info \"$1\" >&-", {project}).status, 1);
        QCOMPARE(shell("info \"$1\" > /dev/null", {project}).status, 0);
    }

    // Descriptor 2 would be the next file's, and sentences would be written into it.
    void aClosedErrorOutputIsNobodyElses() {
        const QString project = make("closed.querent");
        writeTable(path("few.csv"), 20);
        QCOMPARE(shell("import \"$1\" --format csv --from \"$2\" 2>&- <&-", {project, path("few.csv")}).status, 0);
        QCOMPARE(shell("import \"$1\" --format csv --from /nowhere 2>&-", {project}).status, 1);
        QFile lock(project + ".d/lock");
        QVERIFY(lock.open(QIODevice::ReadOnly));
        const QByteArray text = lock.readAll();
        QVERIFY2(QJsonDocument::fromJson(text).isObject(), text.constData());
        QCOMPARE(run({"check", project}).status, 0);
    }

    void controlCharactersAreShownAsCodes() {
        const QString project = make("colours.querent", "plain");
        sql(project, "UPDATE class SET name = 'a' || char(27) || '[31mb' || char(10) || 'c' || char(155) || 'é'");
        const Answer info = run({"info", project});
        QCOMPARE(info.status, 0);
        QVERIFY(!info.out.contains('\x1b'));
        QVERIFY2(info.out.contains("a\\x1b[31mb\\x0ac\\x9b\xc3\xa9"), info.out.constData());
        const Answer unknown = run({"classes", "rename", project, QString::fromUtf8("no\x1b[2Jne"), "x"});
        QCOMPARE(unknown.status, 1);
        QVERIFY(!unknown.err.contains('\x1b'));
    }

    void classesGetOtherNames() {
        const QString project = make("names.querent", "cat,dog");
        QCOMPARE(run({"classes", "rename", project, "cat", "lion"}).status, 0);
        QCOMPARE(run({"classes", "rename", project, "#1", "wolf"}).status, 0);
        QCOMPARE(run({"classes", "rename", project, "lion", "wolf"}).status, 1);
        QCOMPARE(run({"classes", "rename", project, "#7", "x"}).status, 1);
        QCOMPARE(run({"classes", "rename", project, "wolf", QString(85000, 'x')}).status, 1);
        sql(project, "UPDATE class SET name = hex(zeroblob(42500)) WHERE id = 1");
        const Answer refused = run({"info", project});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("classes rename"), refused.err.constData());
        QVERIFY(refused.err.size() < 1000);
        QCOMPARE(run({"classes", "rename", project, "#0", "short"}).status, 0);
        const QByteArray listed = run({"classes", "list", project, "--json"}).out;
        const QJsonArray classes = QJsonDocument::fromJson(listed).array();
        QCOMPARE(classes.size(), 2);
        QCOMPARE(classes[0].toObject()["name"].toString(), QString("short"));
        QCOMPARE(run({"info", project}).status, 0);
    }

    // Named and refused, or read: never an internal error, and never without an end.
    void strangersProjectsAreNamed_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<int>("info");
        QTest::addColumn<int>("import");
        QTest::newRow("step") << "INSERT INTO round (number, step, strategy, seed, labels_at_training, train_seconds, "
                                 "select_seconds, started_at, finished_at) VALUES (1, 99, '', 0, 0, 0, 0, '', '')"
                              << 1 << 1;
        QTest::newRow("no class")
            << "INSERT INTO annotation (item_id, class_id, difficult, crowd, truncated, occluded, "
               "provenance, round) SELECT id, 77, 0, 0, 0, 0, 0, 0 FROM item LIMIT 1"
            << 0 << 1;
        QTest::newRow("no source") << "UPDATE medium SET source_id = 12" << 0 << 1;
        QTest::newRow("version") << "PRAGMA user_version = -1" << 1 << 1;
        QTest::newRow("trigger") << "CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM class; END" << 0 << 1;
        QTest::newRow("endless view")
            << "ALTER TABLE class RENAME TO c2; CREATE VIEW class AS WITH RECURSIVE n (id) AS "
               "(SELECT 1 UNION ALL SELECT id FROM n) SELECT id, 'x' AS name, 'y' AS colour, "
               "1 AS export_index, 0 AS archived FROM n"
            << 1 << 1;
        QTest::newRow("settings") << "UPDATE meta SET value = '[' WHERE key = 'settings'" << 1 << 1;
        QTest::newRow("reasons") << "UPDATE meta SET value = '{\"batchSize\":-4}' WHERE key = 'settings'" << 1 << 1;
    }

    void strangersProjectsAreNamed() {
        QFETCH(QString, change);
        QFETCH(int, info);
        QFETCH(int, import);
        const QString project = make(QStringLiteral("stranger %1.querent").arg(QTest::currentDataTag()));
        writeTable(path("some.csv"), 50);
        QCOMPARE(run({"import", project, "--format", "csv", "--from", path("some.csv")}).status, 0);
        sql(project, "PRAGMA foreign_keys = OFF; " + change.toStdString());
        const Answer told = run({"info", project});
        QVERIFY2(told.status == info, told.err.constData());
        QVERIFY(!told.err.isEmpty());
        const Answer written = run({"import", project, "--format", "csv", "--from", path("some.csv")});
        QVERIFY2(written.status == import, written.err.constData());
        for (const QStringList& command :
             {QStringList{"check", project}, QStringList{"check", project, "--repair"},
              QStringList{"export", project, "--format", "csv", "--to", path("out.csv"), "--overwrite"},
              QStringList{"round", project}, QStringList{"suggest", project}}) {
            const Answer answer = run(command);
            QVERIFY2(answer.status == 0 || answer.status == 1, answer.err.constData());
        }
    }

    void whatIsNoFileIsRefusedAtOnce() {
        const QString fifo = path("fifo.querent");
        QVERIFY(::mkfifo(fifo.toUtf8().constData(), 0600) == 0);
        for (const QString& project : {fifo, QString("/dev/zero"), m_dir.path()}) {
            for (const char* command : {"info", "check", "train"}) {
                const Answer answer = run({command, project});
                QVERIFY2(answer.status == 1, answer.err.constData());
            }
        }
    }

    void aLongCheckEndsWhenAsked() {
        const QString project = make("long.querent");
        sql(project,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) "
            "INSERT INTO item (name, sort_key, split) SELECT 'i' || i, CAST(i AS BLOB), 0 FROM n");
        QElapsedTimer timer;
        timer.start();
        QProcess check;
        check.start(QStringLiteral(QUERENT_CLI), {"check", project});
        QTest::qWait(600);
        if (check.state() != QProcess::Running) QSKIP("This machine checks 400,000 items faster than it can be asked.");
        ::kill(static_cast<pid_t>(check.processId()), SIGINT);
        timer.restart();
        const Answer answer = answerOf(check);
        QVERIFY2(timer.elapsed() < 2000 * querent::test::kSlowness, qPrintable(QString::number(timer.elapsed())));
        // Asked before it has begun to listen, it is ended by the system.
        const bool early = check.exitStatus() == QProcess::CrashExit;
        QVERIFY2(early || answer.status == 130 || answer.status == 0 || answer.status == 1, answer.err.constData());
    }

    void aFailedBackupIsMentioned() {
        const QString project = make("backup.querent");
        writeTable(path("ten.csv"), 10);
        QCOMPARE(run({"import", project, "--format", "csv", "--from", path("ten.csv")}).status, 0);
        QFile::remove(project + ".d/backups");
        QDir(project + ".d/backups").removeRecursively();
        QFile inTheWay(project + ".d/backups");
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        inTheWay.close();
        const Answer info = run({"info", project});
        QCOMPARE(info.status, 0);
        QVERIFY2(info.err.contains("The automatic backup could not be made"), info.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliTrust)
#include "tst_cli_trust.moc"
