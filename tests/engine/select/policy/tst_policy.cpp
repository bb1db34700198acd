// The policy: its network's gradient, its optimiser, rewards, and that it learns.
#include "engine/select/policy/plackett_luce.h"
#include "engine/select/policy/policy_net.h"
#include "engine/select/policy/reinforce.h"
#include "engine/select/policy/reward.h"
#include "tests/engine/select/numbers.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <limits>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/** A policy that does not start at zero. */
PolicyNet randomNet(std::size_t features, std::size_t states, std::uint64_t seed) {
    PolicyNet net(features, states, seed);
    Rng rng(seed, "shake");
    for (double& parameter : net.parameters())
        parameter += 0.3 * rng.normal();
    return net;
}

Decision randomDecision(std::size_t candidates, std::size_t count, Rng& rng) {
    Decision decision{randomMatrix(candidates, 4, rng), normals(2, 1.0, rng), {}, 1.0};
    decision.chosen = rng.sample(candidates, count);
    return decision;
}

/**
 * A task with a rule: good candidates have a large first and a small second feature; the state says nothing. The
 * reward is the share of good ones in the batch, the baseline that of a random batch.
 */
struct ToyTask {
    Matrix candidates;
    std::vector<bool> good;

    explicit ToyTask(Rng& rng) : candidates(30, 4) {
        for (std::size_t i = 0; i < 30; ++i) {
            for (float& value : candidates.row(i))
                value = static_cast<float>(rng.uniform());
            good.push_back(candidates.at(i, 0) > 0.5F && candidates.at(i, 1) < 0.5F);
        }
    }
    double reward(const std::vector<std::size_t>& chosen) const {
        double hits = 0.0;
        for (const std::size_t i : chosen)
            hits += good[i] ? 1.0 : 0.0;
        return hits / static_cast<double>(chosen.size());
    }
};

double meanReward(const PolicyNet& net, std::uint64_t seed) {
    Rng rng(seed);
    double sum = 0.0;
    for (int task = 0; task < 200; ++task) {
        const ToyTask toy(rng);
        sum += toy.reward(PlackettLuce(net.forward(toy.candidates, std::vector<double>{0.0}).logits).best(4)) / 200.0;
    }
    return sum;
}

}  // namespace

