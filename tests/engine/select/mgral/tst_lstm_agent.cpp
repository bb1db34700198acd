// The agent of MGRAL against a slow one in doubles, and the table that guesses what batches are worth.

#include "engine/core/rng.h"
#include "engine/select/mgral/lookup_table.h"
#include "engine/select/mgral/lstm_agent.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace querent;
using namespace querent::select;
using namespace querent::select::mgral;

namespace {

double logistic(double x) {
    return 1.0 / (1.0 + std::exp(-x));
}

Matrix randomRows(std::size_t rows, std::size_t cols, std::uint64_t seed) {
    Rng rng(seed);
    Matrix matrix(rows, cols);
    for (float& value : matrix.values)
        value = static_cast<float>(rng.normal());
    return matrix;
}

LstmAgent restless(std::size_t features, std::size_t hidden, std::uint64_t seed) {
    LstmAgent agent(features, hidden, seed);
    Rng rng(seed, "restless");
    for (double& parameter : agent.parameters())
        parameter += 0.4 * rng.normal();
    return agent;
}

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng(seed).shuffle(order);
    return order;
}

/** The definition, number by number. */
std::vector<double> slowLogits(std::span<const double> p, std::size_t hidden, const Matrix& features,
                               const std::vector<std::size_t>& order) {
    const std::size_t d = features.cols, gates = 4 * hidden;
    std::vector<double> logits, h(hidden, 0.0), c(hidden, 0.0);
    double score = 0.0;
    for (const std::size_t item : order) {
        std::vector<double> sums(gates);
        for (std::size_t g = 0; g < gates; ++g) {
            sums[g] = p[(d + 1 + hidden) * gates + g] + score * p[d * gates + g];
            for (std::size_t k = 0; k < d; ++k)
                sums[g] += p[k * gates + g] * static_cast<double>(features.at(item, k));
            for (std::size_t j = 0; j < hidden; ++j)
                sums[g] += p[(d + 1 + j) * gates + g] * h[j];
        }
        const double* decoder = p.data() + (d + hidden + 2) * gates;
        double logit = decoder[hidden];
        for (std::size_t j = 0; j < hidden; ++j) {
            c[j] = logistic(sums[hidden + j]) * c[j] + logistic(sums[j]) * std::tanh(sums[2 * hidden + j]);
            h[j] = logistic(sums[3 * hidden + j]) * std::tanh(c[j]);
            logit += decoder[j] * h[j];
        }
        logits.push_back(logit);
        score = logistic(logit);
    }
    return logits;
}

double norm(const std::vector<double>& v) {
    return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
}

}  // namespace

