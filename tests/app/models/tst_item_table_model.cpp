#include "app/controllers/new_project.h"
#include "app/models/item_table_model.h"
#include "tests/app/support/shell_fixture.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::models;

class TestItemTableModel : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void initTestCase();
    void rowsAreThoseOfTheProject();
    void filtersAndSorts();
    void followsChangesOfSingleItems();
    void withoutAProjectItIsEmpty();

 private:
    static constexpr int kItems = 450;  // three pages
    QTemporaryDir m_dir;
    std::unique_ptr<session::Project> m_project;
};

void TestItemTableModel::initTestCase() {
    test::drawPictures(m_dir.filePath("pictures"), kItems);
    NewProjectPlan plan;
    plan.file = toPath(m_dir.filePath("table.querent"));
    plan.settings.name = "Table";
    plan.classes = {"cat", "dog"};
    plan.data.format = "folder";
    plan.data.from = toPath(m_dir.filePath("pictures"));
    const auto report = createProject(plan, Job());
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    auto project = session::project::Project::open(plan.file, session::project::OpenMode::ReadWrite);
    QVERIFY(project.ok());
    m_project = std::move(project).value();
}

void TestItemTableModel::rowsAreThoseOfTheProject() {
    ItemTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setProject(m_project.get());
    QCOMPARE(model.rowCount(), kItems);
    const auto rows = m_project->rows({}, 0, kItems);
    for (const int row : {0, 1, 199, 200, 201, 399, 400, kItems - 1}) {
        QCOMPARE(model.index(row, ItemTableModel::Name).data().toString(),
                 QString::fromStdString(rows[static_cast<std::size_t>(row)].name));
        QCOMPARE(model.itemAt(row)->id.value, rows[static_cast<std::size_t>(row)].id.value);
    }
    QVERIFY(!model.itemAt(-1).has_value());
    QVERIFY(!model.itemAt(kItems).has_value());
    QCOMPARE(model.index(0, ItemTableModel::SizeColumn).data().toString(), QString("160 × 120"));
}

void TestItemTableModel::filtersAndSorts() {
    ItemTableModel model;
    model.setProject(m_project.get());
    ItemFilter filter;
    filter.split = Split::Val;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), static_cast<int>(m_project->counts().inSplit(Split::Val)));
    QVERIFY(model.rowCount() > 0);
    filter = {};
    filter.text = "00";
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 9 + 4);  // 001 to 009, 100, 200, 300, 400
    model.sort(ItemTableModel::Name, Qt::DescendingOrder);
    QCOMPARE(model.index(0, 0).data().toString(), QString("400.png"));
    model.sort(ItemTableModel::SizeColumn, Qt::AscendingOrder);  // does not sort: stays
    QCOMPARE(model.index(0, 0).data().toString(), QString("400.png"));
    model.sort(ItemTableModel::Name, Qt::AscendingOrder);
    QCOMPARE(model.index(0, 0).data().toString(), QString("001.png"));
}

void TestItemTableModel::followsChangesOfSingleItems() {
    ItemTableModel model;
    model.setProject(m_project.get());
    const ItemId item = model.itemAt(5)->id;
    Edit edit;
    edit.item = item;
    edit.gesture = "Skip";
    edit.markBefore = ItemMark{};
    edit.markAfter = ItemMark{ItemState::Skipped, true, "why"};
    const auto person = m_project->ensurePerson("Ada");
    QVERIFY(person.ok());
    edit.author = *person;
    QVERIFY(m_project->apply(edit).ok());
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.refresh();
    QCOMPARE(resets.count(), 0);  // the view keeps its place
    QCOMPARE(changes.count(), 1);
    QCOMPARE(model.index(5, ItemTableModel::State).data().toString(), stateName(ItemState::Skipped));
    QCOMPARE(model.index(5, ItemTableModel::Marks).data().toString(), QString("Flagged"));
}

void TestItemTableModel::withoutAProjectItIsEmpty() {
    ItemTableModel model;
    model.setProject(m_project.get());
    QVERIFY(model.rowCount() > 0);
    model.setProject(nullptr);
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!model.index(0, 0).data().isValid());
}

QTEST_MAIN(TestItemTableModel)
#include "tst_item_table_model.moc"
