#include "engine/store/backups.h"
#include "engine/store/migrations.h"
#include "tests/engine/store/other_process.h"
#include "tests/engine/store/store_fixture.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <unistd.h>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void sql(const fs::path& path, const std::string& statements) {
    SQLite::Database db(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec(statements);
}

std::int64_t ask(const fs::path& path, const std::string& question) {
    SQLite::Database db(path.string(), SQLite::OPEN_READWRITE);
    return db.execAndGet(question).getInt64();
}

std::vector<Migration> historyWith(std::vector<Migration> later) {
    const auto builtIn = builtInMigrations();
    std::vector<Migration> steps(builtIn.begin(), builtIn.end());
    steps.insert(steps.end(), later.begin(), later.end());
    return steps;
}

// Runs `body` as a user who owns nothing here, so that permissions count even when the tests run as root.
int asNobody(const std::function<bool()>& body) {
    return exitCodeOf(forked([&] {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 2;
        return body() ? 0 : 1;
    }));
}

}  // namespace

class TestProjectFile : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void createsAndReopens() {
        QTemporaryDir dir;
        const fs::path path = fs::path(dir.path().toStdString()) / "Blood cells #1?.querent";
        ProjectSettings settings;
        settings.name = "Blood cells";
        settings.task = TaskKind::Classify;
        settings.media = {Modality::Image, Modality::Audio};
        settings.batchSize = 33;
        settings.ghostThreshold = 0.1;
        settings.showGhosts = false;
        settings.backboneWeights = "w.pt";
        settings.seed = 0xFFFFFFFFFFFFFFFFULL;
        {
            Result<ProjectFile> file = ProjectFile::create(path, settings);
            OK(file);
            FAILS(ProjectFile::create(path, settings), ErrorCode::InvalidArgument);
        }
        QVERIFY(!fs::exists(path.string() + "-wal"));
        QVERIFY(!fs::exists(path.string() + ".creating"));
        Result<ProjectFile> file = ProjectFile::open(path, Access::ReadOnly);
        OK(file);
        const Result<ProjectSettings> back = file->settings();
        OK(back);
        QCOMPARE(back->name, settings.name);
        QVERIFY(back->task == TaskKind::Classify);
        QVERIFY(back->media == settings.media);
        QCOMPARE(back->batchSize, 33);
        QCOMPARE(back->ghostThreshold, 0.1);
        QCOMPARE(back->showGhosts, false);
        QCOMPARE(back->backboneWeights, std::string("w.pt"));
        QCOMPARE(quint64(back->seed), quint64(settings.seed));
        FAILS(file->setSettings(settings), ErrorCode::ReadOnly);
        QCOMPARE(ask(path, "PRAGMA application_id"), std::int64_t(0x51524E54));
        QCOMPARE(ask(path, "PRAGMA user_version"), std::int64_t(builtInMigrations().back().version));
    }

    void changesSettings() {
        Fixture f;
        ProjectSettings settings = *f.file->settings();
        settings.strategy = "margin";
        OK(f.file->setSettings(settings));
        f.reopen();
        QCOMPARE(f.file->settings()->strategy, std::string("margin"));
    }

    void aNewProjectIgnoresTheLogOfADeletedOne() {
        Fixture f;
        f.file.reset();
        const fs::path copy = f.folder() / "old-wal";
        {
            Result<ProjectFile> open = ProjectFile::open(f.path(), Access::ReadWrite);
            OK(open);
            OK(open->classes().add("old"));
            fs::copy_file(f.path().string() + "-wal", copy);
        }
        fs::remove(f.path());
        fs::copy_file(copy, f.path().string() + "-wal");
        Result<ProjectFile> fresh = ProjectFile::create(f.path(), {});
        OK(fresh);
        QVERIFY(fresh->classes().list()->empty());
        QVERIFY(fresh->check()->empty());
    }

    void refusesWhatIsNotAProject() {
        QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
            FAILS(ProjectFile::open(folder / "none.querent", access), ErrorCode::NotFound);
            FAILS(ProjectFile::open(folder, access), ErrorCode::InvalidArgument);
            write(folder / "empty.querent", "");
            FAILS(ProjectFile::open(folder / "empty.querent", access), ErrorCode::Malformed);
            const std::string garbage(10000, 'x');
            write(folder / "garbage.querent", garbage);
            FAILS(ProjectFile::open(folder / "garbage.querent", access), ErrorCode::Malformed);
            QVERIFY(read(folder / "garbage.querent") == garbage);
            fs::remove(folder / "other.querent");
            sql(folder / "other.querent", "CREATE TABLE notes (text); PRAGMA user_version = 1");
            const std::string before = read(folder / "other.querent");
            FAILS(ProjectFile::open(folder / "other.querent", access), ErrorCode::Unsupported);
            QVERIFY(read(folder / "other.querent") == before);
        }
    }

    void noticesATruncatedFile() {
        Fixture f(200);
        f.file.reset();
        const auto size = fs::file_size(f.path());
        fs::resize_file(f.path(), size / 2);
        FAILS(ProjectFile::open(f.path(), Access::ReadWrite), ErrorCode::Corrupt);
        FAILS(ProjectFile::open(f.path(), Access::ReadOnly), ErrorCode::Corrupt);
    }

    void checksTheFileAfterAnUncleanEnd() {
        Fixture f(300);
        const Result<fs::path> backup = f.file->backup();
        OK(backup);
        f.file.reset();
        // Damage within a page that opening does not read.
        const std::int64_t page = ask(f.path(), "SELECT rootpage FROM sqlite_schema WHERE name = 'item_order'");
        std::string bytes = read(f.path());
        const auto at = static_cast<std::size_t>((page - 1) * 4096);
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 3,
                  bytes.begin() + static_cast<std::ptrdiff_t>(at) + 300, '\x55');
        write(f.path(), bytes);
        OK(ProjectFile::open(f.path(), Access::ReadOnly));  // closed in good order: taken as it is
        sql(f.path(), "UPDATE meta SET value = 'false' WHERE key = 'clean'");
        const Result<ProjectFile> opened = ProjectFile::open(f.path(), Access::ReadWrite);
        FAILS(opened, ErrorCode::Corrupt);
        QVERIFY2(opened.error().sentence.find(backup->string()) != std::string::npos, opened.error().sentence.c_str());

        const Result<fs::path> aside = restoreBackup(*backup, f.path());
        OK(aside);
        QVERIFY(fs::exists(*aside));
        f.reopen();
        QVERIFY(f.file->check()->empty());
        QCOMPARE(f.file->items().count({}).value(), std::int64_t(300));
    }

    void marksTheFileAsOpen() {
        Fixture f;
        QCOMPARE(ask(f.path(), "SELECT value = 'false' FROM meta WHERE key = 'clean'"), std::int64_t(1));
        f.file.reset();
        QCOMPARE(ask(f.path(), "SELECT value = 'true' FROM meta WHERE key = 'clean'"), std::int64_t(1));
    }

    void opensANewerFormatThatItsFloorAllows() {
        Fixture f;
        f.file.reset();
        const int ours = builtInMigrations().back().version;
        const auto steps =
            historyWith({{ours + 1, ours, "A harmless table.", "CREATE TABLE extra (id INTEGER) STRICT"}});
        OK(migrate(f.path(), steps));
        f.reopen();
        OK(f.file->classes().add("still works"));
        f.file.reset();
        QCOMPARE(ask(f.path(), "PRAGMA user_version"), std::int64_t(ours + 1));
    }

    void refusesANewerFormatAboveItsFloor() {
        Fixture f;
        f.file.reset();
        const int ours = builtInMigrations().back().version;
        const auto steps =
            historyWith({{ours + 1, ours + 1, "Another meaning.", "ALTER TABLE item RENAME COLUMN note TO remark"}});
        OK(migrate(f.path(), steps));
        const std::string before = read(f.path());
        FAILS(ProjectFile::open(f.path(), Access::ReadWrite), ErrorCode::NewerVersion);
        FAILS(ProjectFile::open(f.path(), Access::ReadOnly), ErrorCode::NewerVersion);
        QVERIFY(read(f.path()) == before);
    }

    void migratesStepByStepAfterABackup() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)}, f.ann)));
        f.file.reset();
        const int ours = builtInMigrations().back().version;
        const auto steps = historyWith(
            {{ours + 1, ours, "Colour names.", "ALTER TABLE class ADD COLUMN pigment TEXT NOT NULL DEFAULT ''"},
             {ours + 2, ours, "Pigments of old classes.", "UPDATE class SET pigment = 'old' WHERE id > 0"}});
        OK(migrate(f.path(), steps));
        QCOMPARE(ask(f.path(), "PRAGMA user_version"), std::int64_t(ours + 2));
        QCOMPARE(ask(f.path(), "SELECT count(*) FROM class WHERE pigment = 'old'"), std::int64_t(2));
        const fs::path backup = f.path().string() + ".before-v" + std::to_string(ours + 2);
        Result<ProjectFile> old = ProjectFile::open(backup, Access::ReadOnly);
        OK(old);
        QCOMPARE(old->annotations().of(f.items[0])->size(), std::size_t(1));
        QCOMPARE(ask(backup, "PRAGMA user_version"), std::int64_t(ours));
        OK(migrate(f.path(), steps));  // nothing left to do
    }

    void aMigrationThatFailsLeavesTheStepBefore() {
        Fixture f;
        f.file.reset();
        const int ours = builtInMigrations().back().version;
        const auto broken =
            historyWith({{ours + 1, ours, "Good.", "CREATE TABLE good (id INTEGER) STRICT"},
                         {ours + 2, ours, "Bad.", "CREATE TABLE half (id INTEGER) STRICT; SELECT nonsense"}});
        FAILS(migrate(f.path(), broken), ErrorCode::Corrupt);
        QCOMPARE(ask(f.path(), "PRAGMA user_version"), std::int64_t(ours + 1));
        QCOMPARE(ask(f.path(), "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), std::int64_t(0));
        const auto orphaning = historyWith({{ours + 1, ours, "Good.", "CREATE TABLE good (id INTEGER) STRICT"},
                                            {ours + 2, ours, "Bad.", "UPDATE medium SET item_id = 999 WHERE id = 1"}});
        FAILS(migrate(f.path(), orphaning), ErrorCode::Corrupt);
        f.reopen();
        QVERIFY(f.file->check()->empty());
    }

    void builtInStepsAreInOrder() {
        int last = 0;
        for (const Migration& step : builtInMigrations()) {
            QCOMPARE(step.version, last + 1);
            QVERIFY(step.floor >= 1 && step.floor <= step.version);
            QVERIFY(step.sentence.ends_with('.'));
            last = step.version;
        }
    }

    void readOnlyFilesAreOpenedForReadingOnly() {
        Fixture f;
        f.file.reset();
        const fs::perms readable = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
        const fs::perms enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
        fs::permissions(f.path(), readable);
        fs::permissions(f.folder(), readable | enter);
        const int forWriting = asNobody([&] {
            const auto file = ProjectFile::open(f.path(), Access::ReadWrite);
            return !file && file.error().code == ErrorCode::ReadOnly;
        });
        const int forReading = asNobody([&] {
            auto file = ProjectFile::open(f.path(), Access::ReadOnly);
            return file && file->items().count({}).value() == 3 &&
                   file->classes().add("x").error().code == ErrorCode::ReadOnly;
        });
        fs::permissions(f.folder(), fs::perms::owner_all);
        QCOMPARE(forWriting, 0);
        QCOMPARE(forReading, 0);
    }

    void readersSeeWhatTheWriterCommits() {
        Fixture f;
        Result<ProjectFile> reader = ProjectFile::open(f.path(), Access::ReadOnly);
        OK(reader);
        Result<Transaction> view = reader->begin();
        OK(view);
        QCOMPARE(reader->classes().list()->size(), std::size_t(2));
        OK(f.file->classes().add("third"));
        QCOMPARE(reader->classes().list()->size(), std::size_t(2));  // one unmoving view
        OK(view->commit());
        QCOMPARE(reader->classes().list()->size(), std::size_t(3));
    }

    void transactionsAreAllOrNothing() {
        Fixture f;
        {
            Result<Transaction> outer = f.file->begin();
            OK(outer);
            OK(f.file->classes().add("kept"));
            {
                Result<Transaction> inner = f.file->begin();
                OK(inner);
                OK(f.file->classes().add("dropped"));
            }
            FAILS(f.file->classes().add("cell"), ErrorCode::InvalidArgument);
            FAILS(f.file->backupTo(f.folder() / "b.querent"), ErrorCode::InvalidArgument);
            OK(outer->commit());
        }
        {
            Result<Transaction> outer = f.file->begin();
            OK(outer);
            OK(f.file->classes().add("never"));
        }
        f.reopen();
        std::vector<std::string> names;
        for (const ClassLabel& label : *f.file->classes().list())
            names.push_back(label.name);
        QVERIFY((names == std::vector<std::string>{"cell", "plate", "kept"}));
    }

    void checkFindsAndRepairMends() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell), boxOf(f.plate)}, f.ann)));
        QVERIFY(f.file->check()->empty());
        f.file.reset();
        sql(f.path(),
            "PRAGMA foreign_keys = OFF;"
            "UPDATE item SET annotations = 7, missing = 1 WHERE id = 2;"
            "UPDATE item SET round = 4 WHERE id = 3;"
            "UPDATE tally SET annotations = 9;"
            "INSERT INTO medium (item_id, position, modality, path) VALUES (77, 0, 0, 'x');"
            "UPDATE annotation SET author_id = 55 WHERE id = 1;"
            "DROP INDEX class_export_index; UPDATE class SET export_index = 0;"
            "DROP TRIGGER event_stays");
        f.reopen();
        // The schema comes first; what depends on it is asked once it is whole.
        QCOMPARE(f.file->check()->size(), std::size_t(3));
        OK(f.file->repair());
        const Result<std::vector<std::string>> left = f.file->check();
        OK(left);
        QVERIFY2(left->empty(), left->empty() ? "" : left->front().c_str());
        QCOMPARE(f.file->annotations().of(f.items[0])->size(), std::size_t(2));
        const std::vector<ClassLabel> classes = *f.file->classes().list();
        QCOMPARE(classes[0].exportIndex, 0);
        QCOMPARE(classes[1].exportIndex, 1);
        QVERIFY(f.file->repair()->empty());
    }

    void checkNamesAnUndoOfNothing() {
        Fixture f;
        const Edit drawn = creating(f.items[0], {boxOf(f.cell)});
        OK(f.file->annotations().apply(drawn));
        const std::vector<EventRecord> log = *f.file->events().history(f.items[0]);
        OK(f.file->annotations().apply(log.front().edit.reversed()));
        QVERIFY(f.file->check()->empty());
        f.file.reset();
        const std::string columns =
            "INSERT INTO event (at, item_id, kind, reverts, gesture, active_seconds, body) VALUES ";
        sql(f.path(),
            columns + "('', 1, 1, NULL, '', 0, '{}'), ('', 2, 1, 1, '', 0, '{}'), ('', 1, 2, 1, '', 0, '{}')");
        f.reopen();
        const std::vector<std::string> problems = *f.file->check();
        QCOMPARE(problems.size(), std::size_t(1));
        QCOMPARE(problems.front(), std::string("3 rows of event undo or redo nothing that was done."));
    }

    void checkNamesEachKindOfFault_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("word");
        QTest::newRow("counter") << "UPDATE item SET annotations = 7 WHERE id = 2"
                                 << "number of annotations";
        QTest::newRow("missing") << "UPDATE item SET missing = 1 WHERE id = 2"
                                 << "missing files";
        QTest::newRow("round") << "UPDATE item SET round = 4 WHERE id = 2"
                               << "last round";
        QTest::newRow("tally") << "INSERT INTO tally VALUES (0, 1, 5)"
                               << "some classes";
        QTest::newRow("orphan") << "INSERT INTO medium (item_id, position, modality, path) VALUES (77, 0, 0, 'x')"
                                << "does not exist";
        QTest::newRow("trigger") << "DROP TRIGGER annotation_added"
                                 << "trigger annotation_added is missing";
        QTest::newRow("numbers") << "DROP INDEX class_export_index; UPDATE class SET export_index = 0"
                                 << "same number";
    }

    void checkNamesEachKindOfFault() {
        QFETCH(QString, fault);
        QFETCH(QString, word);
        Fixture f;
        f.file.reset();
        sql(f.path(), "PRAGMA foreign_keys = OFF; " + fault.toStdString());
        f.reopen();
        const std::vector<std::string> problems = *f.file->check();
        QVERIFY(!problems.empty());
        const bool named = std::any_of(problems.begin(), problems.end(), [&](const std::string& sentence) {
            return QString::fromStdString(sentence).contains(word);
        });
        QVERIFY2(named, problems.front().c_str());
        OK(f.file->repair());
        QVERIFY(f.file->check()->empty());
    }
};

QTEST_GUILESS_MAIN(TestProjectFile)
#include "tst_project_file.moc"
