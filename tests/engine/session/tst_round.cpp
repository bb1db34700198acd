#include "engine/session/curve_picture.h"
#include "engine/session/machine.h"
#include "engine/session/measuring.h"
#include "engine/session/models.h"
#include "engine/session/pool.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/ranking.h"
#include "engine/session/round.h"
#include "engine/session/strategies.h"
#include "engine/session/training.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <set>
#include <stop_token>

using namespace querent;

class TestRound : public QObject {
    Q_OBJECT

    static void labelHoldout(session::Project& project) {
        ItemFilter val;
        val.split = Split::Val;
        for (const ItemId item : project.ids(val)) {
            Edit edit;
            edit.item = item;
            edit.gesture = "Nothing here";
            edit.markBefore = ItemMark();
            edit.markAfter = ItemMark{ItemState::ConfirmedEmpty, false, {}};
            QVERIFY(project.apply(edit).ok());
        }
    }

    static void breakPicture(const session::Project& project, const ItemId item) {
        const auto path = project.picturePath(*project.item(item));
        std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    }

    static std::vector<ItemId> itemsOf(const session::Project& project, Split split) {
        ItemFilter filter;
        filter.split = split;
        return project.ids(filter);
    }

 private Q_SLOTS:
    // More threads than this small network can use only wait for one another on a busy machine.
    void initTestCase() { session::setComputeThreads(1); }