class TestLstmAgent : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void passesAreThoseOfTheDefinition() {
        for (const std::size_t hidden : {1, 5, 6}) {
            const LstmAgent agent = restless(4, hidden, hidden);
            const Matrix features = randomRows(30, 4, 1);
            const auto order = shuffled(30, 2);
            const auto pass = agent.forward(features, order, Job()).value();
            const auto slow = slowLogits(agent.parameters(), hidden, features, order);
            QCOMPARE(pass.order, order);
            for (std::size_t i = 0; i < 30; ++i) {
                QVERIFY(std::abs(pass.logits[i] - slow[i]) < 1e-4);
                QVERIFY(std::abs(pass.scores[i] - logistic(slow[i])) < 1e-4);
            }
        }
    }

    void newAgentsAnswerAllAlike() {
        const LstmAgent agent(4, 5, 1);
        const auto pass = agent.forward(randomRows(9, 4, 1), shuffled(9, 1), Job()).value();
        QCOMPARE(pass.logits, std::vector<double>(9, 0.0));
        QCOMPARE(pass.scores, std::vector<double>(9, 0.5));
        QCOMPARE(agent.parameters().size(), LstmAgent::parameterCount(4, 5));
        QVERIFY(LstmAgent(4, 5, 2).parameters()[0] != agent.parameters()[0]);
    }

    void gradientsAreThoseOfFiniteDifferences() {
        const LstmAgent agent = restless(3, 4, 7);
        const Matrix features = randomRows(23, 3, 8);
        const auto order = shuffled(23, 9);
        std::vector<double> wanted;
        Rng rng(10);
        for (int i = 0; i < 23; ++i)
            wanted.push_back(rng.normal());
        const auto loss = [&](std::span<const double> parameters) {
            const auto logits = slowLogits(parameters, 4, features, order);
            return std::inner_product(logits.begin(), logits.end(), wanted.begin(), 0.0);
        };
        std::vector<double> parameters(agent.parameters().begin(), agent.parameters().end());
        std::vector<double> slow;
        for (double& parameter : parameters) {
            const double kept = parameter;
            parameter = kept + 1e-5;
            const double above = loss(parameters);
            parameter = kept - 1e-5;
            slow.push_back((above - loss(parameters)) / 2e-5);
            parameter = kept;
        }
        const auto pass = agent.forward(features, order, Job()).value();
        auto gradient = agent.backward(features, pass, wanted, Job()).value();
        QCOMPARE(gradient.size(), slow.size());
        for (std::size_t i = 0; i < slow.size(); ++i)
            QVERIFY2(std::abs(gradient[i] - slow[i]) < 1e-3 * norm(slow), qPrintable(QString::number(i)));
    }

    // What is learnt of one stretch of the pool says nothing about the stretch before it.
    void longPoolsGoBackInStretches() {
        const std::size_t unrolled = LstmAgent::kUnrolled;
        const LstmAgent agent = restless(2, 3, 3);
        const Matrix features = randomRows(unrolled + 40, 2, 4);
        const auto order = shuffled(unrolled + 40, 5);
        const auto gradient = [&](std::size_t items, std::size_t where) {
            const auto pass = agent.forward(features, std::span(order).first(items), Job()).value();
            std::vector<double> wanted(items, 0.0);
            wanted[where] = 1.0;
            return agent.backward(features, pass, wanted, Job()).value();
        };
        QCOMPARE(gradient(unrolled + 40, unrolled - 1), gradient(unrolled, unrolled - 1));
        // The first item of a stretch: its row of weights to a feature is that feature times one gate gradient.
        const auto first = gradient(unrolled + 40, unrolled);
        const std::span<const float> row = features.row(order[unrolled]);
        for (std::size_t g = 0; g < 12; ++g)
            QVERIFY(std::abs(first[g] * static_cast<double>(row[1]) - first[12 + g] * static_cast<double>(row[0])) <
                    1e-6);
    }

    void passesCanBeCancelled() {
        std::stop_source stop;
        stop.request_stop();
        const LstmAgent agent(2, 3, 3);
        QVERIFY(!agent.forward(randomRows(4, 2, 4), shuffled(4, 5), Job(stop.get_token())));
    }

    void exactHitsGiveTheirValue() {
        LookupTable table;
        const Matrix rows = randomRows(8, 5, 1);
        for (std::size_t i = 0; i < 8; ++i)
            table.add({rows.row(i).begin(), rows.row(i).end()}, 0.1 * static_cast<double>(i));
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(table.guess(rows.row(i)).value, 0.1 * static_cast<double>(i));
            QVERIFY(table.guess(rows.row(i)).trusted);
        }
        table.add({rows.row(3).begin(), rows.row(3).end()}, 0.5);
        QVERIFY(std::abs(table.guess(rows.row(3)).value - 0.4) < 1e-12);
    }

    void guessesAreWeightedByDistance() {
        LookupTable table(2);
        table.add({0.0F}, 1.0);
        table.add({3.0F}, 0.0);
        table.add({10.0F}, 100.0);
        QVERIFY(std::abs(table.guess(std::vector{1.0F}).value - 2.0 / 3.0) < 1e-6);
        QVERIFY(std::abs(table.guess(std::vector{2.0F}).value - 1.0 / 3.0) < 1e-6);
    }

    // Distances 3, 10 and 7: mean 20/3, standard deviation sqrt(74)/3.
    void farBatchesAreNotTrusted() {
        LookupTable table;
        table.add({0.0F}, 1.0);
        QCOMPARE(table.threshold(), 0.0);
        QVERIFY(!table.guess(std::vector{0.1F}).trusted);
        table.add({3.0F}, 0.0);
        table.add({10.0F}, 2.0);
        const double expected = (20.0 - std::sqrt(74.0)) / 3.0;
        QVERIFY(std::abs(table.threshold() - expected) < 1e-6);
        QVERIFY(table.guess(std::vector{13.7F}).trusted);
        QVERIFY(!table.guess(std::vector{13.9F}).trusted);
    }

    void recordsThatAgreeGiveExactlyWhatTheySay() {
        LookupTable table;
        const Matrix rows = randomRows(6, 3, 2);
        for (std::size_t i = 0; i < 6; ++i)
            table.add({rows.row(i).begin(), rows.row(i).end()}, 0.1);
        QCOMPARE(table.guess(randomRows(1, 3, 5).row(0)).value, 0.1);
    }

    void theOrderOfABatchDoesNotMatter() {
        const Matrix rows = randomRows(50, 7, 3);
        const auto order = shuffled(50, 4);
        std::vector<std::size_t> some(order.begin(), order.begin() + 20);
        const auto mean = meanRow(rows, some);
        std::sort(some.begin(), some.end());
        QCOMPARE(meanRow(rows, some), mean);
        QCOMPARE(meanRow(rows, std::vector<std::size_t>{4}),
                 std::vector<float>(rows.row(4).begin(), rows.row(4).end()));
    }
};

QTEST_GUILESS_MAIN(TestLstmAgent)
#include "tst_lstm_agent.moc"
