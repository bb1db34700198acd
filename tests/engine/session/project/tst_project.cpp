// Opening a project after something went wrong, its automatic backups, and the way back to one.

#include "engine/session/project/project.h"
#include "engine/session/project/restore.h"
#include "tests/engine/session/pictures.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace querent;
using session::Project;
using session::project::OpenMode;

namespace {

void sql(const std::filesystem::path& file, const std::string& statement) {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(statement);
}

// Overwrites a part of an index that opening does not read.
void damage(const std::filesystem::path& file) {
    const std::int64_t page = SQLite::Database(file.string(), SQLite::OPEN_READONLY)
                                  .execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'item_order'")
                                  .getInt64();
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp((page - 1) * 4096 + 3);
    stream << std::string(300, '\x55');
}

constexpr const char* kUnclean = "UPDATE meta SET value = 'false' WHERE key = 'clean'";

}  // namespace

class TestProject : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path m_file;

 private Q_SLOTS:
    void init() {
        const std::filesystem::path folder = m_dir.filePath(QTest::currentTestFunction()).toStdString();
        m_file = folder / "squares.querent";
        QVERIFY(tests::squaresProject(folder, 12, false) != nullptr);
    }

    void anUncleanEndIsLookedInto() {
        sql(m_file, "UPDATE item SET annotations = 99 WHERE id = 1");
        auto calm = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY(calm.ok());
        QVERIFY((*calm)->openingProblems().empty());  // closed in good order: not looked into
        calm->reset();
        sql(m_file, kUnclean);
        const auto opened = Project::open(m_file, OpenMode::ReadWrite);
        QVERIFY(opened.ok());
        QCOMPARE((*opened)->openingProblems().size(), std::size_t{1});
        QVERIFY((*opened)->openingProblems()[0].find("number of annotations") != std::string::npos);
    }

    void aDamagedFileIsShownButNotWrittenTo() {
        damage(m_file);
        sql(m_file, kUnclean);
        QCOMPARE(Project::open(m_file, OpenMode::ReadWrite).error().code, ErrorCode::Corrupt);
        const auto opened = Project::open(m_file, OpenMode::BestEffort);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        QVERIFY((*opened)->readOnly());
        QCOMPARE((*opened)->openingProblems().size(), std::size_t{1});
        QVERIFY((*opened)->openingProblems()[0].find("damaged") != std::string::npos);
    }

    void openingBacksUpAndRestoringGoesBack() {
        QVERIFY(session::project::backupsOf(m_file).empty());
        {
            const auto opened = Project::open(m_file, OpenMode::ReadWrite);
            QVERIFY(opened.ok());
        }
        const auto backups = session::project::backupsOf(m_file);
        QCOMPARE(backups.size(), std::size_t{1});
        {
            const auto opened = Project::open(m_file, OpenMode::ReadWrite);
            QVERIFY((*opened)->addClass("green").ok());
            QCOMPARE(session::project::restoreBackup(backups[0], m_file).error().code, ErrorCode::Locked);
            QVERIFY((*opened)->backupProblem().empty());
        }
        QCOMPARE(session::project::backupsOf(m_file).size(), std::size_t{1});  // the newest is not a day old
        const auto aside = session::project::restoreBackup(backups[0], m_file);
        QVERIFY2(aside.ok(), aside ? "" : aside.error().text().c_str());
        QCOMPARE((*Project::open(m_file, OpenMode::ReadWrite))->classes().size(), std::size_t{2});
        QCOMPARE((*Project::open(*aside, OpenMode::ReadWrite))->classes().size(), std::size_t{3});
    }

    void theNewestBackupComesFirstWhateverMadeIt() {
        const std::filesystem::path folder = m_file.string() + ".d/backups";
        std::filesystem::create_directories(folder);
        for (const char* name :
             {"checkpoint-20260102T000000000", "squares-20260103T000000000Z", "squares-20260101T000000000Z"}) {
            QFile file(QString::fromStdString((folder / (std::string(name) + ".querent")).string()));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const auto found = session::project::backupsOf(m_file);
        QCOMPARE(found.size(), std::size_t{3});
        QCOMPARE(found[0].filename().string(), std::string("squares-20260103T000000000Z.querent"));
        QCOMPARE(found[1].filename().string(), std::string("checkpoint-20260102T000000000.querent"));
    }

    void readingMakesNoBackup() {
        QVERIFY(Project::open(m_file, OpenMode::ReadOnly).ok());
        QVERIFY(session::project::backupsOf(m_file).empty());
    }
};

QTEST_GUILESS_MAIN(TestProject)
#include "tst_project.moc"