    void theCircleTurns() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, true);
        QVERIFY(project != nullptr);
        labelHoldout(*project);
        std::set<ItemId> asked;
        for (int number = 1; number <= 2; ++number) {
            session::Round round(*project, {});
            const auto suggested = round.suggest(Job());
            QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
            QCOMPARE(suggested->number, number);
            QCOMPARE(suggested->strategy, std::string(number == 1 ? "typiclust" : "entropy"));
            QVERIFY(!round.suggest(Job()).ok());
            for (const QueryEntry& entry : project->batch(suggested->id)) {
                QCOMPARE(project->item(entry.item)->split, Split::Train);
                QVERIFY2(asked.insert(entry.item).second, "an item is asked once");
            }
            const auto answered = round.answerFromTruth(Job());
            QVERIFY(answered.ok());
            QCOMPARE(*answered, 4);
            const auto done = round.advance(Job());
            QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
            QCOMPARE(done->step, RoundStep::Done);
            QCOMPARE(done->labelsAtTraining, 4 * number);
        }
        QCOMPARE(session::learningCurve(*project).size(), std::size_t{2});
        QVERIFY(!project->openRound());
        QVERIFY(session::drawCurve(session::learningCurve(*project), dir.filePath("curve.svg").toStdString()).ok());
    }

    // From the model to the questions, with all that each strategy wants to see on the way.
    void everyStrategyForBoxesHasQuestions() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, true);
        QVERIFY(project != nullptr);
        labelHoldout(*project);
        session::Round round(*project, {});
        QVERIFY(round.suggest(Job()).ok() && round.answerFromTruth(Job()).ok() && round.advance(Job()).ok());
        const auto choices = session::strategiesFor(project->settings());
        for (const char* name : {"cdal", "ebal", "ppal", "learning-loss", "mi-aod", "gcn-uncertain", "gcn-core"}) {
            QVERIFY(std::any_of(choices.begin(), choices.end(), [&](const auto& one) { return one.name == name; }));
        }
        for (const StrategyInfo& choice : choices) {
            const auto ranked = session::rankPool(*project, {choice.name, 3, 0, "cpu", 0}, 1, Job());
            QVERIFY2(ranked.ok(), ranked ? "" : ranked.error().text().c_str());
            QCOMPARE(ranked->size(), std::size_t{3});
        }
    }

    // Killed between any two steps, the round goes on where its record stands.
    void aRoundComesBackAtItsStep() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        {
            const auto project = tests::squaresProject(folder, 30, true);
            QVERIFY(project != nullptr);
            labelHoldout(*project);
            session::Round round(*project, {});
            QVERIFY(round.suggest(Job()).ok());
            QVERIFY(round.answerFromTruth(Job()).ok());
            QVERIFY(round.train(Job()).ok());
        }
        auto project =
            session::project::Project::open(folder / "squares.querent", session::project::OpenMode::ReadWrite);
        QVERIFY(project.ok());
        QCOMPARE((*project)->openRound()->step, RoundStep::Evaluating);
        QVERIFY(session::Round(**project, {}).advance(Job()).ok());
        QVERIFY(!(*project)->openRound());
        QCOMPARE((*project)->models().size(), std::size_t{1});
        QVERIFY((*project)->check().empty());
    }

    void cancellingLeavesTheRoundOpen() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 30, true);
        QVERIFY(project != nullptr);
        session::Round round(*project, {});
        QVERIFY(round.suggest(Job()).ok());
        QVERIFY(round.answerFromTruth(Job()).ok());
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled = round.train(Job(stop.get_token()));
        QVERIFY(!cancelled.ok());
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        QVERIFY(project->openRound().has_value());
        QVERIFY(project->models().empty());
    }

    // Labels that came after a cancelled training count when it is started again.
    void labelsAreCountedAtEveryStart() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 30, true);
        QVERIFY(project != nullptr);
        session::Round round(*project, {});
        const auto suggested = round.suggest(Job());
        QVERIFY(suggested.ok());
        const auto answer = [&](std::size_t i) {
            const auto edit =
                session::project::truthAsEdit(*project, project->batch(suggested->id)[i].item, PersonId(), 1);
            QVERIFY(edit && project->apply(*edit).ok());
        };
        answer(0);
        std::stop_source stop;
        const Job job(stop.get_token(), [&](const Progress& progress) {
            if (progress.phase == "Training") stop.request_stop();
        });
        QCOMPARE(round.train(job).error().code, ErrorCode::Cancelled);
        QCOMPARE(project->openRound()->labelsAtTraining, 1);
        answer(1);
        answer(2);
        const auto done = round.advance(Job());
        QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
        QCOMPARE(done->labelsAtTraining, 3);
        QCOMPARE(project->models().back().labels, 3);
    }

    void anotherNetworkStartsFromScratch() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 24, false);
        QVERIFY(project != nullptr);
        session::RoundOptions options;
        options.steps = 1;
        QVERIFY(session::trainNow(*project, options, {}, Job()).ok());
        const auto warm = session::trainNow(*project, options, {}, Job());
        QVERIFY(warm.ok());
        QVERIFY2(warm->config.find(R"("start":"from model 1")") != std::string::npos, warm->config.c_str());
        QVERIFY(project->changeSettings([](ProjectSettings& settings) { settings.networkSize = "base"; }).ok());
        const auto cold = session::trainNow(*project, options, {}, Job());
        QVERIFY2(cold.ok(), cold ? "" : cold.error().text().c_str());
        QVERIFY2(cold->config.find("from scratch: the network has changed since model 2") != std::string::npos,
                 cold->config.c_str());
    }

    // One class goes and another comes: the count stays, and no label may move to another class.
    void aModelSpeaksOfItsOwnClasses() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 24, false);
        QVERIFY(project != nullptr);
        session::RoundOptions options;
        options.steps = 30;
        QVERIFY(session::trainNow(*project, options, {}, Job()).ok());
        const std::vector<ClassLabel> before = project->classes();
        QCOMPARE(session::classesOf(*project->currentModel()), (std::vector<ClassId>{before[0].id, before[1].id}));
        QVERIFY(project->archiveClass(before[0].id, true).ok());
        QVERIFY(project->addClass("green").ok());
        const auto seen = session::predictSplit(*project, Split::Test, "cpu", Job());
        QVERIFY2(seen.ok(), seen ? "" : seen.error().text().c_str());
        QCOMPARE(seen->classes.size(), std::size_t{2});
        QCOMPARE(seen->classes[0].name, std::string("blue"));
        std::size_t boxes = 0;
        for (const ItemPrediction& picture : seen->predictions) {
            boxes += picture.boxes.size();
            for (const Detection& box : picture.boxes)
                QCOMPARE(box.label, 0);  // "blue" is number 0 today and was 1; "green" was never learnt
        }
        QVERIFY(boxes > 0);
        const auto start = session::warmStartFor(*project, seen->classes, false);
        QCOMPARE(start.classes, (std::vector<int>{1, -1}));
        QVERIFY(session::trainNow(*project, options, {}, Job()).ok());
    }

    // One bad file among the pictures stops nothing: it is left out and named.
    void anUnreadablePictureIsLeftOut() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, false);
        QVERIFY(project != nullptr);
        for (const Split split : {Split::Train, Split::Val})
            breakPicture(*project, itemsOf(*project, split)[2]);
        std::vector<std::string> notes;
        session::RoundOptions options;
        options.onNote = [&](const std::string& note) { notes.push_back(note); };
        const auto model = session::trainNow(*project, options, {}, Job());
        QVERIFY2(model.ok(), model ? "" : model.error().text().c_str());
        QCOMPARE(model->labels, static_cast<std::int64_t>(itemsOf(*project, Split::Train).size()) - 1);
        QVERIFY2(model->config.find(R"("left_out":1)") != std::string::npos, model->config.c_str());
        QCOMPARE(notes.size(), std::size_t{2});  // in training, and in measuring
        for (const std::string& note : notes)
            QVERIFY2(note.starts_with("1 item could not be read and was left out: ") &&
                         note.find(".png: ") != std::string::npos,
                     note.c_str());
        QVERIFY(!project->metrics().empty());
        for (const ItemId item : itemsOf(*project, Split::Val))
            breakPicture(*project, item);
        QVERIFY(!session::measureSplit(*project, Split::Val, "cpu", Job()).ok());
    }

    void anUnreadablePictureIsNotAskedFor() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, true);
        QVERIFY(project != nullptr);
        session::Round first(*project, {});
        QVERIFY(first.suggest(Job()).ok() && first.answerFromTruth(Job()).ok() && first.advance(Job()).ok());
        ItemFilter pool;
        pool.split = Split::Train;
        pool.state = ItemState::Unlabelled;
        const auto left = project->ids(pool);
        breakPicture(*project, left.front());
        session::RoundOptions options;
        options.count = static_cast<int>(left.size());
        const auto second = session::Round(*project, options).suggest(Job());
        QVERIFY2(second.ok(), second ? "" : second.error().text().c_str());
        const auto batch = project->batch(second->id);
        QCOMPARE(batch.size(), left.size() - 1);
        QVERIFY(std::none_of(batch.begin(), batch.end(),
                             [&](const QueryEntry& entry) { return entry.item == left.front(); }));
    }

    void nothingToLearnFromIsSaid() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 30, true);
        QVERIFY(project != nullptr);
        session::Round round(*project, {});
        QVERIFY(round.suggest(Job()).ok());
        const auto refused = round.train(Job());
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!session::rankPool(*project, {"no-such-strategy", 3, 0, "cpu", 0}, 1, Job()).ok());
    }

    // Labels that were imported are known answers as well: asked ones count as labelled, the others as the pool.
    void roundsOverImportedLabels() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, false);
        QVERIFY(project != nullptr);
        session::RoundOptions options;
        options.askedOnly = true;
        for (int number = 1; number <= 2; ++number) {
            session::Round round(*project, options);
            QVERIFY(round.suggest(Job()).ok());
            const auto done = round.advance(Job());
            QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
            QCOMPARE(done->labelsAtTraining, 4 * number);
        }
    }
};

QTEST_GUILESS_MAIN(TestRound)
#include "tst_round.moc"
