// The command line as scripts use it: exit statuses, one JSON document, sentences on stderr.

#include "tests/engine/learn/stored_zip.h"
#include "tests/engine/session/pictures.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Answer {
    int status = -1;
    QByteArray out;
    QByteArray err;

    QJsonDocument json() const { return QJsonDocument::fromJson(out); }
};

Answer run(const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral(QUERENT_CLI), arguments);
    if (!process.waitForFinished(120000)) return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

}  // namespace

class TestCli : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void wrongUsageIsTwo() {
        QCOMPARE(run({}).status, 2);
        QCOMPARE(run({"no-such-command"}).status, 2);
        QCOMPARE(run({"import"}).status, 2);
        QCOMPARE(run({"--help"}).status, 0);
    }

    void faultyRequestsAreOneWithASentence() {
        QTemporaryDir dir;
        const Answer missing = run({"info", dir.filePath("none.querent"), "--json"});
        QCOMPARE(missing.status, 1);
        QVERIFY(missing.out.isEmpty());
        QVERIFY(missing.err.contains("none.querent"));
        QCOMPARE(missing.err.count('\n'), 1);
    }

    void demosOfBothKinds() {
        QTemporaryDir dir;
        const Answer pairs = run({"demo", "--to", dir.filePath("pairs"), "--kind", "soundpictures", "--items", "60"});
        QVERIFY2(pairs.status == 0, pairs.err.constData());
        const QString project = QString::fromUtf8(pairs.out.trimmed());
        const QJsonObject info = run({"info", project, "--json"}).json().object();
        QCOMPARE(info["items"].toInt(), 60);
        QCOMPARE(info["classes"].toArray().size(), 10);
        QCOMPARE(run({"demo", "--to", dir.filePath("pictures"), "--items", "20"}).status, 0);
        QCOMPARE(run({"demo", "--to", dir.filePath("few"), "--kind", "soundpictures", "--items", "20"}).status, 1);
        QCOMPARE(run({"demo", "--to", dir.filePath("films"), "--kind", "films"}).status, 2);
    }

    void fromNothingToAModel() {
        QTemporaryDir dir;
        querent::tests::drawSquares(dir.path().toStdString(), 40);
        const QString project = dir.filePath("p.querent");
        QCOMPARE(run({"create", project, "--task", "detect", "--media", "image", "--classes", "red,blue"}).status, 0);
        QCOMPARE(run({"create", project, "--task", "detect", "--media", "image"}).status, 1);
        const Answer imported = run({"import", project, "--format", "csv", "--from", dir.filePath("boxes.csv"),
                                     "--files", dir.filePath("pictures"), "--json"});
        QCOMPARE(imported.status, 0);
        QCOMPARE(imported.json().object()["items"].toInt(), 40);

        const QJsonObject info = run({"info", project, "--json"}).json().object();
        QCOMPARE(info["items"].toInt(), 40);
        QCOMPARE(info["splits"].toObject()["val"].toObject()["items"].toInt(), 8);
        QCOMPARE(info["classes"].toArray().size(), 2);

        const Answer trained = run({"train", project, "--steps", "4", "--seed", "3", "--json"});
        QVERIFY2(trained.status == 0, trained.err.constData());
        QVERIFY(trained.json().object()["metrics"].toObject().contains("map50"));
        const Answer measured = run({"eval", project, "--split", "val", "--json"});
        QVERIFY(measured.json().object()["per_class"].toObject().contains("red"));
        QCOMPARE(run({"eval", project, "--split", "test", "--json"}).status, 1);

        QCOMPARE(run({"predict", project, "--split", "val", "--to", dir.filePath("seen.json")}).status, 0);
        QVERIFY(QFile::exists(dir.filePath("seen.json")));
        QCOMPARE(run({"check", project}).status, 0);
        const Answer lost = run({"export", project, "--format", "yolo", "--to", dir.filePath("yolo"), "--dry-run"});
        QCOMPARE(lost.status, 0);
        QVERIFY(!QFile::exists(dir.filePath("yolo")));
        const Answer rounds = run({"round", project, "--strategy", "entropy", "--count", "5", "--steps", "4",
                                   "--rounds", "2", "--json", "--curve", dir.filePath("curve.svg")});
        QVERIFY2(rounds.status == 0, rounds.err.constData());
        QCOMPARE(rounds.json().array().size(), 2);
        QCOMPARE(rounds.json().array()[1].toObject()["labels"].toInt(), 10);
        QVERIFY(QFile::exists(dir.filePath("curve.svg")));
        // What a policy was paid is kept beside what was measured, and is no measure.
        QCOMPARE(run({"round", project, "--strategy", "rl-mba", "--count", "5", "--steps", "4"}).status, 0);
        const QJsonObject after = run({"info", project, "--json"}).json().object();
        const QStringList measures = after["last_metrics"].toObject()["metrics"].toObject().keys();
        QVERIFY(measures.contains("map50"));
        QVERIFY2(measures.filter("policy").isEmpty(), qPrintable(measures.join(' ')));
    }

    // A program among the weights runs only for who says so, once; nothing is set before.
    void aProgramAsTheBackboneWantsAWord() {
        QTemporaryDir dir;
        qputenv("XDG_CONFIG_HOME", dir.filePath("config").toUtf8());
        QVERIFY(querent::tests::squaresProject(dir.path().toStdString(), 12, false) != nullptr);
        const QString project = dir.filePath("squares.querent");
        const QString program = dir.filePath("backbone.pt");
        QFile file(program);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            QByteArray::fromStdString(querent::tests::storedZip({{"b/data.pkl", "?"}, {"b/code/__torch__.py", "?"}})));
        file.close();
        const Answer refused = run({"train", project, "--steps", "2", "--backbone", program});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("TorchScript program") && refused.err.contains("--trust-script"), refused.err);
        QVERIFY(!QFile::exists(dir.filePath("config/querent/trusted-programs.json")));
        const Answer plain = run({"train", project, "--steps", "2"});
        QVERIFY2(plain.status == 0, plain.err);

        // This one then turns out to be no program at all, but is asked about no more.
        const Answer trusted = run({"train", project, "--steps", "2", "--backbone", program, "--trust-script"});
        QCOMPARE(trusted.status, 1);
        QVERIFY2(trusted.err.contains("cannot be run by this LibTorch"), trusted.err);
        QVERIFY(QFile::exists(dir.filePath("config/querent/trusted-programs.json")));
        const Answer again = run({"train", project, "--steps", "2"});
        QVERIFY2(again.err.contains("cannot be run by this LibTorch"), again.err);
        QVERIFY(run({"train", "--help"}).out.contains("--trust-script"));
    }

    // A damaged project says how to go back to a backup; going back needs the backup's name.
    void checkListsBackupsAndRestoresOne() {
        QTemporaryDir dir;
        QVERIFY(querent::tests::squaresProject(dir.path().toStdString(), 8, false) != nullptr);
        const QString project = dir.filePath("squares.querent");
        const QString empty = dir.filePath("empty.querent");  // a project without items needs no backup
        QCOMPARE(run({"create", empty, "--task", "detect", "--media", "image"}).status, 0);
        QVERIFY(run({"check", empty}).out.contains("There are no backups."));
        QCOMPARE(run({"check", project}).status, 0);  // opens it, and waits for its first backup at the end
        const Answer listed = run({"check", project});
        QCOMPARE(listed.status, 0);
        const QByteArray command = "querent-cli check \"" + project.toUtf8() + "\" --restore \"";
        QVERIFY2(listed.out.contains(command), listed.out.constData());
        const QString backup =
            QString::fromUtf8(listed.out.mid(listed.out.indexOf(command) + command.size())).section('"', 0, 0);
        QFile file(project);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no project any more") > 0);
        file.close();
        const Answer damaged = run({"check", project});
        QCOMPARE(damaged.status, 1);
        QVERIFY2(damaged.out.contains(backup.toUtf8()), damaged.out.constData());
        const Answer restored = run({"check", project, "--restore", backup});
        QVERIFY2(restored.status == 0, restored.err.constData());
        QVERIFY(restored.out.contains("is kept as"));
        QCOMPARE(run({"info", project, "--json"}).json().object()["items"].toInt(), 8);
    }

    void strategiesSayWhatTheyNeed() {
        const QJsonArray all = run({"strategies", "--json"}).json().array();
        QStringList names;
        for (const QJsonValue& strategy : all)
            names << strategy.toObject()["name"].toString();
        QVERIFY(names.contains("random") && names.contains("entropy") && names.contains("coreset"));
    }

    void policiesCanBeMadeAndLookedAt() {
        const QTemporaryDir dir;
        const QString policy = dir.filePath("start.policy");
        const Answer made = run(
            {"policy", "practise", "--to", policy, "--steps", "1", "--tasks", "2", "--version", "one step", "--json"});
        QVERIFY2(made.status == 0, made.err.constData());
        QVERIFY(made.json().object().contains("margin"));
        const QString project = dir.filePath("p.querent");
        QCOMPARE(run({"create", project, "--task", "detect", "--media", "image", "--classes", "A"}).status, 0);
        QVERIFY(!run({"policy", "info", project, "--json"}).json().object()["own"].toBool());
        QCOMPARE(run({"policy", "load", project, "--from", policy}).status, 0);
        const QJsonObject info = run({"policy", "info", project, "--json"}).json().object();
        QVERIFY(info["own"].toBool());
        QCOMPARE(info["start"].toString(), QString("one step"));
        QCOMPARE(run({"policy", "save", project, "--to", dir.filePath("again.policy")}).status, 0);
        const Answer refused = run({"policy", "load", project, "--from", project});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("not a policy file"), refused.err.constData());
        QCOMPARE(run({"policy", "info", project, "--strategy", "margin"}).status, 1);
    }

    void modelsGoAlong() {
        QTemporaryDir dir;
        querent::tests::drawSquares(dir.path().toStdString(), 12);
        const QString project = dir.filePath("p.querent");
        const QString onnx = dir.filePath("m.onnx");
        const auto exported = [&](const QString& from, const QString& format, const QStringList& more = {}) {
            return run(QStringList{"model", "export", from, "--format", format, "--to", onnx} + more);
        };
        const auto refused = [](const Answer& answer, const char* sentence) {
            return answer.status == 1 && answer.err.count('\n') == 1 && answer.err.contains(sentence);
        };
        QCOMPARE(run({"create", project, "--task", "detect", "--media", "image", "--classes", "red,blue"}).status, 0);
        QCOMPARE(run({"import", project, "--format", "csv", "--from", dir.filePath("boxes.csv"), "--files",
                      dir.filePath("pictures")})
                     .status,
                 0);
        QVERIFY(refused(exported(project, "onnx"), "no model yet"));
        QCOMPARE(run({"train", project, "--steps", "1"}).status, 0);
        QVERIFY(refused(exported(project, "keras"), "onnx, torchscript or safetensors"));
        QVERIFY(refused(exported(project, "onnx", {"--model", "9"}), "no model with the number 9"));
        QVERIFY(!QFile::exists(onnx));
        const Answer written = exported(project, "onnx", {"--model", "1"});
        QVERIFY2(written.status == 0, written.err.constData());
        QFile file(onnx);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("[\"red\",\"blue\"]"));
        QVERIFY(refused(exported(project, "onnx"), "there already"));
        QCOMPARE(exported(project, "torchscript", {"--overwrite"}).status, 0);
        QCOMPARE(exported(project, "safetensors", {"--overwrite"}).status, 0);

        const QString sounds = dir.filePath("s.querent");
        QCOMPARE(run({"create", sounds, "--task", "classify", "--media", "audio"}).status, 0);
        QVERIFY(refused(exported(sounds, "onnx", {"--overwrite"}), "single pictures"));
    }

    void benchmarksPrintFigures() {
        const Answer bench = run({"bench", "map", "--images", "50", "--json"});
        QCOMPARE(bench.status, 0);
        QVERIFY(bench.json().object()["coco_ms"].toDouble() > 0.0);
        const Answer select = run({"bench", "select", "--pool", "300", "--dim", "20", "--batch", "5", "--json"});
        QCOMPARE(select.status, 0);
        QCOMPARE(select.json().object()["pool"].toInt(), 300);
        for (const char* name : {"pass_ms", "badge_ms", "badge_passes_a_pick", "coreset_ms", "coreset_passes_a_pick",
                                 "bmmal_ms", "rl-mba_ms"})
            QVERIFY2(select.json().object()[QLatin1String(name)].toDouble() > 0.0, name);
        QVERIFY(select.json().object()["badge_memory"].toDouble(-1.0) >= 0.0);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
