#include "app/bridge/background_bridge.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <chrono>
#include <thread>

using namespace querent;
using namespace querent::app::bridge;
using app::bridge::BackgroundBridge;

class TestBackgroundBridge : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void everyTaskEndsWithExactlyOneSignal();
    void progressIsThrottledAndTheLastOneComes();
    void aNewPhaseAlwaysPasses();
    void cancelAnswersFast();
    void stopAndWaitDropsWhatComesLater();
    void mayDieWhileWorkRuns();
    void aListenerMayStartTheNextTask();
};

void TestBackgroundBridge::everyTaskEndsWithExactlyOneSignal() {
    BackgroundBridge bridge;
    QStringList told;
    connect(&bridge, &BackgroundBridge::started, this, [&](const QString& task) { told << "started " + task; });
    connect(&bridge, &BackgroundBridge::finished, this, [&](const QString& task) { told << "finished " + task; });
    connect(&bridge, &BackgroundBridge::failed, this,
            [&](const QString& task, const Error& error) { told << "failed " + task + ": " + error.sentence.c_str(); });
    QVERIFY(bridge.start("one", [](const Job&) -> Result<void> { return {}; }));
    QVERIFY(!bridge.start("two", [](const Job&) -> Result<void> { return {}; }));
    QVERIFY(bridge.busy());
    QTRY_VERIFY(!bridge.busy());
    QVERIFY(bridge.start("two", [](const Job&) -> Result<void> { return fail(ErrorCode::Io, "No."); }));
    QTRY_VERIFY(!bridge.busy());
    QCOMPARE(told, QStringList({"started one", "finished one", "started two", "failed two: No."}));
}

void TestBackgroundBridge::progressIsThrottledAndTheLastOneComes() {
    BackgroundBridge bridge;
    int count = 0;
    std::int64_t last = -1;
    connect(&bridge, &BackgroundBridge::progressed, this, [&](const QString&, const Progress& progress) {
        ++count;
        last = progress.done;
    });
    QElapsedTimer clock;
    clock.start();
    bridge.start("count", [](const Job& job) -> Result<void> {
        for (int i = 1; i <= 300; ++i) {
            job.report("Counting", i, 300);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return {};
    });
    QTRY_VERIFY(!bridge.busy());
    const auto mostAllowed = static_cast<int>(clock.elapsed() / 50 + 3);
    QVERIFY2(count <= mostAllowed, qPrintable(QString("%1 of at most %2").arg(count).arg(mostAllowed)));
    QCOMPARE(last, 300);
}

void TestBackgroundBridge::aNewPhaseAlwaysPasses() {
    BackgroundBridge bridge;
    QStringList phases;
    connect(&bridge, &BackgroundBridge::progressed, this,
            [&](const QString&, const Progress& progress) { phases << QString::fromStdString(progress.phase); });
    bridge.start("phases", [](const Job& job) -> Result<void> {
        for (const char* phase : {"One", "Two", "Three"})
            job.report(phase, 0, 1);
        return {};
    });
    QTRY_VERIFY(!bridge.busy());
    QCOMPARE(phases, QStringList({"One", "Two", "Three"}));
}

void TestBackgroundBridge::cancelAnswersFast() {
    BackgroundBridge bridge;
    QSignalSpy cancelled(&bridge, &BackgroundBridge::cancelled);
    bridge.start("long", [](const Job& job) -> Result<void> {
        while (!job.cancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return Job::stopped();
    });
    bridge.cancel();
    QVERIFY(bridge.cancelling());
    QTRY_COMPARE_WITH_TIMEOUT(cancelled.count(), 1, 2000);
    QVERIFY(!bridge.busy());
    QVERIFY(!bridge.cancelling());
}

void TestBackgroundBridge::stopAndWaitDropsWhatComesLater() {
    BackgroundBridge bridge;
    QSignalSpy cancelled(&bridge, &BackgroundBridge::cancelled);
    QSignalSpy finished(&bridge, &BackgroundBridge::finished);
    std::atomic<bool> ended = false;
    bridge.start("stubborn", [&ended](const Job& job) -> Result<void> {
        while (!job.cancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        ended = true;
        return {};  // finished after all: nobody may hear of it
    });
    QTest::qWait(20);
    bridge.stopAndWait();
    QVERIFY(ended);
    QCOMPARE(cancelled.count(), 1);
    QTest::qWait(50);
    QCOMPARE(finished.count(), 0);
    QVERIFY(bridge.start("next", [](const Job&) -> Result<void> { return {}; }));
    QTRY_COMPARE(finished.count(), 1);
}

void TestBackgroundBridge::mayDieWhileWorkRuns() {
    std::atomic<bool> ended = false;
    {
        BackgroundBridge bridge;
        bridge.start("long", [&ended](const Job& job) -> Result<void> {
            while (!job.cancelled())
                job.report("Running", 1, 2);
            ended = true;
            return Job::stopped();
        });
        QTest::qWait(20);
    }
    QVERIFY(ended);
    QTest::qWait(20);  // queued events of the dead receiver are gone
}

void TestBackgroundBridge::aListenerMayStartTheNextTask() {
    BackgroundBridge bridge;
    int rounds = 0;
    connect(&bridge, &BackgroundBridge::finished, this, [&] {
        if (++rounds < 5) QVERIFY(bridge.start("again", [](const Job&) -> Result<void> { return {}; }));
    });
    bridge.start("again", [](const Job&) -> Result<void> { return {}; });
    QTRY_COMPARE(rounds, 5);
    QVERIFY(!bridge.busy());
}

QTEST_GUILESS_MAIN(TestBackgroundBridge)
#include "tst_background_bridge.moc"
