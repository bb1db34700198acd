#include "engine/session/bench/peak_memory.h"

#include <QTest>

#include <vector>

using querent::session::bench::PeakMemory;

class TestPeakMemory : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void memoryThatWasFreedAgainCounts() {
        const PeakMemory outer;
        if (!outer.risen()) QSKIP("The system does not say.");
        constexpr std::size_t kBytes = std::size_t{64} << 20;
        {
            const std::vector<char> block(kBytes, 1);
            QCOMPARE(block.back(), 1);
        }
        QVERIFY(*outer.risen() > 60'000'000 && *outer.risen() < 80'000'000);
        const PeakMemory after;
        QVERIFY(*after.risen() < 10'000'000);
    }
};

QTEST_GUILESS_MAIN(TestPeakMemory)
#include "tst_peak_memory.moc"
