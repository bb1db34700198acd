// Files that move under a running program, and files that a stranger has made.
#include "engine/store/backups.h"
#include "engine/store/project_lock.h"
#include "tests/engine/store/other_process.h"
#include "tests/engine/store/store_fixture.h"
#include "tests/support/slowness.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
namespace fs = std::filesystem;

namespace {

void sql(const fs::path& path, const std::string& statements) {
    SQLite::Database(path.string(), SQLite::OPEN_READWRITE).exec(statements);
}

fs::path beside(const fs::path& path, const char* ending) {
    return path.string() + ending;
}

bool logIsThere(const fs::path& path) {
    return fs::exists(beside(path, "-wal")) || fs::exists(beside(path, "-shm"));
}

// Another project, as a sync tool brings it from elsewhere.
fs::path anotherProject(const Fixture& f, const char* name, int classes) {
    const fs::path path = f.folder() / name;
    Result<ProjectFile> file = ProjectFile::create(path, {});
    for (int i = 0; i < classes; ++i)
        if (!file->classes().add("other " + std::to_string(i))) qFatal("The other project could not be written.");
    return path;
}

// What has come to pass when a program that does not know of it writes on.
void verifyNothingIsWritten(ProjectFile& file, const fs::path& copy, const std::vector<ItemId>& items, ClassId label) {
    QVERIFY(file.displaced());
    FAILS(file.annotations().apply(creating(items[0], {boxOf(label)})), ErrorCode::Io);
    FAILS(file.classes().add("never"), ErrorCode::Io);
    // All that was saved before is still to be had.
    QCOMPARE(file.annotations().of(items[1])->size(), std::size_t(1));
    OK(file.backupTo(copy));
    Result<ProjectFile> saved = ProjectFile::open(copy, Access::ReadWrite);
    OK(saved);
    QCOMPARE(saved->annotations().of(items[1])->size(), std::size_t(1));
    QVERIFY(saved->check()->empty());
}

// Fails each sync of a write-ahead log while it is told to, as a disk does that breaks.
struct BrokenSync {
    static inline bool broken = false;
    static inline sqlite3_vfs vfs{};
    static inline sqlite3_io_methods methods{};
    static inline int (*realOpen)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*) = nullptr;
    static inline const sqlite3_io_methods* realMethods = nullptr;

    static int open(sqlite3_vfs* self, const char* name, sqlite3_file* file, int flags, int* out) {
        const int code = realOpen(self, name, file, flags, out);
        if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
        realMethods = file->pMethods;
        methods = *realMethods;
        methods.xSync = [](sqlite3_file* f, int how) {
            return broken ? SQLITE_IOERR_FSYNC : realMethods->xSync(f, how);
        };
        file->pMethods = &methods;
        return code;
    }
    BrokenSync() {
        vfs = *sqlite3_vfs_find(nullptr);
        realOpen = vfs.xOpen;
        vfs.xOpen = open;
        vfs.zName = "broken";
        sqlite3_vfs_register(&vfs, 1);
    }
    ~BrokenSync() {
        broken = false;
        sqlite3_vfs_unregister(&vfs);
    }
};

}  // namespace