class TestPolicy : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aNewPolicyDrawsUniformly() {
        Rng rng(1);
        const PolicyNet net(4, 2, 1);
        const auto logits = net.forward(randomMatrix(9, 4, rng), normals(2, 1.0, rng)).logits;
        QCOMPARE(logits, std::vector<double>(9, 0.0));
        QVERIFY(std::any_of(net.parameters().begin(), net.parameters().end(), [](double p) { return p != 0.0; }));
    }

    void orderDoesNotMatter() {
        Rng rng(2);
        const PolicyNet net = randomNet(4, 2, 2);
        const Matrix candidates = randomMatrix(6, 4, rng);
        Matrix reversed(6, 4);
        for (std::size_t i = 0; i < 6; ++i)
            std::copy_n(candidates.row(i).begin(), 4, reversed.row(5 - i).begin());
        const std::vector<double> state = normals(2, 1.0, rng);
        const auto logits = net.forward(candidates, state).logits;
        auto others = net.forward(reversed, state).logits;
        std::reverse(others.begin(), others.end());
        QCOMPARE(logits, others);
        QVERIFY(logits != net.forward(candidates, normals(2, 1.0, rng)).logits);
    }

    void backwardAgreesWithDifferences() {
        Rng rng(3);
        PolicyNet net = randomNet(4, 2, 3);
        const Matrix candidates = randomMatrix(5, 4, rng);
        const std::vector<double> state = normals(2, 1.0, rng);
        const std::vector<double> weights = normals(5, 1.0, rng);
        const auto value = [&] {
            const auto logits = net.forward(candidates, state).logits;
            double sum = 0.0;
            for (std::size_t k = 0; k < 5; ++k)
                sum += weights[k] * logits[k];
            return sum;
        };
        const std::vector<double> gradient = net.backward(net.forward(candidates, state), weights);
        QCOMPARE(gradient.size(), net.parameters().size());
        QVERIFY(gradientError(value, net.parameters(), gradient) < 1e-7);
    }

    // One step at a tiny rate changes the loss by the gradient's norm, whatever lies between.
    void reinforceFollowsItsLoss() {
        Rng rng(4);
        PolicyNet net = randomNet(4, 2, 4);
        std::vector<Decision> decisions = {randomDecision(7, 3, rng), randomDecision(4, 4, rng)};
        decisions[1].advantage = -0.7;
        const double bonus = 0.2;
        const auto loss = [&] {
            double sum = 0.0;
            for (const Decision& d : decisions) {
                const PlackettLuce batches(net.forward(d.candidates, d.state).logits);
                sum -= (d.advantage * batches.logProbability(d.chosen) + bonus * batches.drawEntropy(d.chosen).value) /
                       (2.0 * static_cast<double>(d.chosen.size()));
            }
            return sum;
        };
        PolicyNet moved = net;
        Adam adam(net.parameters().size());
        ReinforceSettings settings;
        settings.entropyBonus = bonus;
        settings.adam.clip = 1e9;
        const auto report = reinforce(moved, adam, decisions, settings);
        QVERIFY(report.ok());
        // Adam's mean after its first step is a tenth of the gradient.
        std::vector<double> gradient = adam.mean();
        double square = 0.0;
        for (double& g : gradient) {
            g *= 10.0;
            square += g * g;
        }
        QVERIFY(near(report->gradientNorm, std::sqrt(square), 1e-9));
        QVERIFY(gradientError(loss, net.parameters(), gradient) < 1e-7);
    }

    void rewardsMoveTheProbability() {
        Rng rng(5);
        for (const double advantage : {1.0, -1.0}) {
            PolicyNet net = randomNet(4, 2, 5);
            Adam adam(net.parameters().size());
            Decision decision = randomDecision(8, 3, rng);
            decision.advantage = advantage;
            const auto before = reinforce(net, adam, std::span(&decision, 1));
            const auto after = reinforce(net, adam, std::span(&decision, 1));
            QVERIFY((after->logProbability - before->logProbability) * advantage > 0.0);
        }
    }

    // The ladder's top: from chance (a quarter are good) to nearly only good ones.
    void learnsAToyTask() {
        PolicyNet net(4, 1, 6);
        Adam adam(net.parameters().size());
        ReinforceSettings settings;
        settings.adam.rate = 3e-3;
        const double before = meanReward(net, 100);
        Rng rng(6);
        for (int update = 0; update < 300; ++update) {
            std::vector<Decision> decisions;
            for (int i = 0; i < 4; ++i) {
                const ToyTask toy(rng);
                const std::vector<double> state = {0.0};
                const PlackettLuce batches(net.forward(toy.candidates, state).logits);
                Decision decision{toy.candidates, state, batches.sample(4, rng), 0.0};
                decision.advantage = toy.reward(decision.chosen) - toy.reward(batches.sample(4, rng));
                decisions.push_back(std::move(decision));
            }
            QVERIFY(reinforce(net, adam, decisions, settings).ok());
        }
        const double after = meanReward(net, 100);
        qInfo("good ones in a batch: %.3f before, %.3f after", before, after);
        QVERIFY(before < 0.4);
        QVERIFY(after > 0.8);
    }

    void badDecisionsChangeNothing() {
        Rng rng(7);
        const Decision good = randomDecision(6, 2, rng);
        std::vector<Decision> bad(8, good);
        bad[0].chosen = {1, 1};
        bad[1].chosen = {6};
        bad[2].chosen = {};
        bad[3].state = {1.0};
        bad[4].advantage = kNan;
        bad[5].candidates.at(0, 0) = std::numeric_limits<float>::quiet_NaN();
        bad[6].state[0] = kNan;
        bad[7].candidates = Matrix(6, 3);
        PolicyNet net = randomNet(4, 2, 7);
        Adam adam(net.parameters().size());
        const std::vector<double> before(net.parameters().begin(), net.parameters().end());
        QVERIFY(!reinforce(net, adam, {}).ok());
        for (const Decision& decision : bad) {
            const std::vector<Decision> both = {good, decision};
            QCOMPARE(reinforce(net, adam, both).error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(std::equal(before.begin(), before.end(), net.parameters().begin()));
        QCOMPARE(adam.steps(), std::int64_t{0});
    }

    void adamByHand() {
        std::vector<double> parameters = {1.0, 1.0};
        Adam adam(2);
        // The first step is the rate along each sign, however large the gradient.
        const double norm = adam.step(parameters, std::vector<double>{3.0, -4.0});
        QVERIFY(near(norm, 5.0));
        QVERIFY(near(parameters[0], 1.0 - 1e-3, 1e-9) && near(parameters[1], 1.0 + 1e-3, 1e-9));
        QVERIFY(near(adam.mean()[0], 0.1 * 0.6));  // clipped to norm 1
        QVERIFY(std::isnan(adam.step(parameters, std::vector<double>{kNan, 0.0})));
        QCOMPARE(adam.steps(), std::int64_t{1});
        QVERIFY(near(parameters[0], 1.0 - 1e-3, 1e-9));
    }

    void adamFindsTheBottom() {
        std::vector<double> at = {3.0, -2.0};
        Adam adam(2);
        AdamSettings settings;
        settings.rate = 0.05;
        for (int i = 0; i < 1000; ++i)
            (void)adam.step(at, std::vector<double>{2.0 * at[0], 20.0 * at[1]}, settings);
        QVERIFY(std::abs(at[0]) < 0.01 && std::abs(at[1]) < 0.01);
    }

    void rewardsByHand() {
        QVERIFY(near(relativeReward(0.8, std::vector<double>{0.7, 0.75, 0.77}), 0.06));
        QVERIFY(near(absoluteReward(0.8), 0.8));
        QVERIFY(near(incrementalReward(0.8, 0.83), -0.03));
    }

    void advantagesByHand() {
        const auto first = advantageOf(std::vector<double>{0.015});
        QVERIFY(near(first->smoothed, 0.015) && near(first->baseline, 0.0) && near(first->value, 1.5));
        QVERIFY(near(advantageOf(std::vector<double>{0.3})->value, 2.0));  // clipped
        QVERIFY(near(advantageOf(std::vector<double>{-0.3})->value, -2.0));
        // s = 0.1, 0.2, 0.1; b = 0.15; population deviation sqrt(2)/30.
        const auto third = advantageOf(std::vector<double>{0.1, 0.3, 0.0});
        QVERIFY(near(third->smoothed, 0.1) && near(third->baseline, 0.15));
        QVERIFY(near(third->value, -0.05 / (std::sqrt(2.0) / 30.0)));
        QVERIFY(near(advantageOf(std::vector<double>(5, 0.4))->value, 0.0));
        QVERIFY(!advantageOf({}).ok());
        QVERIFY(!advantageOf(std::vector<double>{0.1, kNan}).ok());
    }
};

QTEST_GUILESS_MAIN(TestPolicy)
#include "tst_policy.moc"
