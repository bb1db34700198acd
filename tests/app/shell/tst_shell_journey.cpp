#include "app/controllers/labeling_controller.h"
#include "app/models/item_table_model.h"
#include "app/models/progress_figures.h"
#include "app/pages/data/data_page.h"
#include "app/pages/label/label_page.h"
#include "app/pages/start/start_page.h"
#include "app/pages/train/train_page.h"
#include "app/shell/main_window.h"
#include "tests/app/support/shell_fixture.h"
#include "widgets/common/banner.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace querent;
using namespace querent::app;
using namespace querent::app::controllers;
using namespace querent::app::document;
using namespace querent::app::models;
using namespace querent::app::pages;
using namespace querent::app::shell;
using namespace querent::widgets::common;
using test::find;

namespace {

void choose(QComboBox* box, const QVariant& data) {
    box->setCurrentIndex(box->findData(data));
    Q_EMIT box->activated(box->currentIndex());
}

constexpr int kTrainingTimeout = 120000;

}  // namespace

/** One person's first afternoon, on the screens that person sees. Each step goes on from the one before. */
class TestShellJourney : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void createsAProjectFromAFolder();
    void importsASmallVocSet();
    void filtersInDataAndOpensInLabel();
    void movesItemsBetweenParts();
    void setsUpTheRound();
    void suggestsAndLabels();
    void trainsAndSeesProgress();
    void theModelIsListed();
    void theProjectIsRememberedAndOpensAgain();

 private:
    MainWindow& window() { return m_shell->app().window(); }
    session::Project& project() { return *m_shell->app().project(); }
    std::unique_ptr<test::Shell> m_shell;
};

void TestShellJourney::initTestCase() {
    m_shell = std::make_unique<test::Shell>();
    test::drawPictures(m_shell->path("pictures"), 15);
    test::drawVocSet(m_shell->path("voc"), 12);
    window().show();
    QCOMPARE(window().page(), MainWindow::Page::Start);
    QVERIFY(!find<QToolButton>(&window(), "railLabel")->isEnabled());
}

void TestShellJourney::cleanupTestCase() {
    m_shell.reset();
}

void TestShellJourney::createsAProjectFromAFolder() {
    Q_EMIT window().startPage().dataDropped(m_shell->path("pictures"));
    auto* dialog = find<QDialog>(&window(), "newProjectDialog");
    QCOMPARE(find<QLineEdit>(dialog, "newName")->text(), QString("pictures"));
    auto* format = find<QComboBox>(dialog, "newFormat");
    QTRY_COMPARE(format->currentData().toString(), QString("folder"));
    find<QLineEdit>(dialog, "newName")->setText("First afternoon");
    find<QPlainTextEdit>(dialog, "newClasses")->setPlainText("square\ncircle");
    QSignalSpy opened(&m_shell->app(), &Application::projectOpened);
    auto* create = find<QPushButton>(dialog, "newCreate");
    QTRY_VERIFY(create->isEnabled());
    create->click();
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    QCOMPARE(window().page(), MainWindow::Page::Label);
    QVERIFY(window().windowTitle().contains("First afternoon"));
    QCOMPARE(project().counts().total(), 15);
    QVERIFY(project().counts().inSplit(Split::Val) > 0);
    QVERIFY(find<QToolButton>(&window(), "railData")->isEnabled());
}

void TestShellJourney::importsASmallVocSet() {
    QDialog* dialog = window().importData(m_shell->path("voc"));
    auto* format = find<QComboBox>(dialog, "importFormat");
    QTRY_COMPARE(format->currentData().toString(), QString("voc"));
    find<QToolButton>(dialog, "importMore")->click();
    find<QLineEdit>(dialog, "importSplits")->setText(m_shell->path("voc/ImageSets/Main"));
    find<QPushButton>(dialog, "importLook")->click();
    auto* summary = find<QLabel>(dialog, "importSummary");
    QTRY_VERIFY2(summary->text().contains("12"), qPrintable(summary->text()));
    auto* run = find<QPushButton>(dialog, "importRun");
    QTRY_VERIFY(run->isEnabled());
    run->click();
    QTRY_COMPARE_WITH_TIMEOUT(project().counts().total(), 27, 20000);
    QCOMPARE(project().counts().trainable(Split::Val), 4);
    QCOMPARE(project().counts().trainable(Split::Train), 8);
    dialog->close();
}

void TestShellJourney::filtersInDataAndOpensInLabel() {
    window().showPage(MainWindow::Page::Data);
    ItemTableModel& model = window().dataPage().model();
    QTRY_COMPARE(model.rowCount(), 27);
    find<QLineEdit>(&window(), "filterText")->setText("VOC");
    QTRY_COMPARE(model.rowCount(), 12);
    auto* split = find<QComboBox>(&window(), "filterSplit");
    split->setCurrentIndex(split->findData(int(Split::Val)));
    QCOMPARE(model.rowCount(), 4);
    QVERIFY(find<QLabel>(&window(), "dataCounts")->text().contains("4 of 27"));
    auto* table = find<QTableView>(&window(), "dataTable");
    table->setCurrentIndex(model.index(1, 0));
    const ItemId wanted = model.itemAt(1)->id;
    Q_EMIT table->activated(model.index(1, 0));
    QCOMPARE(window().page(), MainWindow::Page::Label);
    QCOMPARE(m_shell->app().document()->list().size(), std::size_t{4});
    QTRY_VERIFY(m_shell->app().document()->hasItem());
    QCOMPARE(m_shell->app().document()->item().id, wanted);
    window().showPage(MainWindow::Page::Data);
    find<QPushButton>(&window(), "filterClear")->click();
    QCOMPARE(model.rowCount(), 27);
}