class TestProjectTrust : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aFileThatIsReplacedIsNotWrittenTo() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        QVERIFY(logIsThere(f.path()));
        fs::rename(anotherProject(f, "theirs.querent", 3), f.path());
        verifyNothingIsWritten(*f.file, f.folder() / "copy.querent", f.items, f.cell);
        QVERIFY(f.file->lostWrites());
        QVERIFY(!logIsThere(f.path()));  // whoever opens theirs must not read our log
        f.reopen();
        QCOMPARE(f.file->classes().list()->size(), std::size_t(3));
        QVERIFY(f.file->check()->empty());
    }

    // Somebody has opened the other file before we notice: their log is not ours to remove.
    void theLogOfTheNewFileStays() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        const fs::path theirs = anotherProject(f, "theirs.querent", 3);
        fs::rename(theirs, f.path());
        for (const char* ending : {"-wal", "-shm"})
            fs::remove(beside(f.path(), ending));
        Result<ProjectFile> other = ProjectFile::open(f.path(), Access::ReadWrite);
        OK(other);
        OK(other->classes().add("kept"));
        FAILS(f.file->classes().add("never"), ErrorCode::Io);
        f.file.reset();
        QVERIFY(fs::exists(beside(f.path(), "-wal")));
        OK(other->classes().add("kept too"));
        QVERIFY(other->check()->empty());
        Result<ProjectFile> reader = ProjectFile::open(f.path(), Access::ReadOnly);
        OK(reader);
        QCOMPARE(reader->classes().list()->size(), std::size_t(5));
    }

    void aFileThatIsRemovedIsNotMadeAgain() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        fs::remove(f.path());
        verifyNothingIsWritten(*f.file, f.folder() / "copy.querent", f.items, f.cell);
        f.file.reset();
        QVERIFY(!fs::exists(f.path()));
        QVERIFY(!logIsThere(f.path()));
    }

    // Moved by hand: the file at its new place has all that was said to be saved, without the log that stayed behind.
    void aFileThatIsMovedIsWhole() {
        Fixture f;
        OK(f.file->annotations().apply(creating(f.items[1], {boxOf(f.cell)})));
        fs::rename(f.path(), f.folder() / "moved.querent");
        verifyNothingIsWritten(*f.file, f.folder() / "copy.querent", f.items, f.cell);
        f.file.reset();
        QVERIFY(!logIsThere(f.path()));
        Result<ProjectFile> moved = ProjectFile::open(f.folder() / "moved.querent", Access::ReadWrite);
        OK(moved);
        QCOMPARE(moved->annotations().of(f.items[1])->size(), std::size_t(1));
    }

    void readingOnlyLosesNothing() {
        Fixture f;
        f.reopen();
        fs::rename(anotherProject(f, "theirs.querent", 1), f.path());
        QVERIFY(f.file->displaced());
        QVERIFY(!f.file->lostWrites());
    }

    // A program is killed, and a sync tool replaces the file: the log that is left is of the old one.
    void aLogOfAnotherFileIsSetAside() {
        Fixture f;
        const fs::path path = f.path();
        f.file.reset();
        const pid_t child = forked([&] {
            const Result<ProjectLock> lock = ProjectLock::acquire(path);
            Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
            if (!lock || !file || !file->annotations().apply(creating(f.items[1], {boxOf(f.cell)}))) return 1;
            return raise(SIGKILL);
        });
        QCOMPARE(exitCodeOf(child), -1);
        QVERIFY(fs::file_size(beside(path, "-wal")) > 0);
        // Copied as it is, sidecar folder and all, it keeps what is in the log.
        const fs::path elsewhere = f.folder() / "elsewhere";
        fs::create_directory(elsewhere);
        for (const char* ending : {"", "-wal", ".d"})
            fs::copy(beside(path, ending), beside(elsewhere / "p.querent", ending), fs::copy_options::recursive);
        fs::rename(anotherProject(f, "theirs.querent", 3), path);
        {
            Result<ProjectFile> reader = ProjectFile::open(path, Access::ReadOnly);
            OK(reader);
            QCOMPARE(reader->classes().list()->size(), std::size_t(3));
        }
        f.reopen();
        QCOMPARE(f.file->remarks().size(), std::size_t(1));
        QCOMPARE(f.file->classes().list()->size(), std::size_t(3));
        QVERIFY(f.file->check()->empty());
        Result<ProjectFile> copy = ProjectFile::open(elsewhere / "p.querent", Access::ReadWrite);
        OK(copy);
        QVERIFY(copy->remarks().empty());
        QCOMPARE(copy->annotations().of(f.items[1])->size(), std::size_t(1));
    }

    void theLockFollowsTheFile_data() {
        QTest::addColumn<bool>("symbolic");
        QTest::newRow("symbolic link") << true;
        QTest::newRow("hard link") << false;
    }

    void theLockFollowsTheFile() {
        QFETCH(bool, symbolic);
        Fixture f;
        const fs::path other = f.folder() / "other.querent";
        if (symbolic)
            fs::create_symlink(f.path(), other);
        else
            fs::create_hard_link(f.path(), other);
        {
            const Result<ProjectLock> lock = ProjectLock::acquire(f.path());
            OK(lock);
            for (int attempt = 0; attempt < 2; ++attempt) {
                const int answer = exitCodeOf(forked([&] {
                    const Result<ProjectLock> second = ProjectLock::acquire(other);
                    return second ? 1 : second.error().code == ErrorCode::Locked ? 0 : 2;
                }));
                QCOMPARE(answer, 0);
                FAILS(ProjectLock::acquire(other), ErrorCode::Locked);
            }
            // SQLite's own locks have not ended with the descriptors of the attempts: it holds a shared one while open.
            const int held = exitCodeOf(forked([&] {
                const int descriptor = ::open(f.path().c_str(), O_RDWR);
                struct flock range {};
                range.l_type = F_WRLCK;
                range.l_whence = SEEK_SET;
                range.l_start = 0x40000002;
                range.l_len = 510;
                return fcntl(descriptor, F_GETLK, &range) == 0 && range.l_type != F_UNLCK ? 0 : 1;
            }));
            QCOMPARE(held, 0);
        }
        OK(ProjectLock::acquire(other));
    }

    void backupsKeepWhatPeoplePutThere() {
        Fixture f;
        const fs::path folder = f.folder() / "p.querent.d" / "backups";
        fs::create_directories(folder);
        const char* theirs[] = {"mine.querent", "before the meeting-20200101.querent", "p-20200101T000000000.querent",
                                "q-20200101T000000000Z.querent", "notes.txt"};
        for (const char* name : theirs)
            std::ofstream(folder / name) << "x";
        for (int i = 0; i < 13; ++i) {
            OK(f.file->backup());
            QTest::qSleep(2);  // names differ by the millisecond
        }
        for (const char* name : theirs)
            QVERIFY2(fs::exists(folder / name), name);
        QCOMPARE(listBackups(f.path()).size(), kKeptBackups + 4);
    }

    void aBackupOfTheFutureIsNoReasonToWait() {
        Fixture f;
        OK(f.file->backup());
        const fs::path made = listBackups(f.path()).front();
        fs::last_write_time(made, fs::file_time_type::clock::now() + std::chrono::hours(24 * 365));
        OK(f.file->classes().add("later"));
        QTest::qSleep(2);  // names differ by the millisecond
        QVERIFY(backupIfDue(f.path())->has_value());
        QVERIFY(!backupIfDue(f.path())->has_value());  // now there is one of today
    }

    // What a kill leaves at each step of a restore; whoever opens the project next ends it.
    void aKilledRestoreIsEnded_data() {
        QTest::addColumn<int>("step");
        QTest::newRow("before anything moved") << 0;
        QTest::newRow("the old file has two names") << 1;
        QTest::newRow("the new file is in place") << 2;
        QTest::newRow("no file is in place") << 3;
    }

    void aKilledRestoreIsEnded() {
        QFETCH(int, step);
        Fixture f;
        OK(f.file->backup());
        f.file.reset();
        const int code = exitCodeOf(forked([&] {
            Result<ProjectFile> file = ProjectFile::open(f.path(), Access::ReadWrite);
            if (!file) return 1;
            _exit(file->classes().add("newer") ? 0 : 2);  // killed before it could close
        }));
        QCOMPARE(code, 0);
        QVERIFY(fs::exists(beside(f.path(), "-wal")));
        const fs::path fresh = beside(f.path(), ".restoring");
        const fs::path aside = beside(f.path(), ".damaged-20260101T000000000Z");
        fs::copy_file(listBackups(f.path()).front(), fresh);
        std::ofstream(f.folder() / "p.querent.d" / "restoring") << aside.filename().string();
        if (step == 1 || step == 2) fs::create_hard_link(f.path(), aside);
        if (step == 2) fs::rename(fresh, f.path());
        if (step == 3) fs::rename(f.path(), aside);
        QVERIFY(restoreWasBegun(f.path()));
        finishWhatWasBegun(f.path());
        QVERIFY(!restoreWasBegun(f.path()));
        QVERIFY(!fs::exists(fresh));
        const bool restored = step >= 2;
        QCOMPARE(fs::exists(aside), restored);
        f.reopen();
        QCOMPARE(f.file->classes().list()->size(), std::size_t(restored ? 2 : 3));
        QVERIFY(f.file->check()->empty());
        if (!restored) return;
        Result<ProjectFile> old = ProjectFile::open(aside, Access::ReadWrite);
        OK(old);
        QCOMPARE(old->classes().list()->size(), std::size_t(3));
    }

    // A plan is a file of the project's, which may be a stranger's: it names no file of others.
    void aPlanTouchesNothingElse() {
        Fixture f;
        const fs::path other = anotherProject(f, "other.querent", 1);
        fs::create_directories(f.folder() / "p.querent.d");
        for (const std::string& plan : {std::string("other.querent"), other.string(), std::string("../x")}) {
            std::ofstream(f.folder() / "p.querent.d" / "restoring") << plan;
            finishWhatWasBegun(f.path());
            QVERIFY(!restoreWasBegun(f.path()));
            OK(ProjectFile::open(other, Access::ReadOnly));
        }
    }

    void aPipeAmongTheTemporariesHoldsNobodyUp() {
        Fixture f;
        f.file.reset();
        const fs::path pipe = f.folder() / "p.querent.d" / "models" / "x.tmp";
        fs::create_directories(pipe.parent_path());
        QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
        const int code = exitCodeOf(forked([&] {
            alarm(10);
            finishWhatWasBegun(f.path());
            return 0;
        }));
        QCOMPARE(code, 0);
        QVERIFY(!fs::exists(fs::symlink_status(pipe)));
    }

    void aRestoreThatFailsLeavesTheProject() {
        Fixture f;
        const Result<fs::path> backup = f.file->backup();
        OK(backup);
        f.file.reset();
        const int code = exitCodeOf(forked([&] {
            fs::permissions(f.folder(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                                            fs::perms::others_exec);
            if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 2;
            return restoreBackup(*backup, f.path()) ? 1 : 0;
        }));
        fs::permissions(f.folder(), fs::perms::owner_all);
        QCOMPARE(code, 0);
        f.reopen();
        QCOMPARE(f.file->classes().list()->size(), std::size_t(2));
    }

    void strangersRunNothing_data() {
        QTest::addColumn<QString>("brought");
        QTest::addColumn<QString>("name");
        QTest::newRow("trigger") << "CREATE TRIGGER theirs AFTER INSERT ON class BEGIN DELETE FROM item; END"
                                 << "theirs";
        QTest::newRow("view") << "CREATE VIEW theirs AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
                                 "SELECT i FROM n"
                              << "theirs";
        QTest::newRow("changed") << "DROP TRIGGER event_stays; CREATE TRIGGER event_stays AFTER INSERT ON class BEGIN "
                                    "DELETE FROM item; END"
                                 << "event_stays";
    }

    void strangersRunNothing() {
        QFETCH(QString, brought);
        QFETCH(QString, name);
        Fixture f;
        f.file.reset();
        sql(f.path(), brought.toStdString());
        const auto writing = ProjectFile::open(f.path(), Access::ReadWrite);
        FAILS(writing, ErrorCode::Corrupt);
        QVERIFY2(writing.error().sentence.find(name.toStdString()) != std::string::npos,
                 writing.error().sentence.c_str());
        {
            Result<ProjectFile> reading = ProjectFile::open(f.path(), Access::ReadOnly);
            OK(reading);
            QCOMPARE(reading->items().count({}).value(), std::int64_t(3));
        }
        {
            Result<ProjectFile> repairing = ProjectFile::open(f.path(), Access::Repair);
            OK(repairing);
            OK(repairing->repair());
            QVERIFY(repairing->check()->empty());
        }
        f.reopen();
        OK(f.file->classes().add("free"));
        QCOMPARE(f.file->items().count({}).value(), std::int64_t(3));
    }

    void whatContradictsTheSchemaIsNamed_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("word");
        QTest::newRow("step") << "INSERT INTO round (number, step, strategy, seed, labels_at_training, train_seconds, "
                                 "select_seconds, started_at, finished_at) VALUES (1, 99, '', 0, 0, 0, 0, '', '')"
                              << "step = 99";
        QTest::newRow("state") << "UPDATE item SET state = -7 WHERE id = 1"
                               << "state = -7";
        QTest::newRow("split") << "UPDATE item SET split = 1000000"
                               << "3 rows of item";
        QTest::newRow("modality") << "UPDATE medium SET modality = 9"
                                  << "modality = 9";
        QTest::newRow("box")
            << "INSERT INTO truth (item_id, class_id, left_px, top_px, right_px, bottom_px, difficult, "
               "crowd, truncated, occluded) VALUES (1, 1, 5, 5, 9e999, 9, 0, 0, 0, 0)"
            << "a box that is none";
        QTest::newRow("name") << "UPDATE class SET name = hex(zeroblob(42500)) WHERE id = 1"
                              << "85000 bytes long";
        QTest::newRow("version") << "PRAGMA user_version = -3"
                                 << "-3";
        QTest::newRow("floor") << "PRAGMA user_version = 99; UPDATE meta SET value = 'low' WHERE key = 'floor'"
                               << "newer Querent";
        QTest::newRow("no JSON") << "UPDATE meta SET value = '{{{' WHERE key = 'settings'"
                                 << "settings";
        QTest::newRow("no number") << "UPDATE meta SET value = '{\"mel\":{\"hop\":0}}' WHERE key = 'settings'"
                                   << "mel";
        QTest::newRow("no table") << "DROP TABLE metric"
                                  << "table metric is missing";
        QTest::newRow("a view") << "DROP TABLE metric; CREATE VIEW metric AS SELECT 1"
                                << "table metric";
        QTest::newRow("a column") << "ALTER TABLE metric ADD COLUMN more BLOB AS (zeroblob(1000))"
                                  << "table metric";
    }

    void whatContradictsTheSchemaIsNamed() {
        QFETCH(QString, change);
        QFETCH(QString, word);
        Fixture f;
        f.file.reset();
        sql(f.path(), "PRAGMA foreign_keys = OFF; " + change.toStdString());
        for (const Access access : {Access::ReadWrite, Access::Unchecked, Access::ReadOnly}) {
            const auto opened = ProjectFile::open(f.path(), access);
            QVERIFY(!opened.ok());
            QVERIFY(opened.error().code == ErrorCode::Corrupt || opened.error().code == ErrorCode::NewerVersion);
            QVERIFY2(QString::fromStdString(opened.error().sentence).contains(word), opened.error().sentence.c_str());
        }
    }

    // Of a file that was closed in good order, before anything is written to it.
    void damageIsFoundBeforeWriting() {
        Fixture f(300);
        f.file.reset();
        const std::int64_t page = SQLite::Database(f.path().string(), SQLite::OPEN_READONLY)
                                      .execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'event_item'")
                                      .getInt64();
        {
            std::fstream stream(f.path(), std::ios::binary | std::ios::in | std::ios::out);
            stream.seekp((page - 1) * 4096);
            stream << std::string(300, '\x55');
        }
        const auto bytes = [&] {
            std::ifstream in(f.path(), std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        const std::string before = bytes();
        {
            Result<ProjectFile> file = ProjectFile::open(f.path(), Access::Unchecked);
            OK(file);
            FAILS(file->classes().add("too early"), ErrorCode::ReadOnly);
            FAILS(file->accept(), ErrorCode::Corrupt);
            FAILS(file->classes().add("too late"), ErrorCode::ReadOnly);
            QCOMPARE(file->items().count({}).value(), std::int64_t(300));
        }
        QVERIFY(bytes() == before);
        Fixture whole;
        whole.file.reset();
        Result<ProjectFile> file = ProjectFile::open(whole.path(), Access::Unchecked);
        OK(file);
        OK(file->accept());
        OK(file->classes().add("in time"));
    }

    void rowsOfNothingKeepAFileFromBeingWritten() {
        Fixture f;
        f.file.reset();
        sql(f.path(), "PRAGMA foreign_keys = OFF; UPDATE medium SET source_id = 44 WHERE id = 1");
        {
            Result<ProjectFile> file = ProjectFile::open(f.path(), Access::Unchecked);
            OK(file);
            const Result<void> accepted = file->accept();
            FAILS(accepted, ErrorCode::Corrupt);
            QVERIFY2(accepted.error().sentence.find("1 row of medium belongs to a source") != std::string::npos,
                     accepted.error().sentence.c_str());
        }
        Result<ProjectFile> file = ProjectFile::open(f.path(), Access::Repair);
        OK(file);
        OK(file->repair());
        QVERIFY(file->check()->empty());
    }

    void longNamesAreRefusedAndCanBeChanged() {
        Fixture f;
        const std::string longest(500, 'x');
        OK(f.file->classes().add(longest));
        const Result<ClassId> longer = f.file->classes().add(longest + "y");
        FAILS(longer, ErrorCode::InvalidArgument);
        QVERIFY2(longer.error().sentence.size() < 200, longer.error().sentence.c_str());
        FAILS(f.file->classes().rename(f.cell, std::string(85000, 'z')), ErrorCode::InvalidArgument);
        FAILS(f.file->persons().ensure(std::string(501, 'p')), ErrorCode::InvalidArgument);
        FAILS(f.file->items().add(std::string(5000, 'i'), Split::Train, {}), ErrorCode::InvalidArgument);
        f.file.reset();
        sql(f.path(), "UPDATE class SET name = hex(zeroblob(500000)) WHERE id = 1");
        FAILS(ProjectFile::open(f.path(), Access::ReadWrite), ErrorCode::Corrupt);
        {
            Result<ProjectFile> file = ProjectFile::open(f.path(), Access::Repair);
            OK(file);
            OK(file->classes().rename(f.cell, "short"));
        }
        f.reopen();
        QCOMPARE(f.file->classes().get(f.cell)->name, std::string("short"));
    }

    void manyClassesAreCheckedInSeconds() {
        Fixture f;
        f.file.reset();
        sql(f.path(),
            "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
            "INSERT INTO class (name, colour, export_index) SELECT 'c' || i, '#000000', i FROM n");
        f.reopen();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(f.file->check()->empty());
        QVERIFY2(timer.elapsed() < 5000 * querent::test::kSlowness, qPrintable(QString::number(timer.elapsed())));
        f.file.reset();
        sql(f.path(), "DROP INDEX class_export_index; UPDATE class SET export_index = 7 WHERE id < 50");
        f.reopen();
        QVERIFY(f.file->check()->size() >= 48);
    }

    void longQuestionsHearTheWishToStop() {
        const int code = exitCodeOf(forked([] {
            Fixture f;
            std::stop_source stop;
            stopLongQuestionsOn(stop.get_token());
            f.file.reset();
            sql(f.path(),
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
                "INSERT INTO metric (model_id, split, name, value) SELECT 1, 0, 'm' || i, 0 FROM n");
            Result<ProjectFile> file = ProjectFile::open(f.path(), Access::Repair);
            if (!file || !file->models().metrics()) return 1;
            stop.request_stop();
            const auto metrics = file->models().metrics();
            if (metrics) return 2;
            return metrics.error().code == ErrorCode::Cancelled ? 0 : 3;
        }));
        QCOMPARE(code, 0);
    }

    void noFileIsNoProject() {
        QTemporaryDir dir;
        const fs::path fifo = fs::path(dir.path().toStdString()) / "p.querent";
        QVERIFY(mkfifo(fifo.c_str(), 0600) == 0);
        for (const fs::path& path : {fifo, fs::path("/dev/zero"), fs::path("/dev/null")}) {
            FAILS(ProjectFile::open(path, Access::ReadOnly), ErrorCode::InvalidArgument);
            FAILS(ProjectFile::open(path, Access::ReadWrite), ErrorCode::InvalidArgument);
            FAILS(restoreBackup(path, fs::path(dir.path().toStdString()) / "q.querent"), ErrorCode::InvalidArgument);
        }
        OK(ProjectLock::acquire(fifo));  // it does not wait for a writer at the other end
    }

    void aForbiddenFolderIsNamed() {
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "theirs";
        fs::create_directory(folder);
        for (const fs::perms allowed : {fs::perms::none, fs::perms::others_read | fs::perms::others_exec}) {
            fs::permissions(folder, allowed);
            const int code = exitCodeOf(forked([&] {
                if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 2;
                const auto made = ProjectFile::create(folder / "p.querent", {});
                return !made && made.error().code == ErrorCode::ReadOnly ? 0 : 1;
            }));
            QCOMPARE(code, 0);
        }
        fs::permissions(folder, fs::perms::owner_all);
    }

    // SQLite takes a commit back whose sync fails, but the log has it, and the next program would play it back.
    void aFailedSyncSaysWhatIsTrue() {
        const BrokenSync disk;
        Fixture f;
        OK(f.file->classes().add("before"));
        BrokenSync::broken = true;
        const Result<ClassId> failed = f.file->classes().add("lost");
        BrokenSync::broken = false;
        FAILS(failed, ErrorCode::Io);
        const bool unchanged = failed.error().sentence.find("nothing was changed") != std::string::npos;
        // As the next program finds it after a kill: file and log, without the index in memory.
        const fs::path later = f.folder() / "later.querent";
        fs::copy_file(f.path(), later);
        fs::copy_file(beside(f.path(), "-wal"), beside(later, "-wal"));
        Result<ProjectFile> file = ProjectFile::open(later, Access::ReadWrite);
        OK(file);
        const bool there = file->classes().find("lost")->has_value();
        QVERIFY2(!unchanged || !there, failed.error().sentence.c_str());
        QVERIFY(unchanged || failed.error().sentence.find("look when") != std::string::npos);
        OK(f.file->classes().add("after"));
        QVERIFY(f.file->check()->empty());
    }
};

QTEST_GUILESS_MAIN(TestProjectTrust)
#include "tst_project_trust.moc"
