// A project whose file moves, whose disk is full, or that is opened under two names; and how it is saved elsewhere.

#include "engine/session/project/project.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/session/pictures.h"
#include "tests/engine/store/other_process.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <future>
#include <sys/mount.h>
#include <unistd.h>

using namespace querent;
using session::Project;
using session::project::OpenMode;
namespace fs = std::filesystem;

namespace {

Edit drawn(Project& project, ItemId item) {
    Annotation annotation;
    annotation.id = project.newAnnotationId();
    annotation.label = project.classes().front().id;
    annotation.box = Box{1, 2, 30, 40};
    Edit edit;
    edit.item = item;
    edit.gesture = "Draw box";
    edit.changes = {{std::nullopt, annotation}};
    return edit;
}

fs::path beside(const fs::path& file, const char* ending) {
    return file.string() + ending;
}

// A disk of its own, which a test can fill; null where the test may not mount one.
class SmallDisk {
 public:
    explicit SmallDisk(const fs::path& folder) : m_folder(folder) {
        fs::create_directories(folder);
        m_mounted = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=3m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (m_mounted) ::umount2(m_folder.c_str(), MNT_DETACH);
    }
    bool mounted() const { return m_mounted; }
    void fill() const {
        std::ofstream out(m_folder / "filler", std::ios::binary | std::ios::app);
        const std::string page(512, 'x');
        while (out.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        }
    }

 private:
    fs::path m_folder;
    bool m_mounted = false;
};

}  // namespace

