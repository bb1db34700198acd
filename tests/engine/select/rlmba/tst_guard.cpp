// Who asks where nothing can be rehearsed: RL-MBA's policy, or a classic strategy.

#include "engine/core/rng.h"
#include "engine/select/policy/trials.h"
#include "engine/select/rlmba/candidates.h"
#include "engine/select/rlmba/memory.h"
#include "engine/select/rlmba/rl_mba.h"
#include "engine/select/rlmba/start_policy.h"
#include "tests/engine/select/pools.h"
#include "tests/engine/select/rlmba/sure_policy.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>
#include <stop_token>
#include <string_view>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;
using namespace querent::select::rlmba;

namespace {

constexpr std::size_t kValidation = 80;

Pool withValidation(Pool pool, const Pool& more) {
    pool.holdoutPredictions = more.predictions;
    pool.holdoutTruth.clear();
    for (const ItemPrediction& prediction : more.predictions)
        pool.holdoutTruth.push_back(truthAsPredicted(prediction));
    return pool;
}

Pool pictures(std::uint64_t seed) {
    return withValidation(randomPool(90, 12, seed), randomPool(kValidation, 0, seed + 100));
}

/** The share of these items whose best box is sure. */
double sureShare(const Pool& pool, std::span<const std::size_t> items) {
    double sure = 0.0;
    for (const std::size_t item : items) {
        double best = 0.0;
        for (const Detection& box : pool.holdoutPredictions[item].boxes)
            best = std::max(best, box.score);
        sure += best / static_cast<double>(items.size());
    }
    return sure;
}

/** Answers of sure items are worth `worth`, with a little noise. */
ProxyOfAnswered paying(const Pool& pool, double worth, int* calls = nullptr) {
    return [&pool, worth, calls](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                                 const Job&) -> Result<double> {
        if (calls) ++*calls;
        return 0.5 + worth * sureShare(pool, learnt) + 0.001 * Rng(learnt.front() * 1000 + measured.front()).uniform();
    };
}

/** Stops when three runs have been made; `calls` counts them. */
ProxyOfAnswered stoppingAtFourth(const ProxyOfAnswered& answered, const int& calls, std::stop_source& stop) {
    return [&](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
               const Job& job) -> Result<double> {
        if (calls == 3) stop.request_stop();
        return job.cancelled() ? Result<double>(Job::stopped()) : answered(learnt, measured, job);
    };
}

Result<Selection> choose(const Pool& pool, const ProxyOfAnswered& answered, std::string_view memory,
                         std::uint64_t seed = 3, const Job& job = {}, const QueryStrategy& strategy = *makeRlMba()) {
    SelectionInput input = pool.input();
    input.memory = memory;
    const Proxy tried{{}, answered};
    input.proxy = &tried;
    return strategy.select(input, 10, seed, job);
}

std::vector<double> trialsIn(std::string_view memory) {
    return unpackMemory(memory)->trials.trials;
}

}  // namespace

