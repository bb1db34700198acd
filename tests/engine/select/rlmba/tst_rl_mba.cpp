// RL-MBA from its input to its lesson: weights, policy, rehearsal, guard, memory, ablations, bad input.
#include "engine/core/rng.h"
#include "engine/select/controls.h"
#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/memory.h"
#include "engine/select/rlmba/rl_mba.h"
#include "engine/select/rlmba/start_policy.h"
#include "tests/engine/select/pools.h"
#include "tests/engine/select/rlmba/sure_policy.h"
#include "tests/engine/select/rlmba/toy_project.h"

#include <QTest>

#include <limits>
#include <map>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::rlmba;
using namespace querent::select::policy;

namespace {

constexpr std::size_t kClasses = 5;

/** Items of `dimensions` numbers whose classes lie `distance` apart (in deviations) along all of them. */
Matrix lookOf(const std::vector<int>& labels, std::size_t dimensions, double distance, Rng& rng) {
    Matrix centres(kClasses, dimensions);
    for (float& value : centres.values)
        value = static_cast<float>(rng.normal() * distance);
    Matrix look(labels.size(), dimensions);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t d = 0; d < dimensions; ++d)
            look.at(i, d) = centres.at(static_cast<std::size_t>(labels[i]), d) + static_cast<float>(rng.normal());
    }
    return look;
}

/** 400 items and 200 of validation with the given looks, (dimensions, distance) a modality. */
PracticeTask taskOf(const std::vector<std::pair<std::size_t, double>>& looks, std::uint64_t seed) {
    Rng rng(seed);
    PracticeTask task;
    task.classes = kClasses;
    task.pool = 400;
    for (int i = 0; i < 600; ++i)
        task.labels.push_back(i % static_cast<int>(kClasses));
    std::size_t width = 0;
    for (const auto& [dimensions, distance] : looks) {
        task.modalities.push_back(lookOf(task.labels, dimensions, distance, rng));
        width += dimensions;
    }
    task.joint = Matrix(task.labels.size(), width);
    for (std::size_t i = 0; i < task.labels.size(); ++i) {
        auto row = task.joint.row(i).begin();
        for (const Matrix& modality : task.modalities)
            row = std::copy_n(modality.row(i).begin(), modality.cols, row);
    }
    return task;
}

ToyProject twoMedia(std::size_t labelled, std::uint64_t seed) {
    return {taskOf({{12, 0.5}, {12, 0.7}}, seed), labelled, seed};
}

std::map<std::string, double> byName(const std::vector<Figure>& figures) {
    std::map<std::string, double> values;
    for (const Figure& figure : figures)
        values[figure.part < 0 ? figure.name : figure.name + std::to_string(figure.part)] = figure.value;
    return values;
}

}  // namespace

