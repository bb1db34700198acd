// Every strategy that learns nothing from round to round, on a task made for it, against chance on the same pools.

#include "tests/engine/select/against_chance.h"
#include "tests/engine/select/hunts.h"

#include <QTest>

#include <map>

using namespace querent;
using namespace querent::select;

namespace {

constexpr int kPools = 10;
constexpr int kDraws = 20;  // by chance, of each pool

/** What a strategy is to find, and how much more of it than chance finds, as a share of what there is. */
struct Task {
    Hunt (*hunt)(std::uint64_t seed);
    double lead;
};

const std::map<std::string, Task>& tasks() {
    static const std::map<std::string, Task> all = {
        {"entropy", {wrongAnswers, 0.3}},
        {"margin", {wrongAnswers, 0.3}},
        {"least-confidence", {wrongAnswers, 0.3}},
        {"deepfool", {wrongAnswers, 0.3}},
        {"bald", {wrongAnswers, 0.15}},
        {"learning-loss", {wrongAnswers, 0.5}},
        {"mi-aod", {wrongBoxes, 0.15}},
        {"entropy-mean", {doubtfulPictures, 0.7}},
        {"entropy-max", {doubtfulBoxes, 0.7}},
        {"coreset", {unknownLooks, 0.6}},
        {"kmeans++", {unknownLooks, 0.35}},
        {"typiclust", {kindsAmongOddOnes, 0.3}},
        {"gcn-uncertain", {unknownLooks, 0.4}},
        {"gcn-core", {unknownLooks, 0.4}},
        {"badge", {doubtfulLooks, 0.6}},
        {"bmmal", {doubtfulLooksInBothMedia, 0.2}},
        {"cdal", {kindsOfConfusion, 0.5}},
        {"ebal", {looksOfRareClasses, 0.5}},
        {"ppal", {looksOfRareClasses, 0.5}},
    };
    return all;
}

}  // namespace

class TestBeatsRandom : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void findsMoreThanChance_data() {
        QTest::addColumn<QString>("name");
        for (const StrategyInfo& info : strategies()) {
            if (info.name != "random" && !info.learns)
                QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
        }
    }
    void findsMoreThanChance() {
        QFETCH(QString, name);
        const std::string strategy = name.toStdString();
        QVERIFY2(tasks().contains(strategy), "There is no task for this strategy.");
        const Task& task = tasks().at(strategy);
        AgainstChance score;
        for (std::uint64_t seed = 1; seed <= kPools; ++seed) {
            const Hunt hunt = task.hunt(seed);
            double chance = 0.0;
            for (std::uint64_t draw = 1; draw <= kDraws; ++draw)
                chance += shareFound("random", hunt, 100 * seed + draw) / kDraws;
            score.add(shareFound(strategy, hunt, seed), chance);
        }
        qInfo("%s", qPrintable(score.text()));
        QVERIFY2(score.own > score.chance + task.lead && score.better >= kPools - 1, qPrintable(score.text()));
    }
};

QTEST_GUILESS_MAIN(TestBeatsRandom)
#include "tst_beats_random.moc"
