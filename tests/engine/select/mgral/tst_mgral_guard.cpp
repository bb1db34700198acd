// When MGRAL asks itself, and when it lets a classic strategy ask.

#include "engine/core/rng.h"
#include "engine/select/mgral/memory.h"
#include "engine/select/mgral/mgral.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <limits>
#include <numeric>
#include <set>
#include <string_view>

using namespace querent;
using namespace querent::select;
using namespace querent::select::mgral;
using namespace querent::select::policy;

namespace {

constexpr std::size_t kItems = 150;
constexpr std::size_t kValidation = 120;

bool useful(std::size_t item) {
    return item % 5 == 0;
}

double usefulShare(std::span<const std::size_t> items) {
    const auto found = std::count_if(items.begin(), items.end(), useful);
    return items.empty() ? 0.0 : static_cast<double>(found) / static_cast<double>(items.size());
}

/** Every fifth item, of the pool and of validation, lies in a place of its own. */
Pool poolOf(std::size_t validation, std::uint64_t seed) {
    Pool pool = randomPool(kItems, 5, seed, 6);
    const Pool more = randomPool(validation, 0, seed + 100, 6);
    pool.holdoutPredictions = more.predictions;
    pool.holdoutTruth.clear();
    for (const ItemPrediction& prediction : more.predictions)
        pool.holdoutTruth.push_back(truthAsPredicted(prediction));
    for (std::size_t i = 0; i < kItems; i += 5)
        pool.features.at(i, 0) += 4.0F;
    for (std::size_t i = 0; i < validation; i += 5)
        pool.holdoutPredictions[i].embedding[0] += 4.0F;
    return pool;
}

/** A proxy that pays for useful items of the pool, so that the agent comes to prefer them. */
const ProxyOfPool kOfPool = [](std::span<const std::size_t> batch, const Job&) -> Result<double> {
    return 0.5 + 0.1 * usefulShare(batch);
};

/** Answers of useful items of validation are worth `worth`, with a little noise. */
ProxyOfAnswered answersWorth(double worth) {
    return [worth](std::span<const std::size_t> learnt, std::span<const std::size_t>, const Job&) -> Result<double> {
        const std::size_t sum = std::accumulate(learnt.begin(), learnt.end(), std::size_t{0});
        return 0.5 + worth * usefulShare(learnt) + 0.001 * Rng(sum).uniform();
    };
}

Result<Selection> choose(const Pool& pool, const ProxyOfAnswered& answered, std::uint64_t seed, const Job& job = {},
                         std::string_view memory = {}) {
    SelectionInput input = pool.input();
    input.memory = memory;
    const Proxy tried{kOfPool, answered};
    input.proxy = &tried;
    return makeMgral()->select(input, 12, seed, job);
}

}  // namespace

