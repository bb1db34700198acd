#include "engine/session/simulation/simulation.h"

#include <QTest>

#include <cmath>

using namespace querent::session;
using namespace querent::session::simulation;

class TestSimulationSummary : public QObject {
    Q_OBJECT

    static SimulationRow row(const char* strategy, std::uint64_t seed, int round, int labels, double value) {
        return {strategy, seed, round, labels, {{"map50", value}}, 0.0, 0.0};
    }

 private Q_SLOTS:
    void estimateIsStudentsInterval() {
        const Estimate e = estimate({1.0, 2.0, 3.0});
        QCOMPARE(e.mean, 2.0);
        // s = 1, n = 3, t(0.975, 2) = 4.303
        QVERIFY(std::abs(e.high - (2.0 + 4.303 / std::sqrt(3.0))) < 1e-9);
        QVERIFY(std::abs(e.low - (2.0 - 4.303 / std::sqrt(3.0))) < 1e-9);
        const Estimate one = estimate({0.5});
        QCOMPARE(one.low, 0.5);
        QCOMPARE(one.high, 0.5);
    }

    void differencesArePairedSeedBySeed() {
        // Seeds differ by far more than strategies do: only pairing shows the constant gain.
        std::vector<SimulationRow> rows;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const double base = 0.2 * static_cast<double>(seed);
            for (int round = 0; round < 3; ++round) {
                rows.push_back(row("random", seed, round, 10 + 10 * round, base + 0.1 * round));
                rows.push_back(row("entropy", seed, round, 10 + 10 * round, base + 0.1 * round + 0.02));
            }
        }
        const auto summary = summarise(rows, {"random", "entropy"}, "map50", 0.9);
        QVERIFY(!summary.strategies[0].overRandom);
        QVERIFY(summary.strategies[1].overRandom.has_value());
        QVERIFY(std::abs(summary.strategies[1].overRandom->mean - 0.02) < 1e-12);
        QVERIFY(std::abs(summary.strategies[1].overRandom->low - 0.02) < 1e-9);
        QVERIFY(std::abs(summary.strategies[0].aulc.mean - 0.5) < 1e-12);
        QVERIFY(std::abs(summary.strategies[0].final.mean - 0.6) < 1e-12);
    }

    void labelsTo95AreInterpolatedOrAbsent() {
        const std::vector<SimulationRow> rows = {row("random", 1, 0, 10, 0.4), row("random", 1, 1, 20, 0.6)};
        const auto reached = summarise(rows, {"random"}, "map50", 0.5 / 0.95);
        QVERIFY(std::abs(*reached.strategies[0].labelsTo95 - 15.0) < 1e-9);
        QVERIFY(!summarise(rows, {"random"}, "map50", 1.0).strategies[0].labelsTo95);
    }
};

QTEST_GUILESS_MAIN(TestSimulationSummary)
#include "tst_simulation_summary.moc"
