#include "engine/store/project_lock.h"
#include "tests/engine/store/endless_edits.h"
#include "tests/engine/store/other_process.h"
#include "tests/engine/store/store_fixture.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sys/resource.h>
#include <unistd.h>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
namespace fs = std::filesystem;

namespace {

// The child's words before its exit code.
int complain(const Error& error, int code) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return code;
}

std::vector<std::int64_t> readAll(int pipe) {
    std::vector<std::int64_t> values;
    std::int64_t value = 0;
    while (read(pipe, &value, sizeof value) == sizeof value)
        values.push_back(value);
    return values;
}

}  // namespace

class TestDurability : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aKilledWriterLosesNothingAcknowledged() {
        Fixture f;
        const fs::path path = f.path();
        const ItemId item = f.items[0];
        const ClassId label = f.cell;
        f.file.reset();
        std::vector<std::int64_t> acknowledged;
        for (int kill9 = 0; kill9 < 10; ++kill9) {
            int ends[2];
            QVERIFY(pipe(ends) == 0);
            const pid_t child = forked([&] { return writeForEver(path, {item}, label, ends[1]); });
            ::close(ends[1]);
            // Kills at another place of the stream each time, in the middle of whatever the writer does then.
            for (int i = 0; i < 3 + 2 * kill9; ++i) {
                std::int64_t event = 0;
                QVERIFY(read(ends[0], &event, sizeof event) == sizeof event);
                acknowledged.push_back(event);
            }
            usleep(static_cast<useconds_t>(300 * kill9));
            QVERIFY(kill(child, SIGKILL) == 0);
            const std::vector<std::int64_t> more = readAll(ends[0]);
            acknowledged.insert(acknowledged.end(), more.begin(), more.end());
            ::close(ends[0]);
            QCOMPARE(exitCodeOf(child), -1);

            Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
            OK(file);
            const std::vector<std::string> problems = *file->check();
            QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
            const std::vector<EventRecord> log = *file->events().history(item);
            std::set<std::int64_t> stored;
            for (const EventRecord& event : log)
                stored.insert(event.id.value);
            for (const std::int64_t event : acknowledged)
                QVERIFY(stored.contains(event));
            QVERIFY(*file->annotations().of(item) == replayed(log));
        }
        qInfo("%zu acknowledged events over 10 kills", acknowledged.size());
    }

    void aFullDiskChangesNothing() {
        Fixture f(50);
        f.file.reset();
        const fs::path path = f.path();
        // The child may write no file beyond this size: every write behind it fails as on a full disk.
        const int code = exitCodeOf(forked([&] {
            signal(SIGXFSZ, SIG_IGN);
            Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
            if (!file) return 10;
            const rlim_t most = fs::file_size(path) + 200 * 1024;
            const rlimit limit{most, most};
            if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 11;
            int done = 0;
            for (; done < 100000; ++done) {
                const Result<EventId> event = file->annotations().apply(creating(f.items[0], {boxOf(f.cell)}));
                if (event) continue;
                if (event.error().code != ErrorCode::DiskFull) return complain(event.error(), 12);
                break;
            }
            // Still usable for reading, nothing of the refused edit is there, and each one before it is.
            if (done == 100000 || done == 0) return 13;
            if (file->annotations().of(f.items[0])->size() != static_cast<std::size_t>(done)) return 14;
            if (*file->events().count() != done) return 15;
            std::ofstream(path.string() + ".done") << done;
            return 0;
        }));
        QCOMPARE(code, 0);
        int done = 0;
        std::ifstream(path.string() + ".done") >> done;
        f.reopen();
        QCOMPARE(f.file->annotations().of(f.items[0])->size(), std::size_t(done));
        QVERIFY(f.file->check()->empty());
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)})));
        qInfo("the disk was full after %d edits", done);
    }

    void aFullDiskTakesBackAWholeImport() {
        Fixture f(2);
        f.file.reset();
        const fs::path path = f.path();
        const int code = exitCodeOf(forked([&] {
            signal(SIGXFSZ, SIG_IGN);
            Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
            const rlimit limit{1 << 20, 1 << 20};
            if (!file || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 10;
            std::vector<Annotation> boxes(200, boxOf(f.cell));
            const std::vector<Edit> edits(400, creating(f.items[0], boxes));
            const Result<void> imported = file->annotations().applyAll(edits);
            if (imported) return 11;
            if (imported.error().code != ErrorCode::DiskFull) return complain(imported.error(), 12);
            if (!file->annotations().of(f.items[0])->empty()) return 13;
            return 0;
        }));
        QCOMPARE(code, 0);
        f.reopen();
        QVERIFY(f.file->annotations().of(f.items[0])->empty());
        QVERIFY(f.file->check()->empty());
    }

    void aBusyFileIsLockedNotBroken() {
        Fixture f;
        SQLite::Database other(f.path().string(), SQLite::OPEN_READWRITE);
        other.exec("BEGIN IMMEDIATE");
        QElapsedTimer timer;
        timer.start();
        FAILS(f.file->classes().add("later"), ErrorCode::Locked);
        QVERIFY(timer.elapsed() >= 4000);  // it was patient
        other.exec("ROLLBACK");
        OK(f.file->classes().add("later"));
    }

    void theSecondProcessLearnsWhoHasTheProject() {
        QTemporaryDir dir;
        const fs::path project = fs::path(dir.path().toStdString()) / "p.querent";
        QVERIFY(!ProjectLock::holder(project));
        int ends[2];
        int stop[2];
        QVERIFY(pipe(ends) == 0 && pipe(stop) == 0);
        const pid_t child = forked([&] {
            const Result<ProjectLock> lock = ProjectLock::acquire(project);
            const char answer = lock ? 'y' : 'n';
            if (write(ends[1], &answer, 1) != 1) return 1;
            pause();  // until it is killed
            return 0;
        });
        char answer = 0;
        QVERIFY(read(ends[0], &answer, 1) == 1);
        QCOMPARE(answer, 'y');
        const std::optional<LockHolder> holder = ProjectLock::holder(project);
        QVERIFY(holder.has_value());
        QCOMPARE(holder->pid, std::int64_t(child));
        QVERIFY(!holder->host.empty() && !holder->sinceUtc.empty());
        const Result<ProjectLock> second = ProjectLock::acquire(project);
        FAILS(second, ErrorCode::Locked);
        QVERIFY2(second.error().sentence.find(std::to_string(child)) != std::string::npos,
                 second.error().sentence.c_str());
        QVERIFY(kill(child, SIGKILL) == 0);
        QCOMPARE(exitCodeOf(child), -1);
        QVERIFY(!ProjectLock::holder(project));
        OK(ProjectLock::acquire(project));
        for (const int end : {ends[0], ends[1], stop[0], stop[1]})
            ::close(end);
    }

    void theLockEndsWithItsObject() {
        QTemporaryDir dir;
        const fs::path project = fs::path(dir.path().toStdString()) / "p.querent";
        {
            Result<ProjectLock> lock = ProjectLock::acquire(project);
            OK(lock);
            const ProjectLock moved = *std::move(lock);
            FAILS(ProjectLock::acquire(project), ErrorCode::Locked);
            QCOMPARE(ProjectLock::holder(project)->pid, std::int64_t(getpid()));
        }
        QVERIFY(!ProjectLock::holder(project));
        OK(ProjectLock::acquire(project));
        // What others wrote into the file is no reason to fail.
        std::ofstream(fs::path(project.string() + ".d") / "lock") << "{\"pid\": \"x\", broken";
        Result<ProjectLock> lock = ProjectLock::acquire(project);
        OK(lock);
        std::ofstream(fs::path(project.string() + ".d") / "lock") << "{\"pid\": \"x\"}";
        FAILS(ProjectLock::acquire(project), ErrorCode::Locked);
        FAILS(ProjectLock::acquire("/dev/null/p.querent"), ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestDurability)
#include "tst_durability.moc"
