// Backups made by themselves and by hand: when, which are kept, and what they replace.
#include "engine/store/backups.h"
#include "tests/engine/store/store_fixture.h"

#include <fstream>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
using namespace querent::store::tables;
namespace fs = std::filesystem;

class TestBackups : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void keepsTheNewestTenBackups() {
        Fixture f;
        std::vector<fs::path> made;
        for (int i = 0; i < 12; ++i) {
            const auto path = f.file->backup();
            OK(path);
            made.push_back(*path);
            QTest::qSleep(2);  // names differ by the millisecond
        }
        const std::vector<fs::path> kept = listBackups(f.path());
        QVERIFY(kept == std::vector<fs::path>(made.rbegin(), made.rbegin() + 10));
        OK(f.file->classes().add("later"));
        Result<ProjectFile> copy = ProjectFile::open(kept.front(), Access::ReadWrite);
        OK(copy);
        QCOMPARE(copy->classes().list()->size(), std::size_t(2));
        QVERIFY(copy->check()->empty());
    }

    // Once a day, and only when something has changed; the writer need not wait for it.
    void backsUpWhatHasChanged() {
        Fixture f;
        const auto age = [&](int hours) {
            fs::last_write_time(listBackups(f.path()).front(),
                                fs::file_time_type::clock::now() - std::chrono::hours(hours));
        };
        QVERIFY(backupIfDue(f.path())->has_value());  // the first one
        QVERIFY(!backupIfDue(f.path())->has_value());
        age(30);
        QVERIFY(!backupIfDue(f.path())->has_value());
        f.reopen();  // opening and closing is no change
        QVERIFY(!backupIfDue(f.path())->has_value());
        const std::vector<std::function<bool()>> changes = {
            [&] { return f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)})).ok(); },
            [&] { return f.file->classes().rename(f.cell, "nucleus").ok(); },
            [&] { return f.file->items().setSplit(std::span<const ItemId>(f.items).first(1), Split::Val).ok(); },
        };
        for (const auto& change : changes) {
            QVERIFY(change());
            QTest::qSleep(2);  // names differ by the millisecond
            age(23);
            QVERIFY(!backupIfDue(f.path())->has_value());
            age(25);
            const auto made = backupIfDue(f.path());
            OK(made);
            QVERIFY(made->has_value());
            QVERIFY(fs::exists(**made));
        }
        QCOMPARE(listBackups(f.path()).size(), std::size_t(4));
    }

    // Somebody who makes a backup every few minutes does not push out yesterday's.
    void keepsTheNewestBackupOfEachDay() {
        Fixture f;
        const auto old = [&](const char* time) {
            const fs::path path = f.folder() / "p.querent.d" / "backups" / (std::string("p-") + time + ".querent");
            fs::create_directories(path.parent_path());
            std::ofstream(path) << "x";
            return path;
        };
        const fs::path morning = old("20260101T080000000Z");
        const fs::path evening = old("20260101T180000000Z");
        const fs::path dayAfter = old("20260102T180000000Z");
        for (int i = 0; i < 12; ++i) {
            OK(backUpNow(f.path()));
            QTest::qSleep(2);  // names differ by the millisecond
        }
        QVERIFY(!fs::exists(morning));
        QVERIFY(fs::exists(evening));
        QVERIFY(fs::exists(dayAfter));
        QCOMPARE(listBackups(f.path()).size(), kKeptBackups + 2);
    }

    void anEmptyProjectNeedsNoBackup() {
        Fixture f(0);
        QVERIFY(!backupIfDue(f.path())->has_value());
        QVERIFY(!fs::exists(f.folder() / "p.querent.d" / "backups"));
    }

    void aBackupReplacesItsTargetWhole() {
        Fixture f;
        const fs::path target = f.folder() / "copy.querent";
        std::ofstream(target) << "something else";
        OK(f.file->backupTo(target));
        OK(ProjectFile::open(target, Access::ReadOnly));
        QVERIFY(!fs::exists(target.string() + ".part"));
        FAILS(f.file->backupTo(f.folder() / "no such folder" / "c.querent"), ErrorCode::Io);
        std::ofstream(f.folder() / "bad.querent") << std::string(9000, 'y');
        FAILS(restoreBackup(f.folder() / "bad.querent", f.path()), ErrorCode::Malformed);
        OK(f.file->items().count({}));
    }
};

QTEST_GUILESS_MAIN(TestBackups)
#include "tst_backups.moc"
