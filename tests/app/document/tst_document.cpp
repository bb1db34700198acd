#include "app/controllers/labeling_controller.h"
#include "engine/core/rng.h"
#include "tests/app/support/label_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace querent;
using namespace querent::app::controllers;
using namespace querent::app::document;
using namespace querent::app::preferences;
using namespace querent::app::test;

namespace {

/** A project with a document and a controller, without any window. */
struct Bench {
    explicit Bench(const Plan& plan = {}) : project(makeProject(folder.path(), plan)) { start(); }

    void start() {
        document = std::make_unique<Document>(*project);
        controller = std::make_unique<LabelingController>(*document, keymap);
        document->showList(project->ids({}), QStringLiteral("all"));
    }
    void stop() {
        controller.reset();
        document.reset();
        project.reset();
    }
    void reopen() {
        const auto file = project->file();
        stop();
        auto opened = session::project::Project::open(file, session::project::OpenMode::ReadWrite);
        QVERIFY(opened.ok());
        project = *std::move(opened);
        start();
    }
    bool settled() {
        return QTest::qWaitFor([this] { return document->pendingWrites() == 0; }, 10000);
    }

    QTemporaryDir folder;
    Keymap keymap;
    std::unique_ptr<session::Project> project;
    std::unique_ptr<Document> document;
    std::unique_ptr<LabelingController> controller;
};

bool equalsDisk(Document& document) {
    document.project().flush();
    for (const ItemId id : document.list()) {
        const auto item = document.project().item(id);
        if (!item || document.markOf(id) != item->mark) return false;
        if (document.annotationsOf(id) != document.project().annotations(id)) return false;
    }
    return true;
}

// The texts of what can be undone, then "|", then of what can be redone.
QStringList stackOf(const Document& document) {
    QStringList texts;
    const QUndoStack& stack = *document.undoStack();
    for (int i = 0; i < stack.count(); ++i) {
        if (i == stack.index()) texts << QStringLiteral("|");
        texts << stack.text(i);
    }
    if (stack.index() == stack.count()) texts << QStringLiteral("|");
    return texts;
}

}  // namespace