class TestRlMba : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // Three media: one tells a little at once, one nothing, and one a lot, but only to those who have seen much.
    void theWeightMovesToWhatBecomesInformative() {
        ToyProject project(taskOf({{4, 1.3}, {12, 0.0}, {60, 0.40}}, 3), 10, 3);
        const auto strategy = makeRlMba();
        std::string memory;
        std::vector<std::map<std::string, double>> rounds;
        for (int round = 0; round < 7; ++round) {
            SelectionInput input = project.input();
            input.memory = memory;
            const auto selection = strategy->select(input, 50, 7, Job());
            QVERIFY(selection.ok());
            QCOMPARE(selection->picks.size(), std::size_t{50});
            rounds.push_back(byName(selection->figures));
            project.label(selection->picks);
            const auto lesson = strategy->learn(selection->memory, project.accuracy());
            QVERIFY(lesson.ok());
            memory = lesson->memory;
        }
        for (const auto& figures : rounds) {
            const double sum = figures.at("weight0") + figures.at("weight1") + figures.at("weight2");
            QVERIFY(std::abs(sum - 1.0) < 1e-9);
            QVERIFY(figures.at("weight1") < figures.at("weight0"));
        }
        qInfo("weights at first %.2f %.2f %.2f, in the end %.2f %.2f %.2f", rounds.front().at("weight0"),
              rounds.front().at("weight1"), rounds.front().at("weight2"), rounds.back().at("weight0"),
              rounds.back().at("weight1"), rounds.back().at("weight2"));
        QVERIFY(rounds.front().at("weight2") < rounds.front().at("weight0"));
        QVERIFY(rounds.back().at("weight2") > rounds.back().at("weight0") + 0.2);
    }

    void whatIsLearntGoesOn() {
        const auto strategy = makeRlMba();
        const auto play = [&](std::uint64_t seed) {
            ToyProject project = twoMedia(40, 4);
            std::string memory;
            for (int round = 0; round < 3; ++round) {
                SelectionInput input = project.input();
                input.memory = memory;
                const auto selection = strategy->select(input, 10, seed, Job()).value();
                project.label(selection.picks);
                const auto lesson = strategy->learn(selection.memory, project.accuracy()).value();
                const auto figures = byName(lesson.figures);
                if (!figures.contains("reward") || !figures.contains("baseline") || !figures.contains("advantage"))
                    return std::string();
                memory = lesson.memory;
            }
            return memory;
        };
        const std::string memory = play(1);
        QVERIFY(!memory.empty());
        QCOMPARE(play(1), memory);
        QVERIFY(play(2) != memory);
        const auto learnt = unpackMemory(memory);
        QVERIFY(learnt.ok());
        QCOMPARE(learnt->rewards.size(), std::size_t{3});
        QVERIFY(!learnt->pending);
        QVERIFY(learnt->policy.history.rehearsedEpisodes >= 3 * 100);
        // Of the three rounds those count in which the policy itself asked.
        QVERIFY(learnt->policy.history.rounds <= 3);
        QCOMPARE(unpackPolicy(memory, policyLayout())->history, learnt->policy.history);
    }

    void rewardsAreWhatTheirNamesSay() {
        const auto paidBy = [&](const std::unique_ptr<QueryStrategy>& strategy) {
            const ToyProject project = twoMedia(40, 5);
            const auto selection = strategy->select(project.input(), 10, 1, Job()).value();
            const double before = unpackMemory(selection.memory)->before.value_or(-1.0);
            if (std::abs(before - project.accuracy()) > 1e-9) qFatal("It is not measured from today's model.");
            return std::pair(byName(strategy->learn(selection.memory, 0.8)->figures), before);
        };
        QVERIFY(std::abs(paidBy(makeRlMbaAbsolute()).first.at("reward") - 0.8) < 1e-9);
        auto [incremental, before] = paidBy(makeRlMbaIncremental());
        QVERIFY(std::abs(incremental.at("reward") - (0.8 - before)) < 1e-9);
        QVERIFY(!incremental.contains("others_gain"));
        // What others would have reached is worked out from rehearsal: they gain something too.
        auto [relative, same] = paidBy(makeRlMba());
        QVERIFY(relative.at("others_gain") > 0.0);
        QVERIFY(std::abs(relative.at("reward") - (0.8 - same - relative.at("others_gain"))) < 1e-9);
        MbaMemory known{startPolicy().value()};
        known.before = 0.6;
        known.gains = {0.1, 0.16};
        const auto lesson = byName(makeRlMba()->learn(packMemory(known), 0.8)->figures);
        QVERIFY(std::abs(lesson.at("reward") - (0.8 - 0.73)) < 1e-9);
        QVERIFY(std::abs(lesson.at("others_gain") - 0.13) < 1e-9);
        // Without rehearsal there is nothing to compare with.
        auto alone = paidBy(makeRlMbaWithoutRehearsal()).first;
        QVERIFY(std::abs(alone.at("reward") - incremental.at("reward")) < 1e-9 && !alone.contains("others_gain"));
    }

    void aPolicyThatDoesNotHelpGivesWay() {
        const ToyProject project = twoMedia(60, 6);
        SelectionInput input = project.input();
        const std::string memory = likingSure();
        input.memory = memory;
        const auto selection = makeRlMba()->select(input, 10, 3, Job()).value();
        QVERIFY(!selection.askedBy.empty());
        QVERIFY(selection.remarks.back().find(selection.askedBy) != std::string::npos);
        QVERIFY(byName(selection.figures).at("rehearsal_gain") <= 0.0);
        QCOMPARE(byName(selection.figures).at("gave_way"), 1.0);
        QCOMPARE(indicesOf(selection), indicesOf(run(selection.askedBy, project.input(), 10, 3)));
        QVERIFY(!unpackMemory(selection.memory)->pending);
        // There is nothing to reinforce: what was asked was not the policy's choice.
        const auto lesson = makeRlMba()->learn(selection.memory, 0.9).value();
        QCOMPARE(unpackMemory(lesson.memory)->policy.history.rounds, std::int64_t{0});
        // Controls are then judged as the other strategy judges.
        const auto mixed = selectWithControls(*makeRlMba(), input, 20, 0.2, 3, Job()).value();
        const auto asked = run(mixed.askedBy, project.input(), 20, 3).picks[0];
        for (const Pick& pick : mixed.picks)
            QCOMPARE(pick.reasons.size(), asked.reasons.size());
    }

    // Scores of controls come from the same pool as those of picks; from a pool of their own they would stand out.
    void judgedItemsHaveTheScoresOfThePool() {
        const ToyProject project = twoMedia(40, 7);
        const auto strategy = makeRlMbaWithoutRehearsal();
        SelectionInput input = project.input();
        const auto selection = strategy->select(input, 15, 2, Job()).value();
        const std::vector<std::size_t> judged = indicesOf(selection);
        input.judged = judged;
        input.mayLearn = false;
        input.memory = selection.memory;
        const auto again = strategy->select(input, 15, 2, Job()).value();
        QCOMPARE(indicesOf(again), judged);
        for (std::size_t i = 0; i < judged.size(); ++i)
            QCOMPARE(again.picks[i].score, selection.picks[i].score);
        QVERIFY(again.memory.empty());
    }

    void ablationsDiffer() {
        const ToyProject project = twoMedia(40, 8);
        std::set<std::vector<std::size_t>> batches;
        for (const auto& strategy : {makeRlMbaWithoutRehearsal(), makeRlMbaWithoutPolicy()}) {
            batches.insert(indicesOf(strategy->select(project.input(), 20, 1, Job()).value()));
            QVERIFY(strategy->info().ablation);
        }
        QCOMPARE(batches.size(), std::size_t{2});
        const auto equal = makeRlMbaWithoutWeights()->select(project.input(), 20, 1, Job()).value();
        QCOMPARE(byName(equal.figures).at("weight0"), 0.5);
        const auto weighed = makeRlMba()->select(project.input(), 20, 1, Job()).value();
        QVERIFY(byName(weighed.figures).at("weight0") != 0.5);
        // The largest unified scores are what is left without a policy.
        const auto scored = makeRlMbaWithoutPolicy()->select(project.input(), 20, 1, Job()).value();
        for (std::size_t i = 1; i < scored.picks.size(); ++i)
            QVERIFY(scored.picks[i - 1].score >= scored.picks[i].score);
        QCOMPARE(scored.picks[0].reasons[0].name, std::string("unified score"));
    }

    void damagedMemoriesAreSaidAndReplaced() {
        const ToyProject project = twoMedia(40, 9);
        const auto strategy = makeRlMbaWithoutRehearsal();
        std::string memory = strategy->select(project.input(), 10, 1, Job())->memory;
        memory[memory.size() / 2] = static_cast<char>(memory[memory.size() / 2] ^ 1);
        SelectionInput input = project.input();
        input.memory = memory;
        const auto selection = strategy->select(input, 10, 1, Job()).value();
        QCOMPARE(selection.remarks.size(), std::size_t{1});
        QVERIFY(selection.remarks[0].find("damaged") != std::string::npos);
        QCOMPARE(indicesOf(selection), indicesOf(strategy->select(project.input(), 10, 1, Job()).value()));
        QCOMPARE(strategy->learn(memory, 0.5).error().code, ErrorCode::Corrupt);
    }

    void fewLabelsAreNotRehearsed() {
        const ToyProject project = twoMedia(12, 10);
        const auto selection = makeRlMba()->select(project.input(), 10, 1, Job()).value();
        QCOMPARE(selection.remarks.size(), std::size_t{1});
        QVERIFY(selection.remarks[0].find("too few labels") != std::string::npos);
        QVERIFY(selection.askedBy.empty());
    }

    // "None of them" is an answer, and no reason to stop asking.
    void answersWithoutAClassAreNoObstacle() {
        const ToyProject project = twoMedia(60, 14);
        SelectionInput input = project.input();
        std::vector<ItemTruth> answers(input.labelled.truth.begin(), input.labelled.truth.end());
        answers[0].labels.clear();
        answers[5].labels.clear();
        input.labelled.truth = answers;
        const auto selection = makeRlMba()->select(input, 10, 1, Job());
        QVERIFY(selection.ok());
        QCOMPARE(selection->picks.size(), std::size_t{10});
        QVERIFY(byName(selection->figures).contains("rehearsal_gain"));
    }

    void aPolicyThatCameLateIsNotPaid() {
        const std::string late = packPolicy(startPolicy().value());
        const auto lesson = makeRlMba()->learn(late, 0.9).value();
        QVERIFY(lesson.figures.empty());
        QCOMPARE(lesson.memory, late);
    }

    void rehearsalThatIsStoppedIsKept() {
        const ToyProject project = twoMedia(40, 11);
        std::stop_source source;
        int steps = 0;
        const Job job(source.get_token(), [&](const Progress& progress) {
            if (progress.phase == "Practising" && ++steps == 3) source.request_stop();
        });
        const auto selection = makeRlMba()->select(project.input(), 10, 1, job);
        QVERIFY(selection.ok());
        QVERIFY(selection->picks.empty());
        QCOMPARE(unpackMemory(selection->memory)->policy.history.rehearsedEpisodes, std::int64_t{3 * 16});
        std::stop_source before;
        before.request_stop();
        QCOMPARE(makeRlMba()->select(project.input(), 10, 1, Job(before.get_token())).error().code,
                 ErrorCode::Cancelled);
    }

    void boxesAreChosenAndLearntFrom() {
        const Pool pool = randomPool(80, 12, 5);
        const auto strategy = makeRlMba();
        const auto selection = strategy->select(pool.input(), 10, 1, Job()).value();
        QCOMPARE(selection.picks.size(), std::size_t{10});
        QVERIFY(selection.askedBy.empty());
        const auto lesson = strategy->learn(selection.memory, 0.6).value();
        QCOMPARE(unpackMemory(lesson.memory)->policy.history.rounds, std::int64_t{1});
        QVERIFY(lesson.memory != selection.memory);
    }

    void whatIsMissingIsNamed() {
        Pool pool = randomClassPool(30, 10, 1);
        pool.holdoutPredictions.clear();
        pool.holdoutTruth.clear();
        const auto refused = makeRlMba()->select(pool.input(), 5, 1, Job());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().sentence.find("validation") != std::string::npos);
    }

    void numbersThatAreNotFiniteAreSetAside() {
        ToyProject project = twoMedia(40, 12);
        project.predictions()[3].evidence[0][1] = std::numeric_limits<float>::quiet_NaN();
        const auto selection = makeRlMbaWithoutRehearsal()->select(project.input(), 500, 1, Job()).value();
        QCOMPARE(selection.leftOut.size(), std::size_t{1});
        QCOMPARE(selection.leftOut[0].item, project.predictions()[3].item);
        QCOMPARE(selection.picks.size(), project.open() - 1);
    }

    void oneClassIsEnough() {
        PracticeTask task = taskOf({{6, 0.5}, {6, 0.5}}, 13);
        task.classes = 1;
        std::fill(task.labels.begin(), task.labels.end(), 0);
        const ToyProject project(std::move(task), 30, 1);
        QCOMPARE(makeRlMba()->select(project.input(), 10, 1, Job())->picks.size(), std::size_t{10});
    }
};

QTEST_GUILESS_MAIN(TestRlMba)
#include "tst_rl_mba.moc"