class TestMgralGuard : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void anAgentThatIsShownToHelpAsks() {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Pool pool = poolOf(kValidation, seed);
            Selection selection;
            for (int round = 0; round < 3; ++round) {
                QCOMPARE(selection.askedBy, std::string(round == 0 ? "" : "entropy"));  // not enough trials before
                const std::uint64_t its = 10 * seed + static_cast<std::uint64_t>(round);
                selection = choose(pool, answersWorth(0.1), its, Job(), std::string(selection.memory)).value();
            }
            QVERIFY2(selection.askedBy.empty(), selection.remarks.back().c_str());
            QVERIFY(selection.remarks.back().ends_with("so MGRAL's agent asks in this round."));
            QCOMPARE(selection.picks[0].reasons[0].name, std::string("selection score"));
            QCOMPARE(selection.figures.back(), (Figure{"gave_way", 0.0}));
            const Figure& gain = selection.figures[selection.figures.size() - 2];
            QCOMPARE(gain.name, std::string("trial_gain"));
            QVERIFY(gain.value > 0.01);
        }
    }

    void otherwiseTheClassicStrategyAsks_data() {
        QTest::addColumn<double>("worth");
        QTest::newRow("answers are worth the same") << 0.0;
        QTest::newRow("the agent prefers what is worth less") << -0.1;
    }
    void otherwiseTheClassicStrategyAsks() {
        QFETCH(double, worth);
        const Pool pool = poolOf(kValidation, 1);
        const Selection selection = choose(pool, answersWorth(worth), 7).value();
        QCOMPARE(selection.askedBy, std::string("entropy"));
        QVERIFY(selection.remarks.back().ends_with("so entropy asks in this round."));
        const Selection entropys = makeStrategy("entropy").value()->select(pool.input(), 12, 7, Job()).value();
        QCOMPARE(indicesOf(selection), indicesOf(entropys));
        QCOMPARE(selection.picks[0].reasons, entropys.picks[0].reasons);
        QCOMPARE(selection.figures.back(), (Figure{"gave_way", 1.0}));
        QVERIFY(!selection.memory.empty());  // the agent goes on learning
    }

    void halvesAreApartAndChoicesAreOfTheSameSize() {
        const Pool pool = poolOf(kValidation, 1);
        std::vector<std::size_t> sizes;
        bool apart = true;
        const ProxyOfAnswered looking = [&](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                                            const Job&) -> Result<double> {
            std::set<std::size_t> all(learnt.begin(), learnt.end());
            all.insert(measured.begin(), measured.end());
            apart = apart && all.size() == learnt.size() + measured.size() && *all.rbegin() < kValidation;
            apart = apart && measured.size() == kValidation / 2;
            sizes.push_back(learnt.size());
            return 0.5;
        };
        QVERIFY(choose(pool, looking, 1));
        QVERIFY(apart);
        QCOMPARE(sizes, std::vector<std::size_t>(2 * static_cast<std::size_t>(TrialSettings().trials), 12U));
    }

    void tooLittleValidationIsSaid() {
        int asked = 0;
        const ProxyOfAnswered counting = [&](auto, auto, const Job&) -> Result<double> {
            ++asked;
            return 0.5;
        };
        const Selection selection = choose(poolOf(7, 1), counting, 1).value();
        QCOMPARE(asked, 0);
        QCOMPARE(selection.askedBy, std::string("entropy"));
        QCOMPARE(selection.remarks.back(),
                 std::string("There are too few validation items to see whether MGRAL's agent helps, "
                             "so entropy asks in this round."));
        Pool broken = poolOf(kValidation, 1);
        for (ItemPrediction& prediction : broken.holdoutPredictions)
            prediction.embedding[1] = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(choose(broken, counting, 1).value().askedBy, std::string("entropy"));
    }

    void problemsAreTold() {
        const ProxyOfAnswered failing = [](auto, auto, const Job&) -> Result<double> {
            return fail(ErrorCode::Io, "No more.");
        };
        QCOMPARE(choose(poolOf(kValidation, 1), failing, 1).error().code, ErrorCode::Io);
        std::stop_source stop;
        const ProxyOfAnswered stopping = [&](auto, auto, const Job& job) -> Result<double> {
            stop.request_stop();
            return job.cancelled() ? Result<double>(Job::stopped()) : Result<double>(0.5);
        };
        const Pool pool = poolOf(kValidation, 1);
        const Selection stopped = choose(pool, stopping, 1, Job(stop.get_token())).value();
        QVERIFY(stopped.picks.empty());
        const Selection whole = choose(pool, answersWorth(0.0), 1).value();
        const Selection goneOn = choose(pool, answersWorth(0.0), 1, Job(), stopped.memory).value();
        QCOMPARE(indicesOf(goneOn), indicesOf(whole));
        QCOMPARE(goneOn.memory, whole.memory);
        // After the last trial, before anybody asks.
        std::stop_source late;
        int trials = 0;
        const ProxyOfAnswered last = [&](std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                                         const Job& job) {
            if (++trials == 2 * TrialSettings().trials) late.request_stop();
            return answersWorth(0.0)(learnt, measured, job);
        };
        const Selection almost = choose(pool, last, 1, Job(late.get_token())).value();
        QVERIFY(almost.picks.empty());
        QCOMPARE(choose(pool, answersWorth(0.0), 1, Job(), almost.memory)->memory, whole.memory);
        // The same search once more: its trials replace those of the first.
        const std::string again = choose(pool, answersWorth(0.0), 1, Job(), whole.memory)->memory;
        const LstmAgent fresh(6, 7, 1);
        std::vector<std::string> remarks;
        QCOMPARE(unpackMgral(again, fresh, remarks).trials.trials.size(), std::size_t{4});
    }
};

QTEST_GUILESS_MAIN(TestMgralGuard)
#include "tst_mgral_guard.moc"
