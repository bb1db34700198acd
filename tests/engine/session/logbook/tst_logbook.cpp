#include "engine/core/files.h"
#include "engine/session/background.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/session/pictures.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <future>
#include <stdexcept>

using namespace querent;
using namespace querent::session;

namespace fs = std::filesystem;

namespace {

QString textOf(const fs::path& file) {
    const Result<std::string> bytes = readWhole(file);
    return bytes ? QString::fromStdString(*bytes) : QString();
}

/** Runs `work` as the window does, to its end. */
void runInBackground(Background::Work work) {
    std::promise<void> ended;
    Background background([&ended](const BackgroundEvent& event) {
        if (event.kind == BackgroundEvent::Kind::Failed || event.kind == BackgroundEvent::Kind::Finished)
            ended.set_value();
    });
    QVERIFY(background.start("import", std::move(work)));
    ended.get_future().wait();
}

}  // namespace

class TestLogbook : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void cleanup() { logbook::end(); }

    void liesWhereStateLies() {
        const QByteArray state = qgetenv("XDG_STATE_HOME");
        const QByteArray home = qgetenv("HOME");
        qputenv("HOME", "/home/ada");
        qputenv("XDG_STATE_HOME", "/state");
        QCOMPARE(logbook::defaultFile(), fs::path("/state/querent/querent.log"));
        qputenv("XDG_STATE_HOME", "relative");
        QCOMPARE(logbook::defaultFile(), fs::path("/home/ada/.local/state/querent/querent.log"));
        qunsetenv("XDG_STATE_HOME");
        QCOMPARE(logbook::defaultFile(), fs::path("/home/ada/.local/state/querent/querent.log"));
        qunsetenv("HOME");
        QVERIFY(logbook::defaultFile().empty());
        if (!state.isNull()) qputenv("XDG_STATE_HOME", state);
        qputenv("HOME", home);
    }

    void isMadeWithItsFolder() {
        const QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "new" / "querent.log";
        QVERIFY(logbook::begin(file, "Querent 1.2.3, Qt /6"));
        logbook::warn("A warning.");
        const QStringList lines = textOf(file).split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 3);
        const QRegularExpression form(
            QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z \\d+ (info|warning) "));
        QVERIFY2(lines[0].contains(form) && lines[0].endsWith(QStringLiteral(" info Querent 1.2.3, Qt /6")),
                 qPrintable(lines[0]));
        QVERIFY2(lines[1].contains(form) && lines[1].endsWith(QStringLiteral(" warning A warning.")),
                 qPrintable(lines[1]));
        logbook::end();
        QVERIFY(logbook::begin(file, "again"));
        QCOMPARE(textOf(file).count(QLatin1Char('\n')), 3);
    }

    void isRotated() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        QVERIFY(logbook::begin(folder / "querent.log", "first", 2000));
        for (int i = 0; i < 300; ++i)
            logbook::note("A line of a length that fills the files soon.");
        logbook::end();
        std::size_t files = 0;
        for (const auto& entry : fs::directory_iterator(folder)) {
            ++files;
            QVERIFY(entry.file_size() <= 2000);
        }
        QCOMPARE(files, logbook::kFiles);
    }

    void aFolderThatCannotBeWrittenStopsNothing() {
        QVERIFY(!logbook::begin("/proc/nowhere/querent.log", "first"));
        QVERIFY(!logbook::begin({}, "first"));
        logbook::error("dropped");
        const QTemporaryDir dir;
        const fs::path blocked = fs::path(dir.path().toStdString()) / "file";
        std::ofstream(blocked) << "content";
        QVERIFY(!logbook::begin(blocked / "querent.log", "first"));
    }

    void namesAreLeftOut_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("clean");
        const auto row = [](const char* line, const char* clean) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(clean);
        };
        row("The file is empty.", "The file is empty.");
        row("Line 3 of 'my cat.jpg' is bad.", "Line 3 of … is bad.");
        row("The class \"red cell\" (\"a b\") isn't there.", "The class … (…) isn't there.");
        row("cat.JPG: The item's file is missing.", "… The item's file is missing.");
        row("/home/ada/p.querent: damaged, see a/b.", "… damaged, see …");
        row("(boxes.csv) line 2", "(… line 2");
        row("An open 'quotation", "An open 'quotation");
        row("", "");
    }
    void namesAreLeftOut() {
        QFETCH(QString, line);
        QFETCH(QString, clean);
        QCOMPARE(QString::fromStdString(logbook::withoutNames(line.toStdString())), clean);
    }

    void anImportIsThereWithoutItsItems() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        const fs::path file = folder / "state" / "querent.log";
        QVERIFY(logbook::begin(file, "Querent"));
        auto project = project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        transfer::ImportRequest request;
        request.format = "csv";
        request.from = folder / "boxes.csv";
        request.files = folder / "pictures";
        QVERIFY(transfer::importInto(**project, request, Job()).ok());
        std::ofstream(folder / "boxes.csv", std::ios::app) << "square0.png,labelled,red,1,2,abc,4\n";
        request.strict = true;
        runInBackground([&](const Job& job) -> Result<void> {
            const auto report = transfer::importInto(**project, request, job);
            return report ? Result<void>() : report.error();
        });
        runInBackground([](const Job&) -> Result<void> { throw std::runtime_error("thrown at square1.png"); });
        const QString text = textOf(file);
        QVERIFY2(text.contains(QStringLiteral(" info Import of csv: 6 items, 6 of them new, ")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral(" error import failed: Nothing was imported: ")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Something went wrong inside: thrown at …")), qPrintable(text));
        for (const QString& name : {QStringLiteral("square"), QStringLiteral("boxes"), dir.path()})
            QVERIFY2(!text.contains(name), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(TestLogbook)
#include "tst_logbook.moc"
