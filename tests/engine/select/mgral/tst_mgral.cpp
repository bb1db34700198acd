// The search of MGRAL on proxies whose answers are known, and the strategy around it.

#include "engine/select/mgral/agent_space.h"
#include "engine/select/mgral/mgral.h"
#include "engine/select/mgral/probe_batches.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <map>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::mgral;
using namespace querent::select::policy;

namespace {

constexpr std::size_t kUseful = 30;  // of the items

/** Four clusters, in the first of which a batch's items are worth something. */
Pool clusters(std::size_t size, std::uint64_t seed) {
    Pool pool = randomPool(size, 5, seed, 6);
    for (std::size_t i = 0; i < size; ++i)
        pool.features.at(i, (i < kUseful ? 0 : 1 + i % 3)) += 4.0F;
    return pool;
}

double usefulShare(std::span<const std::size_t> batch) {
    const auto useful = std::count_if(batch.begin(), batch.end(), [](std::size_t item) { return item < kUseful; });
    return batch.empty() ? 0.0 : static_cast<double>(useful) / static_cast<double>(batch.size());
}

/** What a proxy was asked. */
struct Asked {
    std::vector<std::vector<std::size_t>> batches;
};

ProxyOfPool clusterProxy(Asked& asked) {
    return [&asked](std::span<const std::size_t> batch, const Job&) -> Result<double> {
        asked.batches.emplace_back(batch.begin(), batch.end());
        return 0.5 + 0.1 * usefulShare(batch);
    };
}

Result<Selection> choose(const Pool& pool, const ProxyOfPool& proxy, std::size_t count, std::uint64_t seed,
                         const std::string& memory = {}, const MgralSettings& settings = {}) {
    SelectionInput input = pool.input();
    const Proxy tried{proxy, {}};
    input.proxy = &tried;
    input.memory = memory;
    return makeMgral(settings)->select(input, count, seed, Job());
}

std::map<std::string, double> figuresOf(const Selection& selection) {
    std::map<std::string, double> figures;
    for (const Figure& figure : selection.figures)
        figures[figure.name] = figure.value;
    return figures;
}

}  // namespace

