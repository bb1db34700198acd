#include "engine/session/round.h"
#include "tests/app/label/label_fixture.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/banner.h"
#include "widgets/common/round_bar.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace querent;
using namespace querent::app;
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
};

QTEST_MAIN(TestLabelBatch)
#include "tst_label_batch.moc"
