#include "app/bridge/task_pool.h"
#include "app/models/recent_projects.h"
#include "app/preferences/settings.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace querent::app::bridge;
using namespace querent::app::models;
using namespace querent::app::preferences;

class TestRecentProjects : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void newestFirstAndNoneTwice();
    void aMissingFileIsMarkedAndCanBeRemoved();
    void survivesARestart();
    void keepsTwelve();
};

namespace {

QString made(const QTemporaryDir& dir, const QString& name) {
    QFile file(dir.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
    return file.fileName();
}

}  // namespace

void TestRecentProjects::newestFirstAndNoneTwice() {
    QTemporaryDir dir;
    Settings settings(dir.filePath("s.ini"));
    TaskPool pool;
    RecentProjects recent(settings, pool);
    QAbstractItemModelTester tester(&recent, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QString a = made(dir, "a.querent"), b = made(dir, "b.querent");
    recent.opened(a, "A", 1, 10);
    recent.opened(b, "B", 2, 20);
    recent.opened(a, "A again", 3, 10);
    QCOMPARE(recent.rowCount(), 2);
    QCOMPARE(recent.index(0).data().toString(), "A again");
    QCOMPARE(recent.index(0).data(RecentProjects::AnsweredRole).toLongLong(), 3);
    QCOMPARE(recent.index(1).data(RecentProjects::FileRole).toString(), b);
}

void TestRecentProjects::aMissingFileIsMarkedAndCanBeRemoved() {
    QTemporaryDir dir;
    Settings settings(dir.filePath("s.ini"));
    TaskPool pool;
    RecentProjects recent(settings, pool);
    const QString gone = dir.filePath("gone.querent");
    recent.opened(made(dir, "here.querent"), "Here", 0, 1);
    recent.opened(gone, "Gone", 0, 1);
    recent.refresh();
    QTRY_VERIFY(recent.index(0).data(RecentProjects::MissingRole).toBool());
    QVERIFY(!recent.index(1).data(RecentProjects::MissingRole).toBool());
    recent.remove(gone);
    QCOMPARE(recent.rowCount(), 1);
    QCOMPARE(recent.index(0).data().toString(), "Here");
}

void TestRecentProjects::survivesARestart() {
    QTemporaryDir dir;
    TaskPool pool;
    {
        Settings settings(dir.filePath("s.ini"));
        RecentProjects recent(settings, pool);
        recent.opened(made(dir, "a.querent"), "Näme with ünicode", 5, 9);
    }
    Settings settings(dir.filePath("s.ini"));
    RecentProjects recent(settings, pool);
    QCOMPARE(recent.rowCount(), 1);
    QCOMPARE(recent.index(0).data().toString(), "Näme with ünicode");
    QCOMPARE(recent.index(0).data(RecentProjects::TotalRole).toLongLong(), 9);
    QVERIFY(recent.index(0).data(RecentProjects::OpenedRole).toDateTime().isValid());
}

void TestRecentProjects::keepsTwelve() {
    QTemporaryDir dir;
    Settings settings(dir.filePath("s.ini"));
    TaskPool pool;
    RecentProjects recent(settings, pool);
    for (int i = 0; i < 20; ++i)
        recent.opened(dir.filePath(QString("%1.querent").arg(i)), QString::number(i), 0, 1);
    QCOMPARE(recent.rowCount(), 12);
    QCOMPARE(recent.index(0).data().toString(), "19");
}

QTEST_GUILESS_MAIN(TestRecentProjects)
#include "tst_recent_projects.moc"
