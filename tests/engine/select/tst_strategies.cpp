// What all strategies promise, the registry, and the controls of a batch.

#include "engine/select/controls.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace querent;
using namespace querent::select;

namespace {

Result<Selection> attempt(const std::string& name, const SelectionInput& input, const Job& job = {}) {
    return makeStrategy(name).value()->select(input, 3, 1, job);
}

QString problem(const std::string& name, const SelectionInput& input) {
    const Result<Selection> answer = attempt(name, input);
    if (answer) return "none";
    return answer.error().code == ErrorCode::InvalidArgument ? QString::fromStdString(answer.error().sentence) : "code";
}

bool equal(const Pick& a, const Pick& b) {
    return a.index == b.index && a.score == b.score && a.reasons == b.reasons && a.control == b.control;
}

/** Whether the first picks of a batch depend on how many are wanted. */
bool choosesAsAWhole(const QString& name) {
    return name == "ebal" || name == "ppal" || name == "typiclust" ||
           makeStrategy(name.toStdString()).value()->info().learns;
}

/** The first items that each strategy asks about in one pool. */
const std::map<std::string, std::vector<std::int64_t>> kGolden = {
    {"random", {1029, 1023, 1001, 1057, 1014, 1012}},
    {"least-confidence", {1058, 1018, 1021, 1097, 1040, 1037}},
    {"margin", {1056, 1065, 1071, 1096, 1004, 1041}},
    {"entropy", {1065, 1025, 1079, 1056, 1004, 1096}},
    {"entropy-mean", {1062, 1081, 1031, 1065, 1070, 1091}},
    {"entropy-max", {1048, 1081, 1091, 1025, 1013, 1070}},
    {"coreset", {1055, 1043, 1085, 1033, 1092, 1014}},
    {"kmeans++", {1068, 1061, 1036, 1037, 1050, 1081}},
    {"typiclust", {1071, 1084, 1045, 1001, 1018, 1012}},
    {"badge", {1088, 1081, 1071, 1029, 1062, 1024}},
    {"bald", {1054, 1066, 1047, 1029, 1060, 1075}},
    {"deepfool", {1016, 1008, 1069, 1072, 1073, 1089}},
    // A new agent draws as "random" does.
    {"mgral", {1029, 1023, 1001, 1057, 1014, 1012}},
    {"bmmal", {1075, 1089, 1067, 1029, 1063, 1024}},
    {"bral-t", {1041, 1096, 1059, 1075, 1028, 1042}},
    {"cdal", {1045, 1033, 1028, 1001, 1094, 1034}},
    {"ebal", {1056, 1004, 1079, 1071, 1096, 1048}},
    {"ppal", {1041, 1079, 1088, 1067, 1011, 1018}},
    {"learning-loss", {1074, 1032, 1061, 1080, 1093, 1063}},
    {"mi-aod", {1032, 1077, 1022, 1063, 1029, 1055}},
    {"gcn-uncertain", {1087, 1030, 1093, 1014, 1034, 1039}},
    {"gcn-core", {1006, 1090, 1041, 1043, 1011, 1007}},
    // Boxes have no media to weigh and nothing to rehearse on: tst_learners tells these apart.
    {"rl-mba", {1096, 1020, 1013, 1063, 1076, 1016}},
    {"rl-mba-no-amcb", {1096, 1020, 1013, 1063, 1076, 1016}},
    {"rl-mba-no-efda", {1096, 1020, 1013, 1063, 1076, 1016}},
    {"rl-mba-no-policy", {1070, 1004, 1096, 1065, 1034, 1029}},
    {"rl-mba-no-rehearsal", {1096, 1020, 1013, 1063, 1076, 1016}},
    {"rl-mba-absolute", {1096, 1020, 1013, 1063, 1076, 1016}},
    {"rl-mba-incremental", {1096, 1020, 1013, 1063, 1076, 1016}},
};

void addStrategyRows() {
    QTest::addColumn<QString>("name");
    for (const StrategyInfo& info : strategies()) {
        QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
    }
}

}  // namespace