class TestDocument : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyChangeIsOnePost() {
        Bench bench;
        QSignalSpy touched(bench.document.get(), &Document::itemTouched);
        const ItemId id = bench.document->item().id;
        bench.controller->drawBox({10, 10, 60, 60});
        bench.controller->undo();
        bench.controller->redo();
        QCOMPARE(touched.count(), 3);
        bench.project->flush();
        const UndoHistory history = bench.project->undoHistory(id, 100);
        QCOMPARE(history.undo.size(), std::size_t{1});  // the redo of the undo of what was drawn
        QVERIFY(history.undo[0].edit.kind == EditKind::Redo);
        QCOMPARE(history.undo[0].id.value - history.undo[0].reverts.value, std::int64_t{1});
        QVERIFY(history.redo.empty());
        QVERIFY(equalsDisk(*bench.document));
    }

    void savedComesWhenAllIsDurable() {
        Bench bench;
        QSignalSpy saved(bench.document.get(), &Document::saved);
        for (int i = 0; i < 20; ++i)
            bench.controller->drawBox({10.0 + i, 10, 60.0 + i, 60});
        QVERIFY(bench.document->pendingWrites() > 0);
        QVERIFY(bench.settled());
        QCOMPARE(saved.count(), 1);
        QCOMPARE(bench.project->annotations(bench.document->item().id).size(), std::size_t{20});
    }

    void goingAwayAndBackShowsNothingStale() {
        Bench bench;
        for (int i = 0; i < 50; ++i) {
            bench.controller->drawBox({10.0 + i, 10, 60.0 + i, 60});
            bench.document->next();
            bench.document->previous();
            QCOMPARE(bench.document->annotations().size(), static_cast<std::size_t>(i) + 1);
        }
        QVERIFY(equalsDisk(*bench.document));
    }

    void undoIsPerItemAndSurvivesARestart() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        bench.controller->drawBox({20, 20, 80, 80});
        bench.controller->undo();
        bench.document->next();
        bench.controller->drawBox({5, 5, 50, 50});
        QVERIFY(bench.settled());
        bench.reopen();

        bench.document->openIndex(0);
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
        QVERIFY(bench.document->undoStack()->canRedo());
        bench.controller->redo();
        QCOMPARE(bench.document->annotations().size(), std::size_t{2});
        bench.controller->undo();
        bench.controller->undo();
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(bench.document->item().mark.state == ItemState::Unlabelled);
        bench.document->openIndex(1);
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
        bench.controller->undo();
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void movedThereAndBackByHandIsNotUndone() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        const qint64 box = bench.document->annotations()[0].id.value;
        bench.controller->editBoxes({{box, {30, 10, 80, 60}}}, QStringLiteral("Move"));
        bench.controller->editBoxes({{box, {10, 10, 60, 60}}}, QStringLiteral("Move"));
        QVERIFY(bench.settled());
        bench.reopen();
        bench.document->openIndex(0);

        QUndoStack* stack = bench.document->undoStack();
        QVERIFY(!stack->canRedo());
        QCOMPARE(stack->count(), 3);
        stack->undo();
        QVERIFY((bench.document->annotations()[0].box == Box{30, 10, 80, 60}));
        stack->undo();
        QVERIFY((bench.document->annotations()[0].box == Box{10, 10, 60, 60}));
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void undoAndRedoInAHurryAreTheSameAfterARestart() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        const qint64 box = bench.document->annotations()[0].id.value;
        for (const double left : {30.0, 10.0, 30.0})
            bench.controller->editBoxes({{box, {left, 10, left + 50, 60}}}, QStringLiteral("Move"));
        bench.controller->undo();
        bench.controller->undo();
        bench.controller->redo();
        QCOMPARE(bench.document->pendingWrites(), 7);
        const QStringList before = stackOf(*bench.document);
        const auto annotations = bench.document->annotations();
        QCOMPARE(before, QStringList({"Draw box", "Move box", "Move box", "|", "Move box"}));
        QVERIFY(bench.settled());
        bench.reopen();
        bench.document->openIndex(0);
        QCOMPARE(stackOf(*bench.document), before);
        QVERIFY(bench.document->annotations() == annotations);

        QUndoStack* stack = bench.document->undoStack();
        stack->redo();
        QVERIFY((bench.document->annotations()[0].box == Box{30, 10, 80, 60}));
        while (stack->canUndo())
            stack->undo();
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
        bench.reopen();
        bench.document->openIndex(0);
        QCOMPARE(stackOf(*bench.document), QStringList({"|", "Draw box", "Move box", "Move box", "Move box"}));
    }

    void anEditAfterAnUndoEndsRedoForGood() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        bench.controller->drawBox({20, 20, 80, 80});
        bench.controller->undo();
        bench.controller->setFlag(true, QStringLiteral("look"));
        QVERIFY(!bench.document->undoStack()->canRedo());
        const QStringList before = stackOf(*bench.document);
        QVERIFY(bench.settled());
        bench.reopen();
        bench.document->openIndex(0);
        QCOMPARE(stackOf(*bench.document), before);
        QCOMPARE(before.back(), QStringLiteral("|"));
    }

    void deepUndo() {
        Bench bench;
        for (int i = 0; i < 600; ++i)
            bench.controller->drawBox({1.0, 1.0, 20.0 + i % 200, 30.0});
        for (int i = 0; i < 550; ++i)
            bench.controller->undo();
        QCOMPARE(bench.document->annotations().size(), std::size_t{50});
        QVERIFY(QTest::qWaitFor([&] { return bench.document->pendingWrites() == 0; }, 30000));
        QVERIFY(equalsDisk(*bench.document));
    }

    void randomGesturesUndoToTheStart() {
        Bench bench;
        Rng rng(3);
        LabelingController& controller = *bench.controller;
        for (int i = 0; i < 120; ++i) {
            const double x = rng.uniform(0, 200), y = rng.uniform(0, 150);
            const auto& annotations = bench.document->annotations();
            if (!annotations.empty()) {
                bench.document->setSelection({annotations[rng.index(annotations.size())].id.value});
            }
            switch (rng.index(7)) {
                case 0:
                    controller.deleteSelected();
                    break;
                case 1:
                    controller.chooseClassAt(static_cast<int>(rng.index(3)));
                    break;
                case 2:
                    controller.duplicateSelected();
                    break;
                case 3:
                    controller.toggleDifficult();
                    break;
                case 4:
                    controller.setFlag(rng.chance(0.5), QStringLiteral("note %1").arg(i));
                    break;
                default:
                    controller.drawBox({x, y, x + 30, y + 40});
            }
        }
        const auto end = bench.document->annotations();
        const ItemMark endMark = bench.document->item().mark;
        QUndoStack* stack = bench.document->undoStack();
        while (stack->canUndo())
            stack->undo();
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(bench.document->item().mark == ItemMark{});
        while (stack->canRedo())
            stack->redo();
        QVERIFY(bench.document->annotations() == end);
        QVERIFY(bench.document->item().mark == endMark);
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void nextUnansweredGoesRound() {
        Bench bench;
        bench.document->openIndex(2);
        bench.controller->skip();  // goes on to 3
        QCOMPARE(bench.document->index(), 3);
        bench.controller->nothingHere();  // round the end to 0
        QCOMPARE(bench.document->index(), 0);
        bench.controller->unsure();
        QCOMPARE(bench.document->index(), 1);
        QSignalSpy done(bench.controller.get(), &LabelingController::listDone);
        bench.controller->skip();
        QCOMPARE(done.count(), 1);
        QCOMPARE(bench.document->index(), 1);
        QVERIFY(bench.settled());
        const std::vector<ItemState> expected{ItemState::Unsure, ItemState::Skipped, ItemState::Skipped,
                                              ItemState::ConfirmedEmpty};
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY(bench.project->item(bench.document->list()[i])->mark.state == expected[i]);
        }
    }

    void batchOfNoRoundIsEmpty() {
        Bench bench;
        bench.document->showBatch();
        QVERIFY(bench.document->list().empty());
        QVERIFY(!bench.document->hasItem());
        QVERIFY(!bench.document->undoStack());
        bench.document->showUnlabelled();
        QCOMPARE(bench.document->list().size(), std::size_t{4});
    }

    void lockedBoxesStay() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        bench.controller->toggleLock();
        bench.controller->deleteSelected();
        bench.controller->deleteAll();
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
        bench.controller->toggleLock();
        bench.controller->deleteSelected();
        QVERIFY(bench.document->annotations().empty());
    }

    void changedUnderneathIsReadAgain() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        QVERIFY(bench.settled());
        // Somebody else changes the item through the project.
        Edit other;
        other.item = bench.document->item().id;
        other.gesture = "Delete box";
        other.author = bench.document->author();
        AnnotationChange change;
        change.before = bench.document->annotations()[0];
        other.changes = {change};
        QVERIFY(bench.project->apply(other).ok());
        QSignalSpy lost(bench.document.get(), &Document::editsLost);
        bench.document->setSelection({change.before->id.value});
        bench.controller->chooseClassAt(2);
        QVERIFY(QTest::qWaitFor([&] { return lost.count() == 1 && bench.document->pendingWrites() == 0; }, 10000));
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(equalsDisk(*bench.document));
        // What can be undone is what is in the log.
        QCOMPARE(stackOf(*bench.document), QStringList({"Draw box", "Delete box", "|"}));
        bench.controller->undo();
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
        QCOMPARE(lost.count(), 1);
    }

    void undoOfWhatWasRefusedIsRefusedToo() {
        Bench bench;
        bench.controller->drawBox({10, 10, 60, 60});
        QVERIFY(bench.settled());
        Edit other;  // somebody else flags the item
        other.item = bench.document->item().id;
        other.gesture = "Flag";
        other.author = bench.document->author();
        other.markBefore = bench.document->item().mark;
        other.markAfter = other.markBefore;
        other.markAfter->flagged = true;
        QVERIFY(bench.project->apply(other).ok());
        QSignalSpy lost(bench.document.get(), &Document::editsLost);
        bench.controller->setFlag(true, QStringLiteral("mine"));
        bench.controller->drawBox({20, 20, 80, 80});
        bench.controller->undo();
        bench.controller->undo();
        bench.controller->redo();
        QVERIFY(bench.settled());
        QVERIFY(lost.count() > 0);
        QVERIFY(bench.document->item().mark == *other.markAfter);
        QCOMPARE(stackOf(*bench.document), QStringList({"Draw box", "Flag", "|", "Draw box"}));
        QVERIFY(equalsDisk(*bench.document));
        const QStringList before = stackOf(*bench.document);
        bench.reopen();
        bench.document->openIndex(0);
        QCOMPARE(stackOf(*bench.document), before);
    }

    void classifyingGivesTheItemOneClass() {
        Plan plan;
        plan.settings.task = TaskKind::Classify;
        Bench bench(plan);
        bench.controller->setAutoAdvance(false);
        bench.controller->chooseClassAt(1);
        bench.controller->chooseClassAt(2);
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
        QVERIFY(bench.document->annotations()[0].label == bench.document->classes()[2].id);
        QVERIFY(!bench.document->annotations()[0].box);
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void classifyingGoesOnAndUndoComesBack() {
        Plan plan;
        plan.settings.task = TaskKind::Classify;
        Bench bench(plan);
        bench.controller->chooseClassAt(1);
        QCOMPARE(bench.document->index(), 1);
        QVERIFY(bench.document->annotations().empty());
        bench.controller->undo();
        QCOMPARE(bench.document->index(), 0);
        QVERIFY(bench.document->annotations().empty());
        QVERIFY(bench.document->item().mark.state == ItemState::Unlabelled);
        bench.controller->chooseClassAt(0);
        bench.controller->next();  // moving about by hand forgets where the answer came from
        bench.controller->undo();
        QCOMPARE(bench.document->index(), 2);
        // Putting an answer right does not run away from it.
        bench.controller->previous();
        bench.controller->previous();
        bench.controller->chooseClassAt(2);
        QCOMPARE(bench.document->index(), 0);
        QVERIFY(bench.document->annotations()[0].label == bench.document->classes()[2].id);
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    // Whatever the answer is given with, it is said that the flag goes.
    void anAnswerSaysThatTheImportsFlagIsOff() {
        Plan plan;
        plan.settings.task = TaskKind::Classify;
        Bench bench(plan);
        const auto flagFirst = [&bench] {
            bench.controller->setFlag(true, QStringLiteral("1 of 2 objects could not be read."));
            return bench.document->index();
        };
        QSignalSpy said(bench.controller.get(), &LabelingController::said);
        const auto saidIt = [&said] {
            const bool once = said.count() == 1 && said[0][0].toString().contains(QStringLiteral("flag is off"));
            said.clear();
            return once;
        };
        QCOMPARE(flagFirst(), 0);
        bench.controller->chooseClassAt(1);
        QVERIFY(saidIt());
        QVERIFY(!bench.document->markOf(bench.document->list()[0]).flagged);
        bench.controller->setAutoAdvance(false);
        QCOMPARE(flagFirst(), 1);
        bench.controller->chooseClassAt(2);
        QVERIFY(saidIt());
        bench.controller->chooseClassAt(0);  // it is off already
        QCOMPARE(said.count(), 0);
        bench.controller->setFlag(true, QStringLiteral("blurred"));  // a person's own stays
        bench.controller->chooseClassAt(2);
        QCOMPARE(said.count(), 0);
        QVERIFY(bench.document->item().mark.flagged);
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void severalClassesWaitForTheirConfirmation() {
        Plan plan;
        plan.settings.task = TaskKind::Classify;
        plan.settings.multiLabel = true;
        Bench bench(plan);
        bench.controller->chooseClassAt(0);
        bench.controller->chooseClassAt(2);
        QCOMPARE(bench.document->index(), 0);
        QCOMPARE(bench.document->annotations().size(), std::size_t{2});
        bench.controller->confirm();
        QCOMPARE(bench.document->index(), 1);
        bench.controller->nothingHere();
        QVERIFY(bench.document->markOf(bench.document->list()[1]).state == ItemState::ConfirmedEmpty);
        QVERIFY(bench.settled());
        QVERIFY(equalsDisk(*bench.document));
    }

    void addedClassIsActiveAndTaken() {
        Bench bench;
        bench.controller->addClass(QStringLiteral("hen"));
        QCOMPARE(bench.document->classes().size(), std::size_t{4});
        QVERIFY(bench.document->activeClass() == bench.document->classes().back().id);
        QSignalSpy said(bench.controller.get(), &LabelingController::said);
        bench.controller->addClass(QStringLiteral("hen"));
        QCOMPARE(said.count(), 1);
        QCOMPARE(bench.document->classes().size(), std::size_t{4});
    }

    void rejectedSuggestionsStayAway() {
        Plan plan;
        plan.pictures = static_cast<int>(Document::kKeptItems) + 4;
        plan.predictions = {QStringLiteral("p0.png,cat,20,20,90,90,0.9"),
                            QStringLiteral("p0.png,dog,150,9,230,80,0.6")};
        Bench bench(plan);
        Document& document = *bench.document;
        QCOMPARE(document.ghosts().size(), std::size_t{2});
        bench.controller->rejectFocused();
        QCOMPARE(document.ghosts().size(), std::size_t{1});
        const double left = document.ghosts().front().prediction.score;
        while (document.next()) {
        }
        document.openIndex(0);  // read again: it was forgotten on the way
        QCOMPARE(document.ghosts().size(), std::size_t{1});
        QCOMPARE(document.ghosts().front().prediction.score, left);
        bench.document->reload();
        QCOMPARE(document.ghosts().size(), std::size_t{1});
    }

    void theLockIsNamedByItsKey() {
        Bench bench;
        bench.keymap.setKeys(QStringLiteral("edit.lock"), {QKeySequence(QStringLiteral("Alt+U"))});
        bench.document->setActiveClass(bench.document->classes().front().id);
        bench.controller->drawBox(Box{10, 10, 60, 60});
        bench.controller->toggleLock();
        QSignalSpy said(bench.controller.get(), &LabelingController::said);
        bench.controller->deleteSelected();
        QCOMPARE(said.count(), 1);
        QVERIFY2(said[0][0].toString().contains(QStringLiteral("Alt+U")), qPrintable(said[0][0].toString()));
        QCOMPARE(bench.document->annotations().size(), std::size_t{1});
    }
};

QTEST_MAIN(TestDocument)
#include "tst_document.moc"