class TestMgral : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void findsBetterBatchesThanChance() {
        double found = 0.0;
        double agents = 0.0;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Pool pool = clusters(150, seed);
            Asked asked;
            const Selection selection = choose(pool, clusterProxy(asked), 15, seed).value();
            QCOMPARE(selection.picks.size(), 15U);
            found += usefulShare(indicesOf(selection)) / 5.0;
            MgralSettings agentAlone;
            agentAlone.bestSeen = false;
            agents += usefulShare(indicesOf(choose(pool, clusterProxy(asked), 15, seed, {}, agentAlone).value())) / 5.0;
        }
        // By chance: 0.2.
        QVERIFY2(found > 0.5, qPrintable(QString::number(found)));
        QVERIFY2(agents > 0.5, qPrintable(QString::number(agents)));
    }

    void runsAreCountedAndLimited() {
        const Pool pool = clusters(150, 1);
        Asked asked;
        const MgralSettings settings;
        const Selection selection = choose(pool, clusterProxy(asked), 15, 1).value();
        QVERIFY(asked.batches.size() <= settings.proxyRuns() && asked.batches.size() > 1 + settings.records);
        QVERIFY(asked.batches.front().empty());
        for (std::size_t i = 1; i < asked.batches.size(); ++i) {
            const std::set<std::size_t> batch(asked.batches[i].begin(), asked.batches[i].end());
            QCOMPARE(batch.size(), 15U);
            QVERIFY(*batch.rbegin() < 150);
        }
        auto figures = figuresOf(selection);
        QCOMPARE(figures["proxy_runs"], static_cast<double>(asked.batches.size()));
        QCOMPARE(figures["table_size"], static_cast<double>(asked.batches.size() - 1));
        QVERIFY(figures["predicted_gain"] > 0.02);
        QVERIFY(selection.remarks.front().starts_with("MGRAL tried " + std::to_string(asked.batches.size() - 1) +
                                                      " batches on a copy of the model and guessed"));
    }

    void constantRewardsTeachNothing() {
        const Pool pool = clusters(60, 1);
        const Matrix features = pool.features;
        const std::vector<double> none(60, 0.0);
        const ProxyOfPool constant = [](std::span<const std::size_t>, const Job&) -> Result<double> { return 0.1; };
        LstmAgent agent(6, 7, 3);
        for (double& parameter : agent.parameters())
            parameter += 0.01;
        const std::vector<double> before(agent.parameters().begin(), agent.parameters().end());
        const auto outcome = searchBatch(agent, {features, none, none}, 8, constant, {}, 4, Job()).value();
        QCOMPARE(std::vector<double>(agent.parameters().begin(), agent.parameters().end()), before);
        QCOMPARE(outcome.baseline, 0.1);
        QCOMPARE(outcome.predicted, 0.1);
    }

    // Otherwise they could not stand in one chart.
    void figuresAreGainsOverTheLabelsAlone() {
        const ProxyOfPool constant = [](std::span<const std::size_t>, const Job&) -> Result<double> { return 0.7; };
        const Selection selection = choose(clusters(60, 3), constant, 5, 1).value();
        std::size_t gains = 0;
        for (const Figure& figure : selection.figures) {
            if (figure.name == "proxy_runs" || figure.name == "table_size") continue;
            ++gains;
            QVERIFY2(std::abs(figure.value) < 1e-9, figure.name.c_str());
        }
        QCOMPARE(gains, std::size_t{4});
    }

    void seededChoice() {
        const Pool pool = clusters(80, 2);
        Asked asked;
        const Selection selection = choose(pool, clusterProxy(asked), 6, 42).value();
        const Selection again = choose(pool, clusterProxy(asked), 6, 42).value();
        QCOMPARE(indicesOf(again), indicesOf(selection));
        QCOMPARE(again.memory, selection.memory);
        QCOMPARE(indicesOf(selection), (std::vector<std::size_t>{6, 12, 25, 40, 77, 53}));
    }

    void theOrderOfThePoolDoesNotMatter() {
        const Pool pool = clusters(80, 2);
        std::vector<std::size_t> order(80);
        std::iota(order.begin(), order.end(), std::size_t{0});
        Rng(3).shuffle(order);
        const Pool other = reordered(pool, order);
        const ProxyOfPool byItem = [&pool](std::span<const std::size_t> batch, const Job&) -> Result<double> {
            return 0.5 + 0.1 * usefulShare(batch);
        };
        const ProxyOfPool byOther = [&order](std::span<const std::size_t> batch, const Job&) -> Result<double> {
            std::vector<std::size_t> items;
            for (const std::size_t place : batch)
                items.push_back(order[place]);
            return 0.5 + 0.1 * usefulShare(items);
        };
        QCOMPARE(itemsOf(choose(pool, byItem, 9, 5).value(), pool),
                 itemsOf(choose(other, byOther, 9, 5).value(), other));
    }

    void agentsGoOnFromRoundToRound() {
        const Pool pool = clusters(100, 3);
        Asked asked;
        const Selection first = choose(pool, clusterProxy(asked), 10, 1).value();
        // The agent alone, which has learnt, prefers the useful cluster.
        SelectionInput input = pool.input();
        input.memory = first.memory;
        input.mayLearn = false;
        const ProxyOfPool never = [](std::span<const std::size_t>, const Job&) -> Result<double> {
            return fail(ErrorCode::Internal, "No run was to be made.");
        };
        const Proxy tried{never, {}};
        input.proxy = &tried;
        const Selection scored = makeMgral()->select(input, 10, 2, Job()).value();
        QVERIFY2(usefulShare(indicesOf(scored)) > 0.6, qPrintable(QString::number(usefulShare(indicesOf(scored)))));
        QVERIFY(scored.memory.empty());
        input.memory = {};
        QVERIFY(usefulShare(indicesOf(makeMgral()->select(input, 10, 2, Job()).value())) < 0.6);
    }

    void damagedMemoryStartsAnew() {
        const Pool pool = clusters(60, 3);
        Asked asked;
        std::string memory = choose(pool, clusterProxy(asked), 5, 1).value().memory;
        memory[memory.size() / 2] ^= 1;
        const Selection selection = choose(pool, clusterProxy(asked), 5, 1, memory).value();
        QVERIFY(selection.remarks.front().starts_with("What MGRAL had learnt cannot be read, so it starts anew."));
        QCOMPARE(indicesOf(selection), indicesOf(choose(pool, clusterProxy(asked), 5, 1).value()));
        Pool wider = randomPool(60, 5, 3, 9);
        const std::string other = choose(pool, clusterProxy(asked), 5, 1).value().memory;
        const Selection fresh = choose(wider, clusterProxy(asked), 5, 1, other).value();
        QVERIFY(fresh.remarks.front().starts_with("The model describes items otherwise"));
    }

    void problemsOfTheProxyAreTold() {
        const Pool pool = clusters(60, 3);
        const ProxyOfPool broken = [](std::span<const std::size_t>, const Job&) -> Result<double> {
            return fail(ErrorCode::OutOfMemory, "There is no memory left.");
        };
        QCOMPARE(choose(pool, broken, 5, 1).error().code, ErrorCode::OutOfMemory);
        const ProxyOfPool wrong = [](std::span<const std::size_t>, const Job&) -> Result<double> {
            return std::nan("");
        };
        QCOMPARE(choose(pool, wrong, 5, 1).error().code, ErrorCode::Internal);
    }

    // The search begins again where it was, with the same result, however often it is stopped.
    void searchesThatAreStoppedGoOn() {
        const Pool pool = clusters(100, 3);
        Asked asked;
        const Selection whole = choose(pool, clusterProxy(asked), 10, 1).value();
        const std::size_t needed = asked.batches.size();
        std::string memory;
        Asked again;
        Selection selection;
        int calls = 0;
        while (selection.picks.empty() && ++calls < 10) {
            std::stop_source stop;
            const std::size_t before = again.batches.size();
            const ProxyOfPool stopping = [&](std::span<const std::size_t> batch, const Job& job) -> Result<double> {
                if (job.cancelled()) return Job::stopped();
                if (again.batches.size() == before + 4) stop.request_stop();
                return clusterProxy(again)(batch, job);
            };
            SelectionInput input = pool.input();
            const Proxy tried{stopping, {}};
            input.proxy = &tried;
            input.memory = memory;
            selection = makeMgral()->select(input, 10, 1, Job(stop.get_token())).value();
            memory = selection.memory;
        }
        QVERIFY(calls > 2);
        QCOMPARE(again.batches, asked.batches);
        QCOMPARE(again.batches.size(), needed);
        QCOMPARE(indicesOf(selection), indicesOf(whole));
        QCOMPARE(selection.memory, whole.memory);
    }

    void runsOfAnotherSearchAreNotUsed() {
        const Pool pool = clusters(100, 3);
        std::stop_source stop;
        Asked asked;
        const ProxyOfPool stopping = [&](std::span<const std::size_t> batch, const Job& job) -> Result<double> {
            if (asked.batches.size() == 3) stop.request_stop();
            return clusterProxy(asked)(batch, job);
        };
        SelectionInput input = pool.input();
        const Proxy tried{stopping, {}};
        input.proxy = &tried;
        const Selection stopped = makeMgral()->select(input, 10, 1, Job(stop.get_token())).value();
        QVERIFY(stopped.picks.empty());
        Asked fresh;
        const Selection other = choose(pool, clusterProxy(fresh), 10, 2, stopped.memory).value();
        QCOMPARE(other.picks.size(), 10U);
        QCOMPARE(indicesOf(other), indicesOf(choose(pool, clusterProxy(asked), 10, 2, stopped.memory).value()));
        QVERIFY(fresh.batches.size() > 10);
    }

    void smallAndEqualPoolsAreHandled() {
        Asked asked;
        Pool pool = randomPool(12, 2, 1);
        QCOMPARE(choose(pool, clusterProxy(asked), 12, 1)->picks.size(), 12U);
        QCOMPARE(asked.batches.size(), 0U);
        QCOMPARE(choose(pool, clusterProxy(asked), 11, 1)->picks.size(), 11U);
        QCOMPARE(choose(pool, clusterProxy(asked), 1, 1)->picks.size(), 1U);
        QCOMPARE(choose(pool, clusterProxy(asked), 0, 1)->picks.size(), 0U);
        pool.features = Matrix(12, 8);
        QCOMPARE(choose(pool, clusterProxy(asked), 4, 1)->picks.size(), 4U);
        pool.features.at(3, 3) = std::nanf("");
        pool.predictions[5].boxes.assign(1, {{}, 0, std::nan(""), {}});
        const Selection selection = choose(pool, clusterProxy(asked), 20, 1).value();
        QCOMPARE(selection.picks.size(), 10U);
        QCOMPARE(selection.leftOut.size(), 2U);
        pool.predictions[5].boxes.assign(1, {{}, 3, 0.5, {}});
        QCOMPARE(choose(pool, clusterProxy(asked), 4, 1).error().code, ErrorCode::InvalidArgument);
    }

    void largePoolsAreSearchedInPart() {
        MgralSettings settings;
        settings.candidates = 40;
        settings.iterations = 5;
        const Pool pool = clusters(300, 1);
        Asked asked;
        const Selection selection = choose(pool, clusterProxy(asked), 5, 1, {}, settings).value();
        std::set<std::size_t> met;
        for (const auto& batch : asked.batches)
            met.insert(batch.begin(), batch.end());
        QVERIFY(met.size() <= 40);
        QCOMPARE(choose(pool, clusterProxy(asked), 100, 1, {}, settings)->picks.size(), 100U);
    }

    void spacesAreStandardAndProjectionsKeepDistances() {
        Rng rng(1);
        Matrix wide = randomMatrix(40, 300, rng);
        for (std::size_t i = 0; i < 40; ++i) {
            wide.at(i, 0) = 7.0F;
            wide.at(i, 1) = 1000.0F + 50.0F * wide.at(i, 1);
        }
        std::vector<std::size_t> rows(40);
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        const Matrix whole = agentSpace(wide, rows, 300);
        for (std::size_t k = 0; k < 300; ++k) {
            double sum = 0.0, squares = 0.0;
            for (std::size_t i = 0; i < 40; ++i) {
                sum += whole.at(i, k);
                squares += whole.at(i, k) * whole.at(i, k);
            }
            QVERIFY(std::abs(sum) < 1e-3);
            QVERIFY(std::abs(squares / 40 - (k == 0 ? 0.0 : 1.0)) < 1e-3);
        }
        const Matrix narrow = agentSpace(wide, rows, 64);
        QCOMPARE(narrow.cols, 64U);
        const auto distance = [](const Matrix& m, std::size_t a, std::size_t b) {
            double squares = 0.0;
            for (std::size_t k = 0; k < m.cols; ++k)
                squares += std::pow(m.at(a, k) - m.at(b, k), 2);
            return std::sqrt(squares / static_cast<double>(m.cols));
        };
        for (std::size_t i = 1; i < 40; ++i)
            QVERIFY(std::abs(distance(narrow, 0, i) / distance(whole, 0, i) - 1.0) < 0.4);
    }

    void probesAreOfSeveralKinds() {
        const Pool pool = clusters(100, 1);
        std::vector<double> uncertainty(100, 0.0), rarity(100, 0.0);
        for (std::size_t i = 0; i < 100; ++i) {
            uncertainty[i] = static_cast<double>(i);
            rarity[i] = -static_cast<double>(i);
        }
        Rng rng(1);
        const auto batches = probeBatches({pool.features, uncertainty, rarity}, 10, 12, rng, Job()).value();
        QCOMPARE(batches.size(), 12U);
        for (const auto& batch : batches)
            QCOMPARE(std::set<std::size_t>(batch.begin(), batch.end()).size(), 10U);
        QCOMPARE(*std::min_element(batches[1].begin(), batches[1].end()), 90U);
        QCOMPARE(*std::max_element(batches[7].begin(), batches[7].end()), 9U);
        const double near = usefulShare(batches[5]);  // around one item: of one cluster, or of none
        QVERIFY(near < 0.1 || near > 0.9);
        QVERIFY(*std::min_element(batches[9].begin(), batches[9].end()) < 90U);
    }
};

QTEST_GUILESS_MAIN(TestMgral)
#include "tst_mgral.moc"
