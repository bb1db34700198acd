// Strategies that learn from round to round: exact batches of a later round, and better ones than chance draws.

#include "tests/engine/select/against_chance.h"
#include "tests/engine/select/pools.h"
#include "tests/engine/select/rlmba/toy_project.h"

#include <QTest>

#include <map>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;
using namespace querent::select::rlmba;

namespace {

constexpr int kProjects = 4;
constexpr int kDraws = 4;  // by chance, in each project
constexpr int kRounds = 2;
constexpr std::size_t kBatch = 24;
constexpr std::size_t kClasses = 6;

/** A medium that tells the classes apart the better the larger `distance` is. */
Matrix lookOf(const std::vector<int>& labels, float distance, Rng& rng) {
    const Matrix centres = randomMatrix(kClasses, 12, rng);
    Matrix look = randomMatrix(labels.size(), 12, rng);
    for (std::size_t i = 0; i < look.rows; ++i) {
        for (std::size_t d = 0; d < look.cols; ++d)
            look.at(i, d) += distance * centres.at(static_cast<std::size_t>(labels[i]), d);
    }
    return look;
}

/** Two media, one of which tells more; classes of 180 items down to six, of which validation has as many each. */
ToyProject longTail(std::uint64_t seed) {
    Rng rng(seed, "long tail");
    PracticeTask task;
    task.classes = kClasses;
    for (const auto& [label, items] : {std::pair{0, 180}, {1, 72}, {2, 28}, {3, 11}, {4, 6}, {5, 6}})
        task.labels.insert(task.labels.end(), static_cast<std::size_t>(items), label);
    task.pool = task.labels.size();
    for (int i = 0; i < 180; ++i)
        task.labels.push_back(i % static_cast<int>(kClasses));
    task.modalities = {lookOf(task.labels, 0.7F, rng), lookOf(task.labels, 0.5F, rng)};
    task.joint = Matrix(task.labels.size(), 24);
    for (std::size_t i = 0; i < task.labels.size(); ++i) {
        auto end = task.joint.row(i).begin();
        for (const Matrix& look : task.modalities)
            end = std::copy_n(look.row(i).begin(), look.cols, end);
    }
    return {std::move(task), 24, seed};
}

/** What a strategy has made of a project. */
struct Labelled {
    std::vector<std::int64_t> last;  // the batch of the last round
    double accuracy = 0.0;           // after each round, on average
    double reward = 0.0;             // of the last round, where there are rewards
};

Labelled label(const std::string& name, std::uint64_t project, std::uint64_t seed) {
    ToyProject toy = longTail(project);
    const auto strategy = makeStrategy(name).value();
    Labelled done;
    std::string memory;
    for (int round = 0; round < kRounds; ++round) {
        SelectionInput input = toy.input();
        input.memory = memory;
        const Selection selection = strategy->select(input, kBatch, seed, Job()).value();
        done.last.clear();
        for (const Pick& pick : selection.picks)
            done.last.push_back(input.pool[pick.index].value);
        toy.label(selection.picks);
        const Lesson lesson = strategy->learn(selection.memory, toy.accuracy()).value();
        memory = lesson.memory;
        for (const Figure& figure : lesson.figures)
            done.reward = figure.name == "reward" ? figure.value : done.reward;
        done.accuracy += toy.accuracy() / kRounds;
    }
    return done;
}

/** The first items of the second batch in one project, and what it was paid. */
struct Golden {
    std::vector<std::int64_t> last;
    double reward;
};

const std::map<std::string, Golden> kGolden = {
    {"rl-mba", {{103, 288, 234, 290, 301, 266}, 0.1054}},
    {"rl-mba-no-amcb", {{103, 285, 234, 56, 127, 220}, 0.0996}},
    {"rl-mba-no-efda", {{103, 303, 127, 301, 266, 241}, 0.0867}},
    {"rl-mba-no-policy", {{272, 290, 260, 284, 303, 75}, 0.0833}},
    {"rl-mba-no-rehearsal", {{103, 288, 234, 266, 290, 301}, 0.1167}},
    {"rl-mba-absolute", {{103, 288, 234, 290, 301, 266}, 0.5833}},
    {"rl-mba-incremental", {{103, 288, 234, 290, 301, 266}, 0.1167}},
};

/** Accuracy in a project with a long tail. */
double accuracyOf(const std::string& name, std::uint64_t project, std::uint64_t seed) {
    return label(name, project, seed).accuracy;
}

/** The share of a batch that helps, where trials on a copy of the model can tell: one of four looks does. */
double helpfulShare(const std::string& name, std::uint64_t project, std::uint64_t seed) {
    constexpr std::size_t kHelpful = 30;
    Pool pool = randomPool(150, 5, project, 6);
    for (std::size_t i = 0; i < 150; ++i)
        pool.features.at(i, i < kHelpful ? 0 : 1 + i % 3) += 4.0F;
    const auto share = [](std::span<const std::size_t> batch) {
        const auto helpful =
            std::count_if(batch.begin(), batch.end(), [](std::size_t item) { return item < kHelpful; });
        return batch.empty() ? 0.0 : static_cast<double>(helpful) / static_cast<double>(batch.size());
    };
    const ProxyOfPool proxy = [&](std::span<const std::size_t> batch, const Job&) -> Result<double> {
        return 0.5 + 0.1 * share(batch);
    };
    SelectionInput input = pool.input();
    const Proxy tried{proxy, {}};
    input.proxy = &tried;
    std::vector<std::size_t> batch;
    for (const Pick& pick : run(name, input, 15, seed).picks)
        batch.push_back(pick.index);
    return share(batch);
}

/** How good a strategy's choices are in a project, and by how much better than chance they have to be. */
struct Task {
    double (*play)(const std::string& name, std::uint64_t project, std::uint64_t seed);
    double lead;
};

const Task& taskOf(const std::string& name) {
    static const Task longTailed{accuracyOf, 0.04};
    static const Task tried{helpfulShare, 0.3};
    return name == "mgral" ? tried : longTailed;
}

}  // namespace

class TestLearners : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // The first round rehearses, asks and learns; the second one asks what comes of that.
    void goldenRounds_data() {
        QTest::addColumn<QString>("name");
        for (const auto& [name, golden] : kGolden)
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void goldenRounds() {
        QFETCH(QString, name);
        const Golden& golden = kGolden.at(name.toStdString());
        Labelled done = label(name.toStdString(), 1, 42);
        done.last.resize(golden.last.size());
        QCOMPARE(done.last, golden.last);
        QVERIFY2(std::abs(done.reward - golden.reward) < 1e-3, qPrintable(QString::number(done.reward)));
    }

    void beatsRandom_data() {
        QTest::addColumn<QString>("name");
        for (const StrategyInfo& info : strategies()) {
            if (info.learns) QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
        }
    }
    void beatsRandom() {
        QFETCH(QString, name);
        const std::string strategy = name.toStdString();
        const Task& task = taskOf(strategy);
        AgainstChance score;
        for (std::uint64_t project = 1; project <= kProjects; ++project) {
            double chance = 0.0;
            for (std::uint64_t draw = 1; draw <= kDraws; ++draw)
                chance += task.play("random", project, 100 * project + draw) / kDraws;
            score.add(task.play(strategy, project, project), chance);
        }
        qInfo("%s", qPrintable(score.text()));
        QVERIFY2(score.own > score.chance + task.lead && score.better == kProjects, qPrintable(score.text()));
    }
};

QTEST_GUILESS_MAIN(TestLearners)
#include "tst_learners.moc"