class TestMbaGuard : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aPolicyThatIsShownToHelpAsks() {
        const Pool pool = pictures(1);
        const ProxyOfAnswered answered = paying(pool, 0.2);
        std::string memory = likingSure();
        Selection selection;
        for (std::uint64_t round = 1; round <= 3; ++round) {
            selection = choose(pool, answered, memory, round).value();
            QCOMPARE(selection.askedBy, std::string(round < 3 ? "entropy" : ""));
            memory = makeRlMba()->learn(selection.memory, 0.6)->memory;
            QCOMPARE(trialsIn(memory).size(), static_cast<std::size_t>(4 * round));
            QCOMPARE(unpackMemory(memory)->policy.history.rounds, std::int64_t{round == 3});
        }
        QVERIFY2(selection.remarks.back().ends_with("so the policy asks in this round."),
                 selection.remarks.back().c_str());
        QCOMPARE(selection.picks[0].reasons[0].name, std::string("policy"));
        for (std::uint64_t round = 4; round <= 8; ++round)
            memory = choose(pool, answered, memory, round)->memory;
        const std::vector<double> latest = trialsIn(memory);
        QCOMPARE(latest.size(), TrialSettings().mostTrials);
        QCOMPARE(std::set<double>(latest.begin(), latest.end()).size(), latest.size());  // each on other items
    }

    void otherwiseTheClassicStrategyAsks_data() {
        QTest::addColumn<double>("worth");
        QTest::newRow("its choice is worth the same") << 0.0;
        QTest::newRow("its choice is worth less") << -0.2;
    }
    void otherwiseTheClassicStrategyAsks() {
        QFETCH(double, worth);
        const Pool pool = pictures(1);
        std::string memory = likingSure();
        for (std::uint64_t round = 1; round <= 5; ++round) {
            const Selection entropys = makeStrategy("entropy").value()->select(pool.input(), 10, round, Job()).value();
            const Selection selection = choose(pool, paying(pool, worth), memory, round).value();
            QCOMPARE(selection.askedBy, std::string("entropy"));
            QCOMPARE(indicesOf(selection), indicesOf(entropys));
            QVERIFY(selection.remarks.back().ends_with("so entropy asks in this round."));
            memory = selection.memory;
        }
        QVERIFY(!unpackMemory(memory)->pending);
    }

    // What was asked for before, and never labelled, is not what the next reward is for.
    void aBatchThatWasReplacedIsNotPaid() {
        const Pool pool = pictures(2);
        const std::string first = makeRlMbaWithoutRehearsal()->select(pool.input(), 10, 3, Job())->memory;
        QVERIFY(unpackMemory(first)->pending.has_value());
        const Selection second = choose(pool, paying(pool, 0.0), first).value();
        QCOMPARE(second.askedBy, std::string("entropy"));
        QVERIFY(!unpackMemory(second.memory)->pending);
    }

    void itemsOfSeveralClassesAreTriedToo() {
        Pool pool = withValidation(randomClassPool(90, 12, 4), randomClassPool(kValidation, 0, 104));
        SelectionInput input = pool.input();
        input.multiLabel = true;
        int calls = 0;
        const ProxyOfAnswered answered = [&](auto, auto, const Job&) -> Result<double> {
            ++calls;
            return 0.5;
        };
        const Proxy tried{{}, answered};
        input.proxy = &tried;
        QCOMPARE(makeRlMba()->select(input, 10, 3, Job())->askedBy, std::string("entropy"));
        QCOMPARE(calls, 2 * TrialSettings().trials);
    }

    void tooLittleValidationIsSaid() {
        const Pool pool = withValidation(randomPool(90, 12, 1), randomPool(7, 0, 2));
        int calls = 0;
        const Selection selection = choose(pool, paying(pool, 1.0, &calls), {}).value();
        QCOMPARE(calls, 0);
        QCOMPARE(selection.remarks.back(), std::string("There are too few validation items to see whether the policy "
                                                       "helps, so entropy asks in this round."));
    }

    void nothingIsTriedWithoutNeed() {
        const Pool pool = pictures(1);
        int calls = 0;
        const ProxyOfAnswered answered = paying(pool, 1.0, &calls);
        QVERIFY(choose(pool, answered, {}, 3, {}, *makeRlMbaWithoutRehearsal())->askedBy.empty());
        QVERIFY(choose(pool, answered, {}, 3, {}, *makeRlMbaWithoutPolicy())->askedBy.empty());
        SelectionInput input = pool.input();
        const Proxy tried{{}, answered};
        input.proxy = &tried;
        QVERIFY(makeRlMba()->select(input, 90, 3, Job())->askedBy.empty());  // all of the pool
        input.mayLearn = false;
        QVERIFY(makeRlMba()->select(input, 10, 3, Job())->askedBy.empty());
        QCOMPARE(calls, 0);
    }

    void trialsThatAreStoppedAreKept() {
        const Pool pool = pictures(1);
        std::stop_source stop;
        int calls = 0;
        const ProxyOfAnswered answered = paying(pool, 0.2, &calls);
        const ProxyOfAnswered stopping = stoppingAtFourth(answered, calls, stop);
        const Selection stopped = choose(pool, stopping, {}, 3, Job(stop.get_token())).value();
        QVERIFY(stopped.picks.empty());
        QVERIFY(trialsIn(stopped.memory).empty());
        calls = 0;
        const Selection goneOn = choose(pool, answered, stopped.memory).value();
        QCOMPARE(calls, 2 * TrialSettings().trials - 3);
        const Selection whole = choose(pool, answered, {}).value();
        QCOMPARE(indicesOf(goneOn), indicesOf(whole));
        QCOMPARE(goneOn.memory, whole.memory);
    }

    // Somebody corrects a validation item before going on: what was tried before says nothing then.
    void trialsOnOtherAnswersAreHeldAnew() {
        Pool pool = pictures(1);
        int calls = 0;
        const ProxyOfAnswered answered = paying(pool, 0.2, &calls);
        std::stop_source stop;
        const ProxyOfAnswered stopping = stoppingAtFourth(answered, calls, stop);
        const std::string stopped = choose(pool, stopping, {}, 3, Job(stop.get_token()))->memory;
        pool.holdoutTruth[7].boxes.push_back({{1, 2, 3, 4}, 0});
        calls = 0;
        const Selection goneOn = choose(pool, answered, stopped).value();
        QCOMPARE(calls, 2 * TrialSettings().trials);
        QCOMPARE(trialsIn(goneOn.memory), trialsIn(choose(pool, answered, {})->memory));
    }

    // A choice that was made and thrown away is made again: its trials count once, and cost nothing.
    void theSameTrialsCountOnce() {
        const Pool pool = pictures(1);
        int calls = 0;
        const ProxyOfAnswered answered = paying(pool, 0.2, &calls);
        const Selection once = choose(pool, answered, {}).value();
        QCOMPARE(calls, 2 * TrialSettings().trials);
        const Selection twice = choose(pool, answered, once.memory).value();
        QCOMPARE(calls, 2 * TrialSettings().trials);
        QCOMPARE(twice.memory, once.memory);
        QCOMPARE(trialsIn(choose(pool, answered, once.memory, 4)->memory).size(), std::size_t{8});
    }

    // The stop comes when all has been tried, before anybody asks.
    void trialsBeforeALateStopAreKept() {
        const Pool pool = pictures(1);
        std::stop_source stop;
        int calls = 0;
        const ProxyOfAnswered answered = paying(pool, 0.2, &calls);
        const ProxyOfAnswered last = [&](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                                         const Job& job) {
            const auto worth = answered(learnt, measured, job);
            if (calls == 2 * TrialSettings().trials) stop.request_stop();
            return worth;
        };
        const Selection stopped = choose(pool, last, {}, 3, Job(stop.get_token())).value();
        QVERIFY(stopped.picks.empty() && !stopped.memory.empty());
        calls = 0;
        const Selection goneOn = choose(pool, answered, stopped.memory).value();
        QCOMPARE(calls, 0);
        QCOMPARE(goneOn.memory, choose(pool, answered, {})->memory);
    }

    void nothingIsKeptOfNothing() {
        const Pool pool = pictures(1);
        std::stop_source stop;
        const ProxyOfAnswered stopping = [&](auto, auto, const Job&) -> Result<double> {
            stop.request_stop();
            return Job::stopped();
        };
        QCOMPARE(choose(pool, stopping, {}, 3, Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    }

    void problemsAreTold() {
        const ProxyOfAnswered failing = [](auto, auto, const Job&) -> Result<double> {
            return fail(ErrorCode::Io, "No more.");
        };
        QCOMPARE(choose(pictures(1), failing, {}).error().code, ErrorCode::Io);
        const ProxyOfAnswered wrong = [](auto, auto, const Job&) -> Result<double> { return std::nan(""); };
        QCOMPARE(choose(pictures(1), wrong, {}).error().code, ErrorCode::Internal);
    }
};

QTEST_GUILESS_MAIN(TestMbaGuard)
#include "tst_guard.moc"
