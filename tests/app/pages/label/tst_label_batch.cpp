#include "engine/session/round.h"
#include "tests/app/support/label_fixture.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/banner.h"
#include "widgets/common/round_bar.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace querent;
using namespace querent::app::pages;
using namespace querent::app::pages::label;
using namespace querent::app::test;

namespace {

constexpr int kBatch = 4;

RoundRecord suggest(session::Project& project) {
    session::RoundOptions options;
    options.strategy = "random";
    options.count = kBatch;
    options.device = "cpu";
    const auto round = session::Round(project, options).suggest(Job());
    if (!round) qFatal("%s", round.error().text().c_str());
    return *round;
}

}  // namespace

/** The suggested batch of a real round on the Label page. */
class TestLabelBatch : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void batchFromSuggestionToDone() {
        Plan plan;
        plan.pictures = 9;
        Desk desk(plan);
        desk.document().showBatch();
        QVERIFY(!desk.document().hasItem());
        const RoundRecord round = suggest(desk.project());
        desk.page().refreshRound();
        QVERIFY(desk.document().listIsBatch());
        QCOMPARE(desk.document().list().size(), static_cast<std::size_t>(kBatch));
        const auto batch = desk.project().batch(round.id);
        for (const QueryEntry& entry : batch) {
            QVERIFY(desk.document().list()[static_cast<std::size_t>(entry.rank)] == entry.item);
        }
        QCOMPARE(desk.document().index(), 0);

        desk.page().setCanTrain(true);
        QSignalSpy train(&desk.page(), &LabelPage::trainRequested);
        for (int i = 0; i < kBatch; ++i) {
            QVERIFY(desk.waitForPicture());
            QVERIFY2(desk.page().roundBar().text().contains(QStringLiteral("%1 of %2").arg(i).arg(kBatch)),
                     qPrintable(desk.page().roundBar().text()));
            if (i % 2 == 0) desk.drag(20, 20, 90, 80);
            desk.key(i % 2 == 0 ? Qt::Key_Return : Qt::Key_N);
        }
        QVERIFY(desk.page().banners().has(QStringLiteral("done")));
        const auto buttons = desk.page().banners().findChildren<QPushButton*>();
        const auto trains = std::find_if(buttons.begin(), buttons.end(),
                                         [](const QPushButton* b) { return b->text() == QStringLiteral("Train"); });
        QVERIFY(trains != buttons.end());
        QTest::mouseClick(*trains, Qt::LeftButton);
        QCOMPARE(train.count(), 1);
        desk.project().flush();
        QCOMPARE(desk.project().counts().trainable(Split::Train), std::int64_t{kBatch});
    }

    void annotationsCarryTheRound() {
        Plan plan;
        plan.pictures = 9;
        Desk desk(plan);
        const RoundRecord round = suggest(desk.project());
        desk.page().refreshRound();
        QVERIFY(desk.waitForPicture());
        desk.drag(20, 20, 90, 80);
        QCOMPARE(desk.stored(desk.itemAt(0)).at(0).round, round.number);
    }

    void reopeningGoesToTheFirstUnanswered() {
        Plan plan;
        plan.pictures = 9;
        Desk desk(plan);
        suggest(desk.project());
        desk.page().refreshRound();
        desk.key(Qt::Key_K);
        desk.key(Qt::Key_K);
        const ItemId third = desk.itemAt(2);
        desk.reopen();
        desk.document().showBatch();
        QVERIFY(desk.document().item().id == third);
    }

    void theValidationSetIsAskedForFirst() {
        Plan plan;
        plan.pictures = 9;
        Desk desk(plan);
        const ItemId one = desk.itemAt(3), two = desk.itemAt(5);
        QVERIFY(desk.project().setSplit({one, two}, Split::Val).ok());
        desk.document().reload();
        QVERIFY(desk.page().banners().has(QStringLiteral("holdout")));
        QVERIFY(desk.page().banners().findChild<widgets::common::Banner*>()->text().contains(
            QStringLiteral("0 of 2 done")));
        QTest::mouseClick(desk.page().banners().findChild<QPushButton*>(QStringLiteral("showHoldout")), Qt::LeftButton);
        QCOMPARE(desk.document().list(), (std::vector<ItemId>{one, two}));
        QVERIFY(!desk.page().banners().has(QStringLiteral("holdout")));  // the list itself tells how far
        desk.key(Qt::Key_N);
        desk.key(Qt::Key_N);
        QVERIFY(desk.page().banners().has(QStringLiteral("done")));
        desk.project().flush();
        QCOMPARE(desk.project().counts().inState(Split::Val, ItemState::ConfirmedEmpty), std::int64_t{2});
        desk.document().showUnlabelled();
        QTRY_VERIFY(!desk.page().banners().has(QStringLiteral("holdout")));
    }

    void theEmptyScreenNamesTheValidationSetFirst() {
        Plan plan;
        plan.pictures = 5;
        Desk desk(plan);
        const ItemId one = desk.itemAt(1);
        QVERIFY(desk.project().setSplit({one}, Split::Val).ok());
        desk.document().showBatch();
        desk.document().reload();
        desk.page().setCanSuggest(true);
        QVERIFY(desk.page().findChild<QPushButton*>(QStringLiteral("suggestBatch")));  // stays possible
        QPushButton* label = nullptr;
        QTRY_VERIFY((label = desk.page().findChild<QPushButton*>(QStringLiteral("labelHoldout"))) &&
                    label->isVisible());
        QTest::mouseClick(label, Qt::LeftButton);
        QCOMPARE(desk.document().list(), std::vector<ItemId>{one});
    }

    void theBarSaysWhatIsNextBetweenRounds() {
        Desk desk;
        desk.document().showBatch();
        desk.page().setCanSuggest(true);
        const auto line = [&desk] { return desk.page().roundBar().text(); };
        QVERIFY2(line().startsWith(QStringLiteral("No round is open - suggest a batch")), qPrintable(line()));
        QSignalSpy suggest(&desk.page(), &LabelPage::suggestRequested);
        QTest::mouseClick(desk.page().roundBar().findChild<QPushButton*>(QStringLiteral("suggest")), Qt::LeftButton);
        QCOMPARE(suggest.count(), 1);
        desk.page().setCanSuggest(false, QStringLiteral("Every item of the pool is answered."));
        desk.page().setCanTrain(true);
        QSignalSpy train(&desk.page(), &LabelPage::trainRequested);
        QTest::mouseClick(desk.page().roundBar().findChild<QPushButton*>(QStringLiteral("train")), Qt::LeftButton);
        QTest::mouseClick(desk.page().findChild<QPushButton*>(QStringLiteral("trainAll")), Qt::LeftButton);
        QCOMPARE(train.count(), 2);
    }
};

QTEST_MAIN(TestLabelBatch)
#include "tst_label_batch.moc"