class TestProjectPlace : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    fs::path m_file;

    fs::path otherProject() {
        const fs::path other = m_folder / "other.querent";
        auto made = Project::create(other, {}, {"theirs"});
        if (!made) qFatal("%s", made.error().text().c_str());
        return other;
    }

 private Q_SLOTS:
    void init() {
        const QString tag = QString::number(qHash(QByteArray(QTest::currentDataTag())));
        m_folder = m_dir.filePath(QTest::currentTestFunction() + tag).toStdString();
        m_file = m_folder / "squares.querent";
        QVERIFY(tests::squaresProject(m_folder, 12, false) != nullptr);
    }

    void aReplacedProjectIsSavedElsewhereWithAllInIt() {
        auto project = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY(project.ok());
        fs::create_directories(m_file.string() + ".d/models");
        std::ofstream(m_file.string() + ".d/models/round-1.pt") << "weights";
        const ItemId item = (*project)->ids({}).front();
        const std::size_t before = (*project)->annotations(item).size();
        QVERIFY((*project)->apply(drawn(**project, item)).ok());
        QVERIFY(!(*project)->displaced());
        fs::rename(otherProject(), m_file);
        QVERIFY((*project)->displaced());
        (*project)->flush();
        QVERIFY(!fs::exists(beside(m_file, "-wal")));  // at once, not with the next change
        const std::vector<Edit> unsaved = {drawn(**project, item), drawn(**project, item)};
        const Result<void> refused = (*project)->apply(unsaved[0]);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Io);
        QVERIFY(!fs::exists(beside(m_file, "-wal")));

        const fs::path elsewhere = m_folder / "deep" / "down" / "under" / "saved.querent";
        QCOMPARE((*project)->saveAs(elsewhere, unsaved).error().code, ErrorCode::InvalidArgument);  // no such folder
        fs::create_directories(elsewhere.parent_path());
        QCOMPARE((*project)->saveAs(m_file, unsaved).error().code, ErrorCode::InvalidArgument);
        const auto saved = (*project)->saveAs(elsewhere, unsaved);
        QVERIFY2(saved.ok(), saved ? "" : saved.error().text().c_str());
        QCOMPARE(*saved, std::int64_t{0});
        QCOMPARE((*project)->saveAs(elsewhere, unsaved).error().code, ErrorCode::InvalidArgument);  // never replaced
        const Result<void> closed = (*project)->close();
        QVERIFY(!closed.ok());  // what was saved here is not in the file that has the name now

        auto opened = Project::open(elsewhere, OpenMode::ReadWrite);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        QCOMPARE((*opened)->annotations(item).size(), before + 3);
        QVERIFY(fs::exists((*opened)->picturePath(*(*opened)->item(item))));
        QVERIFY(fs::exists((*opened)->sidecar() / "models" / "round-1.pt"));
        QVERIFY((*opened)->check().empty());
        const auto theirs = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY2(theirs.ok(), theirs ? "" : theirs.error().text().c_str());
        QCOMPARE((*theirs)->classes().size(), std::size_t{1});
    }

    // An import may keep the writer for a minute; the question whether the file is still ours does not wait for it.
    void whoAsksForThePlaceWaitsForNoWriter() {
        auto project = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY(project.ok());
        std::promise<void> begun;
        std::promise<void> mayGoOn;
        (*project)->post(drawn(**project, (*project)->ids({}).front()), [&](const Result<void>&) {
            begun.set_value();
            mayGoOn.get_future().wait();
        });
        begun.get_future().wait();
        fs::rename(otherProject(), m_file);
        auto asked = std::async(std::launch::async, [&] { return (*project)->displaced() && (*project)->displaced(); });
        const bool answered = asked.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
        mayGoOn.set_value();
        QVERIFY(answered);
        QVERIFY(asked.get());
        QVERIFY(!(*project)->close().ok());
        QVERIFY(!fs::exists(beside(m_file, "-wal")));
    }

    // The answer to an edit may be lost and the edit not: it is there once.
    void savingElsewhereDoesNothingTwice() {
        auto project = Project::open(m_file, OpenMode::ReadWrite);
        const ItemId item = (*project)->ids({}).front();
        const std::size_t before = (*project)->annotations(item).size();
        const Edit edit = drawn(**project, item);
        QVERIFY((*project)->apply(edit).ok());
        Edit unfitting = edit;
        unfitting.item = ItemId{4711};
        unfitting.changes[0].after->id = (*project)->newAnnotationId();
        const std::vector<Edit> edits = {edit, unfitting};
        const auto saved = (*project)->saveAs(m_folder / "again.querent", edits);
        QVERIFY2(saved.ok(), saved ? "" : saved.error().text().c_str());
        QCOMPARE(*saved, std::int64_t{1});
        QCOMPARE((*Project::open(m_folder / "again.querent", OpenMode::ReadOnly))->annotations(item).size(),
                 before + 1);
        QVERIFY((*project)->close().ok());
    }

    void aSecondNameIsNoSecondProject() {
        const fs::path symbolic = m_folder / "symbolic.querent";
        const fs::path hard = m_folder / "hard.querent";
        fs::create_symlink(m_file, symbolic);
        fs::create_hard_link(m_file, hard);
        // Forked before this process has threads of its own: SQLite's locks that one of them held would stay held
        // there.
        std::array<int, 2> opened{};
        QCOMPARE(::pipe(opened.data()), 0);
        const pid_t other = store::test::forked([&] {
            ::close(opened[1]);
            char byte = 0;
            if (::read(opened[0], &byte, 1) != 1) return 4;
            const auto linked = Project::open(symbolic, OpenMode::BestEffort);
            if (!linked || !(*linked)->readOnly() || !(*linked)->holder()) return 1;
            if ((*linked)->sidecar() != fs::path(m_file.string() + ".d")) return 2;
            for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::BestEffort}) {
                const auto second = Project::open(hard, mode);
                if (second || second.error().code != ErrorCode::Locked) return 3;
            }
            return 0;
        });
        const auto project = Project::open(m_file, OpenMode::ReadWrite);
        const bool told = project.ok() && ::write(opened[1], "", 1) == 1;
        ::close(opened[1]);
        ::close(opened[0]);
        QCOMPARE(store::test::exitCodeOf(other), 0);
        QVERIFY(told);
    }

    void aFullDiskIsRead_data() {
        QTest::addColumn<bool>("killed");
        QTest::newRow("closed in good order") << false;
        QTest::newRow("killed, with a log to be read") << true;
    }

    // And everything can be saved on another one.
    void aFullDiskIsRead() {
        QFETCH(bool, killed);
#ifdef __SANITIZE_THREAD__
        QSKIP("The thread sanitizer knows no threads of a process that was forked from one with threads.");
#endif
        const SmallDisk disk(m_folder / "disk");
        if (!disk.mounted()) QSKIP("A test that may not mount a disk cannot fill one.");
        const fs::path file = m_folder / "disk" / "p.querent";
        QVERIFY(Project::create(file, {}, {"red"}).ok());
        const int code = store::test::exitCodeOf(store::test::forked([&] {
            auto project = Project::open(file, OpenMode::ReadWrite);
            if (!project || !(*project)->addClass("blue")) return 1;
            if (killed) return ::raise(SIGKILL);
            return 0;  // by _exit(), with the lock's file left where it is
        }));
        QCOMPARE(code, killed ? -1 : 0);
        if (killed) {
            QVERIFY(fs::file_size(beside(file, "-wal")) > 0);
            fs::remove(beside(file, "-shm"));  // as after a power failure
        } else {
            QVERIFY(Project::open(file, OpenMode::ReadWrite).ok());
            fs::remove_all(beside(file, ".d"));  // not even room for a lock
        }
        disk.fill();
        const auto refused = Project::open(file, OpenMode::ReadWrite);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::DiskFull);
        const auto opened = Project::open(file, OpenMode::BestEffort);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        QVERIFY((*opened)->readOnly());
        QVERIFY(!(*opened)->openingProblems().empty());
        QCOMPARE((*opened)->classes().size(), std::size_t{2});
        const auto saved = (*opened)->saveAs(m_folder / "elsewhere.querent", {});
        QVERIFY2(saved.ok(), saved ? "" : saved.error().text().c_str());
        QCOMPARE((*Project::open(m_folder / "elsewhere.querent", OpenMode::ReadWrite))->classes().size(),
                 std::size_t{2});
    }

    // The copy does not fit: status and sentence are those of a full disk, and nothing is left of it.
    void aCopyThatDoesNotFitSaysSo() {
        const SmallDisk disk(m_folder / "disk");
        if (!disk.mounted()) QSKIP("A test that may not mount a disk cannot fill one.");
        disk.fill();
        auto project = Project::open(m_file, OpenMode::ReadWrite);
        const fs::path target = m_folder / "disk" / "copy.querent";
        const auto copied = (*project)->backupTo(target);
        QVERIFY(!copied.ok());
        QCOMPARE(copied.error().code, ErrorCode::DiskFull);
        const auto saved = (*project)->saveAs(target, {});
        QVERIFY(!saved.ok());
        QCOMPARE(saved.error().code, ErrorCode::DiskFull);
        QVERIFY(!fs::exists(target));
        QVERIFY(!fs::exists(beside(target, ".saving")));
        QVERIFY(!fs::exists(beside(target, ".saving.part")));
    }

    // A large file is looked through in the background; nothing is written before.
    void damageInALargeFileIsFoundInTheBackground() {
        {
            SQLite::Database db(m_file.string(), SQLite::OPEN_READWRITE);
            db.exec("INSERT INTO policy_state VALUES ('large', zeroblob(70000000), '')");
        }
        const std::int64_t page = SQLite::Database(m_file.string(), SQLite::OPEN_READONLY)
                                      .execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'event_item'")
                                      .getInt64();
        {
            auto whole = Project::open(m_file, OpenMode::ReadWrite);
            QVERIFY(whole.ok());
            QVERIFY((*whole)->addClass("in time").ok());
        }
        {
            std::fstream stream(m_file, std::ios::binary | std::ios::in | std::ios::out);
            stream.seekp((page - 1) * 4096);
            stream << std::string(300, '\x55');
        }
        auto project = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY2(project.ok(), project ? "" : project.error().text().c_str());
        QVERIFY(!(*project)->addClass("never").ok());  // waits for the look, as every change does
        QCOMPARE((*project)->openingProblems().size(), std::size_t{1});
        QVERIFY((*project)->openingProblems()[0].find("damaged") != std::string::npos);
        QCOMPARE((*project)->classes().size(), std::size_t{3});
    }

    void openingEndsAKilledRestore() {
        const fs::path backup = m_folder / "backup.querent";
        QVERIFY((*Project::open(m_file, OpenMode::ReadWrite))->backupTo(backup).ok());
        fs::rename(m_file, beside(m_file, ".damaged-20260101T000000000Z"));
        fs::rename(backup, beside(m_file, ".restoring"));
        std::ofstream(m_file.string() + ".d/restoring") << "squares.querent.damaged-20260101T000000000Z";
        const auto opened = Project::open(m_file, OpenMode::BestEffort);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        QVERIFY(!(*opened)->readOnly());
        QVERIFY(fs::exists(beside(m_file, ".damaged-20260101T000000000Z")));
        QVERIFY(!fs::exists(m_file.string() + ".d/restoring"));
    }
};

QTEST_GUILESS_MAIN(TestProjectPlace)
#include "tst_project_place.moc"
