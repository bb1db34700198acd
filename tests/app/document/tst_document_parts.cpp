#include "app/document/active_timer.h"
#include "app/document/open_item.h"
#include "app/document/write_backlog.h"
#include "engine/core/rng.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace querent;
using namespace querent::app::document;

namespace {

/** Stands for the writer: answers when it is told to. */
struct FakeWriter {
    std::vector<Edit> posted;
    std::vector<WriteBacklog::Done> answers;

    WriteBacklog::Post post() {
        return [this](Edit edit, WriteBacklog::Done done) {
            posted.push_back(std::move(edit));
            answers.push_back(std::move(done));
        };
    }
    void answer(std::size_t index, const Result<void>& result) {
        answers[index](result);
        QCoreApplication::processEvents();
    }
};

Edit editOf(int number) {
    Edit edit;
    edit.item = ItemId(1);
    edit.gesture = std::to_string(number);
    edit.author = PersonId(1);
    AnnotationChange change;
    change.after = Annotation{};
    change.after->id = AnnotationId(number);
    change.after->label = ClassId(1);
    edit.changes = {change};
    return edit;
}

Annotation boxOf(std::int64_t id, ClassId label, Box box) {
    Annotation annotation;
    annotation.id = AnnotationId(id);
    annotation.label = label;
    annotation.box = box;
    return annotation;
}

}  // namespace

class TestDocumentParts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void backlogCountsDown() {
        FakeWriter writer;
        WriteBacklog backlog(writer.post());
        QSignalSpy written(&backlog, &WriteBacklog::written);
        backlog.post(editOf(1));
        backlog.post(editOf(2));
        QCOMPARE(backlog.pending(), 2);
        QCOMPARE(writer.posted.size(), std::size_t{2});
        writer.answer(0, {});
        QCOMPARE(backlog.pending(), 1);
        writer.answer(1, {});
        QCOMPARE(backlog.pending(), 0);
        QCOMPARE(written.count(), 2);
    }

    void failedEditsStayAndKeepTheirOrder() {
        FakeWriter writer;
        WriteBacklog backlog(writer.post());
        QSignalSpy failed(&backlog, &WriteBacklog::failed);
        QSignalSpy recovered(&backlog, &WriteBacklog::recovered);
        backlog.post(editOf(1));
        backlog.post(editOf(2));
        writer.answer(0, fail(ErrorCode::DiskFull, "The disk is full."));
        writer.answer(1, fail(ErrorCode::InvalidArgument, "changed meanwhile"));  // only as 1 is missing
        backlog.post(editOf(3));
        QCOMPARE(writer.posted.size(), std::size_t{2});  // 3 waits behind them
        QCOMPARE(backlog.pending(), 3);
        QCOMPARE(failed.count(), 1);
        QCOMPARE(failed.first().first().toString(), QStringLiteral("The disk is full."));
        for (std::size_t i = 0; i < 3; ++i) {
            if (i == 0) backlog.retryNow();
            QCOMPARE(writer.posted.size(), 3 + i);
            QCOMPARE(writer.posted.back().gesture, std::to_string(i + 1));
            writer.answer(2 + i, {});
        }
        QCOMPARE(backlog.pending(), 0);
        QCOMPARE(recovered.count(), 1);
        QVERIFY(!backlog.error());
    }

    void retriesByItself() {
        FakeWriter writer;
        WriteBacklog backlog(writer.post());
        backlog.post(editOf(1));
        writer.answer(0, fail(ErrorCode::Io, "No."));
        QTRY_COMPARE_WITH_TIMEOUT(writer.posted.size(), std::size_t{2}, 2 * WriteBacklog::kRetryMilliseconds);
    }

    void hopelessEditIsReported() {
        FakeWriter writer;
        WriteBacklog backlog(writer.post());
        QSignalSpy refused(&backlog, &WriteBacklog::refused);
        backlog.post(editOf(1));
        writer.answer(0, fail(ErrorCode::InvalidArgument, "changed meanwhile"));
        QCOMPARE(refused.count(), 1);
        QCOMPARE(backlog.pending(), 0);
        QVERIFY(!backlog.error());
    }

    void heldEditsAreTriedAtTheEnd() {
        FakeWriter writer;
        {
            WriteBacklog backlog(writer.post());
            backlog.post(editOf(1));
            writer.answer(0, fail(ErrorCode::Io, "No."));
        }
        QCOMPARE(writer.posted.size(), std::size_t{2});
    }

    void answersAfterTheEndAreHarmless() {
        FakeWriter writer;
        {
            WriteBacklog backlog(writer.post());
            backlog.post(editOf(1));
        }
        writer.answer(0, {});
        QCOMPARE(writer.posted.size(), std::size_t{1});
    }

    void activeTimeStopsWhenIdleOrAway() {
        qint64 now = 0;
        ActiveTimer timer([&now] { return now; });
        now = 10000;
        timer.touch();
        QCOMPARE(timer.seconds(), 10.0);
        now = 100000;  // 90 s without a touch: 30 of them count
        timer.touch();
        QCOMPARE(timer.take(), 40.0);
        timer.setInFront(false);
        now = 120000;
        QCOMPARE(timer.take(), 0.0);
        timer.setInFront(true);
        now = 125000;
        QCOMPARE(timer.take(), 5.0);
    }

    void ghostsHideBehindBoxes() {
        const Prediction low{ClassId(1), Box{0, 0, 10, 10}, 0.2, ModelId(1)};
        const Prediction covered{ClassId(1), Box{20, 20, 60, 60}, 0.9, ModelId(1)};
        const Prediction otherClass{ClassId(2), Box{20, 20, 60, 60}, 0.8, ModelId(1)};
        OpenItem item({}, {boxOf(1, ClassId(1), {22, 20, 62, 60})}, {low, covered, otherClass});
        item.setGhostRule({true, 0.3});
        QCOMPARE(item.ghosts().size(), std::size_t{1});
        QVERIFY(item.ghosts()[0].prediction == otherClass);
        item.setRejected({2}, true);
        QVERIFY(item.ghosts().empty());
        item.setRejected({2}, false);
        QCOMPARE(item.ghosts().size(), std::size_t{1});
        item.setGhostRule({false, 0.3});
        QVERIFY(item.ghosts().empty());
    }

    void acceptedGhostStaysAwayWhenItsBoxMovesFar() {
        const Prediction prediction{ClassId(1), Box{20, 20, 60, 60}, 0.9, ModelId(1)};
        Annotation moved = boxOf(1, ClassId(3), {200, 100, 240, 140});
        moved.model = ModelId(1);
        moved.score = 0.9;
        OpenItem item({}, {moved}, {prediction});
        QVERIFY(item.ghosts().empty());
    }

    void heldBackShareIsStableAndRight() {
        int held = 0;
        for (int id = 1; id <= 2000; ++id) {
            const bool first = ghostsHeldBack(ItemId(id), 0.25, 9);
            QCOMPARE(ghostsHeldBack(ItemId(id), 0.25, 9), first);
            held += first ? 1 : 0;
        }
        QVERIFY2(held > 400 && held < 600, qPrintable(QString::number(held)));
        QVERIFY(!ghostsHeldBack(ItemId(1), 0.0, 9));
        QVERIFY(ghostsHeldBack(ItemId(1), 1.0, 9));
    }
};

QTEST_GUILESS_MAIN(TestDocumentParts)
#include "tst_document_parts.moc"