class TestStrategies : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void registryIsComplete() {
        std::set<std::string> names;
        for (const StrategyInfo& info : strategies()) {
            QVERIFY(names.insert(info.name).second);
            QVERIFY(!info.title.empty() && !info.source.empty() && !info.tasks.empty());
            QVERIFY(info.sentence.ends_with('.'));
            const auto made = makeStrategy(info.name);
            QVERIFY(made.ok());
            QCOMPARE((*made)->info().name, info.name);
        }
        const std::set<std::string> wanted = {
            "random",      "least-confidence", "margin",   "entropy",       "entropy-mean",
            "entropy-max", "coreset",          "kmeans++", "typiclust",     "badge",
            "bald",        "deepfool",         "bmmal",    "cdal",          "ebal",
            "ppal",        "learning-loss",    "mi-aod",   "gcn-uncertain", "gcn-core",
            "rl-mba",      "bral-t",           "mgral"};
        for (const std::string& name : wanted) {
            QVERIFY(names.contains(name));
        }
        const auto unknown = makeStrategy("oracle");
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QVERIFY(unknown.error().sentence.starts_with("There is no strategy \"oracle\"; there are: rl-mba, "));
    }

    void batchesAreSound_data() { addStrategyRows(); }
    void batchesAreSound() {
        QFETCH(QString, name);
        const Pool pool = poolFor(name.toStdString(), 60, 10, 5);
        for (const std::size_t count : {0, 1, 17, 60, 100}) {
            const Selection selection = run(name.toStdString(), pool.input(), count);
            QCOMPARE(selection.picks.size(), std::min<std::size_t>(count, 60));
            QVERIFY(selection.leftOut.empty());
            std::set<std::size_t> seen;
            for (const Pick& pick : selection.picks) {
                QVERIFY(pick.index < 60 && seen.insert(pick.index).second);
                QVERIFY(std::isfinite(pick.score) && !pick.reasons.empty() && !pick.control);
                for (const Reason& reason : pick.reasons)
                    QVERIFY(!reason.name.empty() && std::isfinite(reason.value));
            }
        }
    }

    void largerBatchesBeginWithSmallerOnes_data() { addStrategyRows(); }
    void largerBatchesBeginWithSmallerOnes() {
        QFETCH(QString, name);
        if (choosesAsAWhole(name)) QSKIP("Chooses a batch as a whole.");
        const Pool pool = poolFor(name.toStdString(), 60, 10, 6);
        const Selection small = run(name.toStdString(), pool.input(), 10, 4);
        const Selection large = run(name.toStdString(), pool.input(), 40, 4);
        for (std::size_t i = 0; i < 10; ++i)
            QVERIFY(equal(small.picks[i], large.picks[i]));
    }

    void seedsDecide_data() { addStrategyRows(); }
    void seedsDecide() {
        QFETCH(QString, name);
        Pool same = poolFor(name.toStdString(), 1, 0, 1);
        same.items.clear();
        for (int i = 0; i < 40; ++i)
            same.items.emplace_back(i + 1);
        same.predictions.assign(40, same.predictions[0]);
        same.features = Matrix(40, 4);
        const auto order = [&](std::uint64_t seed) {
            return itemsOf(run(name.toStdString(), same.input(), 20, seed), same);
        };
        QCOMPARE(order(1), order(1));
        QVERIFY(order(1) != order(2));
        std::set<std::int64_t> firsts;
        for (std::uint64_t seed = 0; seed < 30; ++seed)
            firsts.insert(order(seed)[0]);
        QVERIFY(firsts.size() > 10);
    }

    void theOrderOfThePoolDoesNotMatter_data() { addStrategyRows(); }
    void theOrderOfThePoolDoesNotMatter() {
        QFETCH(QString, name);
        Pool pool = poolFor(name.toStdString(), 50, 5, 7);
        for (std::size_t i = 0; i < 25; ++i) {
            pool.predictions[i] = pool.predictions[0];
            std::copy_n(pool.features.row(0).begin(), pool.features.cols, pool.features.row(i).begin());
        }
        std::vector<std::size_t> order(50);
        for (std::size_t i = 0; i < 50; ++i)
            order[i] = i;
        Rng(3).shuffle(order);
        const Pool other = reordered(pool, order);
        QCOMPARE(itemsOf(run(name.toStdString(), pool.input(), 40), pool),
                 itemsOf(run(name.toStdString(), other.input(), 40), other));
    }

    void goldenBatches_data() { addStrategyRows(); }
    void goldenBatches() {
        QFETCH(QString, name);
        QVERIFY2(kGolden.contains(name.toStdString()), "There is no golden batch of this strategy.");
        const Pool pool = poolFor(name.toStdString(), 100, 10, 42);
        QCOMPARE(itemsOf(run(name.toStdString(), pool.input(), 6, 42), pool), kGolden.at(name.toStdString()));
    }

    void poolsAreChecked_data() { addStrategyRows(); }
    void poolsAreChecked() {
        QFETCH(QString, name);
        const std::string strategy = name.toStdString();
        Pool pool = poolFor(name.toStdString(), 4, 2, 1);
        const Pool empty = poolFor(name.toStdString(), 0, 0, 1);
        QCOMPARE(problem(strategy, empty.input()),
                 QString("There is nothing left to choose from: every item has been answered."));
        pool.items[3] = pool.items[0];
        QCOMPARE(problem(strategy, pool.input()), QString("Item 1001 is in the pool twice."));
    }

    void whatIsNeededIsAskedFor_data() { addStrategyRows(); }
    void whatIsNeededIsAskedFor() {
        QFETCH(QString, name);
        const auto made = makeStrategy(name.toStdString()).value();
        const Pool pool = poolFor(name.toStdString(), 4, 2, 1);
        SelectionInput bare = pool.input();
        bare.predictions = nullptr;
        bare.poolFeatures = bare.labelledFeatures = nullptr;
        bare.labelled = bare.holdout = {};
        const StrategyInfo& info = made->info();
        QCOMPARE(attempt(info.name, bare).ok(), !info.needsModel && !info.needsFeatures);
        if (info.needsModel) bare.predictions = &pool.predictions;
        if (info.needsFeatures) bare.poolFeatures = &pool.features;
        if (info.needsLabelled) bare.labelled = pool.input().labelled;
        if (info.needsLabelled) bare.labelledFeatures = &pool.labelled;
        if (info.needsHoldout) bare.holdout = pool.input().holdout;
        QVERIFY(attempt(info.name, bare).ok());
    }

    void strategiesForClassesRefuseBoxes() {
        const Pool pool = randomPool(4, 2, 1);
        for (const char* name : {"badge", "bald", "deepfool", "bmmal"})
            QCOMPARE(problem(name, pool.input()),
                     QString("The strategy %1 is for classes, not for boxes.").arg(QLatin1String(name)));
    }

    void shapesAreChecked() {
        const Pool pool = randomPool(4, 2, 1);
        SelectionInput input = pool.input();
        const std::vector<ItemPrediction> three(3);
        input.predictions = &three;
        QCOMPARE(problem("margin", input), QString("There are 3 predictions for 4 items."));
        std::vector<ItemPrediction> twoClasses(4);
        twoClasses[2].boxes.push_back({{}, 0, 0.5, {0.5F, 0.5F}});
        input.predictions = &twoClasses;
        QCOMPARE(problem("entropy", input), QString("Item 1003 was predicted with 2 classes, but there are 3."));
        const Matrix wrongRows(3, 8), wrongColumns(2, 7);
        input.poolFeatures = &wrongRows;
        QCOMPARE(problem("coreset", input), QString("The features are 3 rows of 8 numbers for 4 items."));
        input.poolFeatures = &pool.features;
        input.labelledFeatures = &wrongColumns;
        QCOMPARE(problem("kmeans++", input),
                 QString("The features of the labelled items have 7 numbers, those of the pool 8."));
    }

    void cancelling_data() { addStrategyRows(); }
    void cancelling() {
        QFETCH(QString, name);
        std::stop_source stop;
        stop.request_stop();
        const Pool pool = poolFor(name.toStdString(), 4, 2, 1);
        QCOMPARE(attempt(name.toStdString(), pool.input(), Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    }

    void randomIsUniform() {
        Pool pool = randomPool(10, 0, 1);
        std::map<std::size_t, int> firsts, seconds;
        for (std::uint64_t seed = 0; seed < 10000; ++seed) {
            const Selection selection = run("random", pool.input(), 2, seed);
            ++firsts[selection.picks[0].index];
            ++seconds[selection.picks[1].index];
        }
        // 1000 expected, a standard deviation of 30.
        for (std::size_t i = 0; i < 10; ++i)
            QVERIFY(std::abs(firsts[i] - 1000) < 150 && std::abs(seconds[i] - 1000) < 150);
    }

    void controlsReplaceTheLastShare_data() { addStrategyRows(); }

    // Nothing but the mark tells a control from a pick: place, score and reasons are the strategy's.
    void controlsReplaceTheLastShare() {
        QFETCH(QString, name);
        const Pool pool = poolFor(name.toStdString(), 50, 5, 3);
        const auto strategy = makeStrategy(name.toStdString()).value();
        const auto whole = strategy->select(pool.input(), 18, deriveSeed(9, "select"), Job()).value().picks;
        const auto mixed = selectWithControls(*strategy, pool.input(), 20, 0.1, 9, Job()).value().picks;
        QCOMPARE(mixed.size(), 20U);
        std::set<std::size_t> seen;
        std::vector<Pick> rest;
        for (const Pick& pick : mixed) {
            QVERIFY(pick.index < 50 && seen.insert(pick.index).second);
            QVERIFY(std::isfinite(pick.score));
            QCOMPARE(pick.reasons.size(), whole[0].reasons.size());
            for (std::size_t i = 0; i < pick.reasons.size(); ++i)
                QCOMPARE(pick.reasons[i].name, whole[0].reasons[i].name);
            if (!pick.control) rest.push_back(pick);
        }
        QCOMPARE(rest.size(), 18U);
        for (std::size_t i = 0; i < rest.size(); ++i)
            QVERIFY(equal(rest[i], whole[i]));
        const auto again = selectWithControls(*strategy, pool.input(), 20, 0.1, 9, Job()).value().picks;
        QVERIFY(std::equal(mixed.begin(), mixed.end(), again.begin(), again.end(), equal));
    }

    void controlsHaveTheStrategysScore() {
        const Pool pool = randomPool(50, 0, 3);
        const auto strategy = makeStrategy("entropy").value();
        std::map<std::size_t, double> scores;
        for (const Pick& pick : strategy->select(pool.input(), 50, 1, Job()).value().picks)
            scores[pick.index] = pick.score;
        for (const Pick& pick : selectWithControls(*strategy, pool.input(), 20, 0.3, 9, Job()).value().picks)
            QCOMPARE(pick.score, scores[pick.index]);
    }

    void controlsStandAnywhereAndAreUniform() {
        Pool pool = randomPool(5, 0, 3);
        const auto strategy = makeStrategy("entropy").value();
        const std::size_t best = strategy->select(pool.input(), 1, 1, Job()).value().picks[0].index;
        std::map<std::size_t, int> drawn, ranks;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            const auto batch = selectWithControls(*strategy, pool.input(), 2, 0.5, seed, Job()).value().picks;
            const std::size_t rank = batch[0].control ? 0 : 1;
            ++ranks[rank];
            ++drawn[batch[rank].index];
        }
        QCOMPARE(drawn.count(best), 0U);
        QCOMPARE(drawn.size(), 4U);  // the replaced pick may come back as a control
        for (const auto& [index, times] : drawn)
            QVERIFY(std::abs(times - 1000) < 150);
        QVERIFY(std::abs(ranks[0] - 2000) < 200);
    }

    // It is stopped while it looks at the controls.
    void whatWasLearntStaysWhenControlsAreStopped() {
        struct Stopping : QueryStrategy {
            StrategyInfo told;
            const StrategyInfo& info() const override { return told; }
            Result<Selection> select(const SelectionInput& input, std::size_t, std::uint64_t,
                                     const Job&) const override {
                if (!input.mayLearn) return Job::stopped();
                Selection selection;
                selection.picks.push_back({0, 1.0, {}, false});
                selection.memory = "learnt";
                return selection;
            }
        };
        const Pool pool = randomPool(10, 0, 3);
        const Selection stopped = selectWithControls(Stopping(), pool.input(), 4, 0.5, 1, Job()).value();
        QVERIFY(stopped.picks.empty());
        QCOMPARE(stopped.memory, std::string("learnt"));
    }

    void controlSharesAreClamped() {
        const Pool pool = randomPool(10, 0, 3);
        const auto strategy = makeStrategy("random").value();
        const auto controls = [&](double share) {
            const auto mixed = selectWithControls(*strategy, pool.input(), 10, share, 1, Job()).value().picks;
            return std::count_if(mixed.begin(), mixed.end(), [](const Pick& pick) { return pick.control; });
        };
        QCOMPARE(controls(0.0), 0);
        QCOMPARE(controls(-1.0), 0);
        QCOMPARE(controls(std::nan("")), 0);
        QCOMPARE(controls(0.25), 3);
        QCOMPARE(controls(1.0), 10);
        QCOMPARE(controls(7.0), 10);
    }
};

QTEST_GUILESS_MAIN(TestStrategies)
#include "tst_strategies.moc"
