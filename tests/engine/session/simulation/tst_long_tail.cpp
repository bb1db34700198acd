#include "engine/session/machine.h"
#include "engine/session/simulation/long_tail.h"
#include "engine/session/simulation/simulation.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace querent;
using namespace querent::session;
using namespace querent::session::simulation;

namespace {

/** `each` items of every class, one class after the other. */
std::vector<int> labelsOf(int classes, int each) {
    std::vector<int> labels;
    for (int c = 0; c < classes; ++c)
        labels.insert(labels.end(), static_cast<std::size_t>(each), c);
    return labels;
}

std::vector<int> countsOf(const std::vector<std::size_t>& places, const std::vector<int>& labels, int classes) {
    std::vector<int> counts(static_cast<std::size_t>(classes), 0);
    for (const std::size_t place : places)
        ++counts[static_cast<std::size_t>(labels[place])];
    return counts;
}

}  // namespace

class TestLongTail : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void classesGrowRarer() {
        const std::vector<int> labels = labelsOf(6, 100);
        const auto places = longTailPlaces(labels, 6, 0.6);
        QCOMPARE(countsOf(places, labels, 6), (std::vector<int>{100, 60, 36, 22, 13, 8}));
        QVERIFY(std::is_sorted(places.begin(), places.end()));
        QCOMPARE(std::set<std::size_t>(places.begin(), places.end()).size(), places.size());
        // By chance, not the first ones; and always the same ones.
        QVERIFY(places[101] != 101 || places[110] != 110);
        QCOMPARE(longTailPlaces(labels, 6, 0.6), places);
    }

    void everyClassKeepsOne() {
        const std::vector<int> labels = labelsOf(4, 5);
        QCOMPARE(countsOf(longTailPlaces(labels, 4, 0.01), labels, 4), (std::vector<int>{5, 1, 1, 1}));
        QCOMPARE(longTailPlaces(labels, 4, 1.0).size(), labels.size());
        QCOMPARE(longTailPlaces(std::vector<int>{1, -1, 1}, 3, 1.0), (std::vector<std::size_t>{0, 2}));
        QVERIFY(longTailPlaces({}, 3, 0.5).empty());
    }

    void simulationsRefuseWhatHasNoTail() {
        setComputeThreads(1);
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder, 12, false);
        QVERIFY(project != nullptr);
        SimulationOptions options;
        options.strategies = {"random"};
        options.out = folder / "out";
        options.longTail = 0.6;
        const auto boxes = simulate(*project, options, Job());
        QVERIFY(!boxes);
        QCOMPARE(QString::fromStdString(boxes.error().sentence),
                 QString("A long tail can be made of items with one class each, not of others."));
        options.longTail = 1.5;
        QCOMPARE(QString::fromStdString(simulate(*project, options, Job()).error().sentence),
                 QString("A long tail is a number above 0 and at most 1."));
        QVERIFY(!std::filesystem::exists(options.out));
    }
};

QTEST_GUILESS_MAIN(TestLongTail)
#include "tst_long_tail.moc"
