#include "app/controllers/new_project.h"
#include "engine/session/project/project.h"
#include "tests/app/support/shell_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;

class TestNewProject : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void init();
    void makesAProjectWithItsPictures();
    void anEmptyOneIsFine();
    void refusesAFileThatExists();
    void aFailedImportLeavesNothing();
    void aCancelledImportLeavesNothing();
    void tellsWhatIsWrong();

 private:
    NewProjectPlan plan(const QString& name) const;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestNewProject::init() {
    m_dir = std::make_unique<QTemporaryDir>();
}

NewProjectPlan TestNewProject::plan(const QString& name) const {
    NewProjectPlan plan;
    plan.file = toPath(m_dir->filePath(name + ".querent"));
    plan.settings.name = name.toStdString();
    plan.classes = {"cat", "dog"};
    return plan;
}

void TestNewProject::makesAProjectWithItsPictures() {
    test::drawPictures(m_dir->filePath("p"), 10);
    NewProjectPlan wanted = plan("Ünïcode name");
    wanted.data.format = "folder";
    wanted.data.from = toPath(m_dir->filePath("p"));
    wanted.settings.holdoutShare = 0.3;
    const auto report = createProject(wanted, Job());
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    QCOMPARE(report->newItems, 10);
    const auto project = session::project::Project::open(wanted.file, session::project::OpenMode::ReadOnly);
    QVERIFY(project.ok());
    QCOMPARE((*project)->counts().inSplit(Split::Val), 3);
    QCOMPARE((*project)->classes().size(), std::size_t{2});
    QCOMPARE((*project)->settings().name, wanted.settings.name);
}

void TestNewProject::anEmptyOneIsFine() {
    QVERIFY(createProject(plan("empty"), Job()).ok());
    QVERIFY(QFile::exists(m_dir->filePath("empty.querent")));
}

void TestNewProject::refusesAFileThatExists() {
    QVERIFY(createProject(plan("twice"), Job()).ok());
    const auto again = createProject(plan("twice"), Job());
    QVERIFY(!again.ok());
    QCOMPARE(again.error().code, ErrorCode::InvalidArgument);
    QVERIFY(QFile::exists(m_dir->filePath("twice.querent")));  // and it is still there
}

void TestNewProject::aFailedImportLeavesNothing() {
    NewProjectPlan wanted = plan("bad");
    wanted.data.format = "coco";
    wanted.data.from = toPath(m_dir->filePath("bad.json"));
    QFile file(m_dir->filePath("bad.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{ not json");
    file.close();
    QVERIFY(!createProject(wanted, Job()).ok());
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden),
             QStringList{"bad.json"});
}

void TestNewProject::aCancelledImportLeavesNothing() {
    test::drawPictures(m_dir->filePath("p"), 5);
    NewProjectPlan wanted = plan("stopped");
    wanted.data.format = "folder";
    wanted.data.from = toPath(m_dir->filePath("p"));
    std::stop_source stop;
    stop.request_stop();
    const auto report = createProject(wanted, Job(stop.get_token()));
    QVERIFY(!report.ok());
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden), QStringList{"p"});
}

void TestNewProject::tellsWhatIsWrong() {
    NewProjectPlan wanted = plan("fine");
    QCOMPARE(planProblem(wanted), QString());
    wanted.classes = {"cat", "cat"};
    QVERIFY(planProblem(wanted).contains("cat"));
    wanted = plan("fine");
    wanted.settings.name.clear();
    QVERIFY(!planProblem(wanted).isEmpty());
    wanted = plan("fine");
    wanted.data.from = toPath(m_dir->filePath("nowhere"));
    QVERIFY(!planProblem(wanted).isEmpty());
}

QTEST_GUILESS_MAIN(TestNewProject)
#include "tst_new_project.moc"
