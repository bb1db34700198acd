// Practice on generated tasks: the tasks, their learner, and that practice pays.
#include "engine/core/rng.h"
#include "engine/select/policy/ridge.h"
#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/start_policy.h"
#include "tests/engine/select/numbers.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;
using namespace querent::select::rlmba;

namespace {

/** Small enough for a test of seconds. */
PracticeSettings smallSettings() {
    PracticeSettings settings;
    settings.sizes = {90, 100, 6, 4, 2, 6};
    settings.steps = 100;
    settings.tasks = 3;
    return settings;
}

RivalGain gainOverRandom(const PolicyNet& policy, const TaskSizes& sizes, int tasks, std::uint64_t seed) {
    const auto random = makeStrategy("random").value();
    const QueryStrategy* const rivals[] = {random.get()};
    return gainsOver(policy, Draw::Sampled, rivals, generatedTasks(sizes), sizes, tasks, seed, Job()).front();
}

std::vector<double> copyOf(const Policy& policy) {
    return {policy.net.parameters().begin(), policy.net.parameters().end()};
}

}  // namespace

class TestStartPolicy : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void ridgeByHand() {
        // One feature, x = -1 and 1, one class each: X^T X + 3 = diag(5, 5), so w = -+1/5 and 1/5.
        Matrix features(2, 1);
        features.at(0, 0) = -1.0F;
        features.at(1, 0) = 1.0F;
        const std::vector<int> labels = {0, 1};
        const RidgeClassifier ridge(features, std::vector<std::size_t>{0, 1}, labels, 2);
        const std::vector<double> logits = ridge.logits(std::vector<float>{2.0F});
        QVERIFY(near(logits[0], 6.0 * (-0.4 + 0.2)) && near(logits[1], 6.0 * (0.4 + 0.2)));
        const std::vector<double> p = softmax(logits);
        QVERIFY(near(p[0] + p[1], 1.0) && near(std::log(p[1] / p[0]), logits[1] - logits[0]));
    }

    // The normal equations hold: X^T (Y - X W) = 3 W, seen through the answers on the rows themselves.
    void ridgeSolvesItsEquations() {
        Rng rng(1);
        const Matrix features = randomMatrix(30, 5, rng);
        std::vector<int> labels;
        for (int i = 0; i < 30; ++i)
            labels.push_back(rng.integer(0, 2));
        std::vector<std::size_t> rows(30);
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        const RidgeClassifier ridge(features, rows, labels, 3);
        const std::vector<double> atZero = ridge.logits(std::vector<float>(5, 0.0F));
        for (std::size_t d = 0; d < 5; ++d) {
            std::vector<float> unit(5, 0.0F);
            unit[d] = 1.0F;
            const double weight = (ridge.logits(unit)[1] - atZero[1]) / 6.0;
            double residual = 0.0;
            for (std::size_t i = 0; i < 30; ++i) {
                const double truth = labels[i] == 1 ? 1.0 : 0.0;
                residual += static_cast<double>(features.at(i, d)) * (truth - ridge.logits(features.row(i))[1] / 6.0);
            }
            QVERIFY(near(residual, 3.0 * weight, 1e-9));
        }
    }

    void tasksDiffer() {
        Rng rng(2);
        std::set<std::size_t> modalities;
        std::set<std::size_t> classes;
        for (int i = 0; i < 60; ++i) {
            const GeneratedTask task(TaskSizes(), rng);
            modalities.insert(task.modalities.size());
            classes.insert(task.classes);
            QCOMPARE(task.labels.size(), std::size_t{350});
            QCOMPARE(task.joint.cols, 12 * task.modalities.size());
            QCOMPARE(task.joint.at(7, 3), task.modalities[0].at(7, 3));
            QVERIFY(std::all_of(task.labels.begin(), task.labels.end(),
                                [&](int label) { return label >= 0 && label < static_cast<int>(task.classes); }));
        }
        QCOMPARE(modalities, (std::set<std::size_t>{1, 2, 3, 4}));
        QCOMPARE(classes.size(), std::size_t{7});
    }

    void runsLabelWhatTheyChoose() {
        Rng rng(3);
        const TaskSizes sizes;
        const GeneratedTask task(sizes, rng);
        const PolicyNet uniform(policyLayout().features.size(), policyLayout().states.size(), 1);
        const TaskRun run = runTask(task, sizes, uniform, Draw::Sampled, 4, 5);
        QCOMPARE(run.accuracies.size(), std::size_t{6});
        std::size_t open = 200 - 2 * task.classes;
        for (const Decision& decision : run.decisions) {
            QCOMPARE(decision.candidates.rows, std::min<std::size_t>(open, 200));
            QCOMPARE(decision.chosen.size(), std::size_t{10});
            open -= 10;
        }
        // Same start, other draws.
        const TaskRun other = runTask(task, sizes, uniform, Draw::Sampled, 4, 6);
        QCOMPARE(run.decisions[0].candidates.values, other.decisions[0].candidates.values);
        QVERIFY(run.decisions[0].chosen != other.decisions[0].chosen);
    }

    void learnersLearn() {
        Rng rng(5);
        const TaskSizes sizes;
        const PolicyNet uniform(policyLayout().features.size(), policyLayout().states.size(), 1);
        double first = 0.0;
        double last = 0.0;
        for (std::uint64_t i = 0; i < 20; ++i) {
            const TaskRun run = runTask(GeneratedTask(sizes, rng), sizes, uniform, Draw::Sampled, i, i);
            first += run.accuracies.front() / 20.0;
            last += run.accuracies.back() / 20.0;
        }
        qInfo("random labelling: %.3f after one round, %.3f after six", first, last);
        QVERIFY(last > first + 0.03);
    }

    void practicePays() {
        const PracticeSettings settings = smallSettings();
        const auto policy = trainStartPolicy(settings, "start 1", 1, Job());
        QVERIFY(policy.ok());
        QCOMPARE(policy->history.startVersion, std::string("start 1"));
        QCOMPARE(policy->adam.steps(), std::int64_t{settings.steps});
        const RivalGain gain = gainOverRandom(policy->net, settings.sizes, 300, 99);
        qInfo("gain over random on new tasks: %.4f +- %.4f", gain.mean, gain.standardError);
        QVERIFY(gain.mean > 2.0 * gain.standardError);
        QVERIFY(unpackPolicy(packPolicy(*policy), policyLayout()).ok());
    }

    void sameSeedSamePolicy() {
        PracticeSettings settings = smallSettings();
        settings.steps = 2;
        const auto a = trainStartPolicy(settings, "a", 7, Job());
        const auto b = trainStartPolicy(settings, "a", 7, Job());
        QCOMPARE(copyOf(*a), copyOf(*b));
        QVERIFY(copyOf(*trainStartPolicy(settings, "a", 8, Job())) != copyOf(*a));
    }

    // A new policy draws uniformly: from all of the pool that is random labelling.
    void randomGainsNothingOverItself() {
        TaskSizes sizes = smallSettings().sizes;
        sizes.candidateFactor = sizes.pool;
        const PolicyNet uniform(policyLayout().features.size(), policyLayout().states.size(), 1);
        const RivalGain gain = gainOverRandom(uniform, sizes, 100, 3);
        qInfo("a new policy over random: %.4f +- %.4f", gain.mean, gain.standardError);
        QVERIFY(std::abs(gain.mean) < 3.0 * gain.standardError);
    }

    void impossibleSettingsAreRefused() {
        PracticeSettings settings = smallSettings();
        settings.sizes.pool = 20;
        QCOMPARE(trainStartPolicy(settings, "", 1, Job()).error().code, ErrorCode::InvalidArgument);
        settings = smallSettings();
        settings.rollouts = 1;
        QVERIFY(!trainStartPolicy(settings, "", 1, Job()).ok());
    }

    void stopsWhenAsked() {
        std::stop_source source;
        source.request_stop();
        const auto policy = trainStartPolicy(smallSettings(), "", 1, Job(source.get_token()));
        QCOMPARE(policy.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestStartPolicy)
#include "tst_start_policy.moc"