void TestShellJourney::movesItemsBetweenParts() {
    auto* table = find<QTableView>(&window(), "dataTable");
    auto* text = find<QLineEdit>(&window(), "filterText");
    text->setText("voc001.png");
    QTRY_COMPARE(window().dataPage().model().rowCount(), 1);
    table->selectRow(0);
    const ItemId item = window().dataPage().model().itemAt(0)->id;
    window().dataPage().contextMenu()->findChild<QAction*>("dataMove_test")->trigger();
    QTRY_COMPARE(project().item(item)->split, Split::Test);
    window().dataPage().contextMenu()->findChild<QAction*>("dataMove_train")->trigger();
    QTRY_COMPARE(project().item(item)->split, Split::Train);
    find<QPushButton>(&window(), "filterClear")->click();
}

void TestShellJourney::setsUpTheRound() {
    window().showPage(MainWindow::Page::Train);
    for (const char* fallsBack : {"margin", "entropy-max", "entropy"}) {
        choose(find<QComboBox>(&window(), "trainStrategy"), fallsBack);
        QVERIFY2(
            find<QLabel>(&window(), "trainStrategySentence")->text().contains("TypiClust asks until there is a model"),
            fallsBack);
    }
    choose(find<QComboBox>(&window(), "trainStrategy"), "random");
    QVERIFY(!find<QLabel>(&window(), "trainStrategySentence")->text().contains("until there is a model"));
    QTRY_COMPARE(project().settings().strategy, std::string("random"));
    QVERIFY(!find<QLabel>(&window(), "trainStrategySentence")->text().isEmpty());
    find<QSpinBox>(&window(), "trainBatch")->setValue(4);
    QTRY_COMPARE(project().settings().batchSize, 4);
    find<QSpinBox>(&window(), "trainSteps")->setValue(6);
    QTRY_COMPARE(project().settings().trainingSteps, 6);
    choose(find<QComboBox>(&window(), "trainDevice"), "cpu");
    m_shell->app().rounds().setSuggestsAfterTraining(false);
}

void TestShellJourney::suggestsAndLabels() {
    QSignalSpy ready(&m_shell->app().rounds(), &RoundController::batchReady);
    find<QPushButton>(&window(), "trainSuggest")->click();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 30000);
    window().showPage(MainWindow::Page::Label);
    Document& document = *m_shell->app().document();
    QTRY_VERIFY(document.listIsBatch());
    QCOMPARE(document.list().size(), std::size_t{4});
    document.setActiveClass(document.classes().front().id);
    for (const ItemId item : document.list()) {
        QVERIFY(document.openItem(item));
        window().labelPage()->controller().drawBox(Box{20, 20, 60, 55});
    }
    QTRY_COMPARE(document.pendingWrites(), 0);
    QTRY_COMPARE(project().counts().trainable(Split::Train), 12);
}

void TestShellJourney::trainsAndSeesProgress() {
    window().showPage(MainWindow::Page::Train);
    auto* train = find<QPushButton>(&window(), "trainNow");
    QTRY_VERIFY(train->isEnabled());
    QSignalSpy ticks(&m_shell->app().rounds(), &RoundController::tick);
    QSignalSpy finished(&m_shell->app().rounds(), &RoundController::roundFinished);
    QStringList errors;
    connect(&m_shell->app().rounds(), &RoundController::failed, this,
            [&errors](const Error& error) { errors << QString::fromStdString(error.text()); });
    train->click();
    QTRY_VERIFY_WITH_TIMEOUT(finished.count() > 0 || !errors.isEmpty(), kTrainingTimeout);
    QCOMPARE(errors, QStringList());
    QVERIFY(ticks.count() > 0);
    QCOMPARE(project().rounds().back().step, RoundStep::Done);

    window().showPage(MainWindow::Page::Progress);
    auto* rounds = find<QTableWidget>(&window(), "progressRounds");
    QTRY_COMPARE(rounds->rowCount(), 1);
    QCOMPARE(rounds->item(0, 1)->text(), QString("12"));
    const ProgressFigures figures = gatherProgress(project());
    QCOMPARE(figures.curve("map50").size(), 1);
    QCOMPARE(figures.curve("map50")[0].x, 12.0);
    QVERIFY(find<QLabel>(&window(), "figureHeadline")->text() != QStringLiteral("–"));
    QVERIFY(!classBars(project(), "ap50").isEmpty());
}

void TestShellJourney::theModelIsListed() {
    window().showPage(MainWindow::Page::Train);
    auto* models = find<QTableWidget>(&window(), "modelTable");
    QTRY_COMPARE(models->rowCount(), 1);
    QCOMPARE(models->item(0, 2)->text(), QString("12"));
    QVERIFY(!models->item(0, 6)->text().isEmpty());
    models->selectRow(0);
    QVERIFY(!find<QPushButton>(&window(), "modelUse")->isEnabled());  // it is in use
    QVERIFY(!find<QPushButton>(&window(), "modelCompare")->isEnabled());
}

void TestShellJourney::theProjectIsRememberedAndOpensAgain() {
    window().close();
    QVERIFY(m_shell->app().project() == nullptr);
    m_shell->restart();
    window().show();
    auto* card = find<QAbstractButton>(&window(), "recentCard0");
    QCOMPARE(card->text(), QString("First afternoon"));
    QSignalSpy opened(&m_shell->app(), &Application::projectOpened);
    card->click();
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(project().counts().total(), 27);
    QCOMPARE(project().rounds().size(), std::size_t{1});
}

QTEST_MAIN(TestShellJourney)
#include "tst_shell_journey.moc"
