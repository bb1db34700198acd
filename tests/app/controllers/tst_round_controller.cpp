#include "app/bridge/background_bridge.h"
#include "app/controllers/new_project.h"
#include "app/controllers/round_controller.h"
#include "app/models/progress_figures.h"
#include "app/preferences/settings.h"
#include "tests/app/support/shell_fixture.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::models;
using namespace querent::app::preferences;

class TestRoundController : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void init();
    void cleanup();
    void withoutAProjectNothingRuns();
    void suggestFreezesABatch();
    void refusesTwice();
    void trainNeedsALabel();
    void trainsWhatIsLabelledWithoutARound();
    void readOnlyRunsNothing();
    void settingsAreKept();

 private:
    void label(ItemId item, const char* person);
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<BackgroundBridge> m_worker;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<RoundController> m_rounds;
};

void TestRoundController::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<Settings>(m_dir->filePath("s.ini"));
    test::drawPictures(m_dir->filePath("p"), 12);
    NewProjectPlan plan;
    plan.file = toPath(m_dir->filePath("r.querent"));
    plan.settings.name = "Rounds";
    plan.settings.strategy = "random";
    plan.settings.batchSize = 4;
    plan.settings.trainingSteps = 2;
    plan.classes = {"square", "circle"};
    plan.data.format = "folder";
    plan.data.from = toPath(m_dir->filePath("p"));
    QVERIFY(createProject(plan, Job()).ok());
    auto project = session::project::Project::open(plan.file, session::project::OpenMode::ReadWrite);
    QVERIFY(project.ok());
    m_project = std::move(project).value();
    m_worker = std::make_unique<BackgroundBridge>();
    m_rounds = std::make_unique<RoundController>(*m_worker, *m_settings);
}

void TestRoundController::cleanup() {
    m_rounds.reset();
    m_worker.reset();
    m_project.reset();
}

void TestRoundController::withoutAProjectNothingRuns() {
    QSignalSpy failed(m_rounds.get(), &RoundController::failed);
    QVERIFY(!m_rounds->canSuggest());
    m_rounds->suggest();
    m_rounds->train();
    QCOMPARE(failed.count(), 2);
    QVERIFY(!m_rounds->busy());
}

void TestRoundController::suggestFreezesABatch() {
    m_rounds->setProject(m_project.get());
    QVERIFY2(m_rounds->canSuggest(), qPrintable(m_rounds->whyNotSuggest()));
    QSignalSpy ready(m_rounds.get(), &RoundController::batchReady);
    m_rounds->suggest();
    QVERIFY(m_rounds->busy());
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 20000);
    QVERIFY(!m_rounds->busy());
    QVERIFY(m_rounds->openRound().has_value());
    QCOMPARE(m_rounds->openRound()->step, RoundStep::Labelling);
    QCOMPARE(m_project->batch(m_rounds->openRound()->id).size(), std::size_t{4});
}

void TestRoundController::refusesTwice() {
    m_rounds->setProject(m_project.get());
    QSignalSpy ready(m_rounds.get(), &RoundController::batchReady);
    QSignalSpy failed(m_rounds.get(), &RoundController::failed);
    m_rounds->suggest();
    m_rounds->suggest();
    QCOMPARE(failed.count(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 20000);
    m_rounds->suggest();  // a batch is open now
    QCOMPARE(failed.count(), 2);
    QCOMPARE(m_project->rounds().size(), std::size_t{1});
}

void TestRoundController::trainNeedsALabel() {
    m_rounds->setProject(m_project.get());
    QVERIFY(!m_rounds->canTrain());
    QSignalSpy ready(m_rounds.get(), &RoundController::batchReady);
    m_rounds->suggest();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 20000);
    QVERIFY(!m_rounds->canTrain());
    label(m_project->batch(m_rounds->openRound()->id).front().item, "Ada");
    QVERIFY2(m_rounds->canTrain(), qPrintable(m_rounds->whyNotTrain()));
}

void TestRoundController::label(ItemId item, const char* person) {
    Edit edit;
    edit.item = item;
    edit.gesture = "Draw box";
    edit.author = *m_project->ensurePerson(person);
    Annotation box;
    box.id = m_project->newAnnotationId();
    box.label = m_project->classes().front().id;
    box.box = Box{10, 10, 50, 50};
    box.author = edit.author;
    edit.changes.push_back({std::nullopt, box});
    edit.markBefore = ItemMark{};
    edit.markAfter = ItemMark{ItemState::Labelled, false, {}};
    const auto applied = m_project->apply(edit);
    QVERIFY2(applied.ok(), applied.ok() ? "" : applied.error().text().c_str());
}

void TestRoundController::trainsWhatIsLabelledWithoutARound() {
    ItemFilter val;
    val.split = Split::Val;
    const std::vector<ItemId> held = m_project->ids(val);
    QVERIFY(!held.empty());
    for (const ItemId item : m_project->ids({}))
        label(item, "Ada");
    m_rounds->setDevice("cpu");
    m_rounds->setProject(m_project.get());
    QVERIFY(!m_rounds->canSuggest());  // nothing is left to ask about
    QVERIFY2(m_rounds->canTrain(), qPrintable(m_rounds->whyNotTrain()));
    QSignalSpy ticks(m_rounds.get(), &RoundController::tick);
    QSignalSpy finished(m_rounds.get(), &RoundController::roundFinished);
    QSignalSpy failed(m_rounds.get(), &RoundController::failed);
    m_rounds->train();
    QTRY_VERIFY_WITH_TIMEOUT(finished.count() + failed.count() > 0, 240000);
    QCOMPARE(failed.count(), 0);
    QVERIFY(ticks.count() > 0);
    QVERIFY(!m_rounds->busy());
    QVERIFY(m_project->rounds().empty());
    const auto model = m_project->currentModel();
    QVERIFY(model.has_value());
    QCOMPARE(model->labels, static_cast<std::int64_t>(12 - held.size()));

    const ProgressFigures figures = gatherProgress(*m_project);
    QCOMPARE(figures.rounds.size(), 1);
    QVERIFY(!figures.rounds[0].ofRound);
    QCOMPARE(figures.curve("map50").size(), 1);
    QCOMPARE(figures.curve("map50")[0].x, static_cast<double>(model->labels));
    const auto bars = classBars(*m_project, "ap50");
    QCOMPARE(bars.size(), 2);
    QVERIFY(bars[0].undefined.isEmpty());
    QVERIFY(!bars[1].undefined.isEmpty());  // no circle in the validation set: no number, and a reason
}

void TestRoundController::readOnlyRunsNothing() {
    auto reading = session::project::Project::open(m_project->file(), session::project::OpenMode::ReadOnly);
    QVERIFY(reading.ok());
    m_rounds->setProject(reading->get());
    QVERIFY(!m_rounds->canSuggest());
    QVERIFY(!m_rounds->canTrain());
    m_rounds->setProject(nullptr);
}

void TestRoundController::settingsAreKept() {
    QCOMPARE(m_rounds->device(), QString("auto"));
    QVERIFY(m_rounds->suggestsAfterTraining());
    m_rounds->setDevice("cpu");
    m_rounds->setSuggestsAfterTraining(false);
    BackgroundBridge worker;
    const RoundController again(worker, *m_settings);
    QCOMPARE(again.device(), QString("cpu"));
    QVERIFY(!again.suggestsAfterTraining());
}

QTEST_GUILESS_MAIN(TestRoundController)
#include "tst_round_controller.moc"
