#include "engine/session/curve_picture.h"
#include "engine/session/round.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

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

 private Q_SLOTS:
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
            QCOMPARE(suggested->strategy, std::string(number == 1 ? "random" : "entropy"));
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
        auto project = session::Project::open(folder / "squares.querent", session::OpenMode::ReadWrite);
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

    void nothingToLearnFromIsSaid() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 30, true);
        QVERIFY(project != nullptr);
        session::Round round(*project, {});
        QVERIFY(round.suggest(Job()).ok());
        const auto refused = round.train(Job());
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!session::rankPool(*project, "no-such-strategy", 3, 1, "cpu", Job()).ok());
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
