// SuperLoss, the gradient's length, TrustSets and sliced distances, each against a slow and obvious reference.

#include "engine/select/bralt/sliced_wasserstein.h"
#include "engine/select/bralt/trust_set.h"
#include "engine/select/policy/ridge.h"
#include "engine/select/tie_keys.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

using namespace querent;
using namespace querent::select;
using namespace querent::select::bralt;
using namespace querent::select::policy;

namespace {

/** w >= -1 with w e^w = x, by halving. */
double halvedW(double x) {
    double low = -1.0, high = 60.0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        (middle * std::exp(middle) < x ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/** Cross-entropy of a last layer W z + b. */
double lossOf(const std::vector<double>& weights, const std::vector<double>& z, std::size_t classes, int answer) {
    std::vector<double> logits(classes, 0.0);
    const std::size_t n = z.size() + 1;
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t d = 0; d < z.size(); ++d)
            logits[c] += weights[c * n + d] * z[d];
        logits[c] += weights[c * n + z.size()];
    }
    return -std::log(softmax(logits)[static_cast<std::size_t>(answer)]);
}

double numericGradient(std::vector<double> weights, const std::vector<double>& z, std::size_t classes, int answer) {
    double squares = 0.0;
    for (double& weight : weights) {
        const double kept = weight, step = 1e-5;
        weight = kept + step;
        const double above = lossOf(weights, z, classes, answer);
        weight = kept - step;
        const double below = lossOf(weights, z, classes, answer);
        weight = kept;
        squares += std::pow((above - below) / (2.0 * step), 2);
    }
    return std::sqrt(squares);
}

std::vector<std::size_t> allRows(std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

double slicedDistance(const Matrix& a, const Matrix& b, std::size_t directions = 64) {
    const SlicedWasserstein slices(a.cols, 7, directions);
    return SlicedWasserstein::distance(slices.shadows(a, allRows(a.rows)), slices.shadows(b, allRows(b.rows)));
}

/** 40 examples of four groups of 1, 4, 10 and 25. */
struct Examples {
    std::vector<ItemId> items;
    std::vector<int> groups;
    std::vector<double> scores;

    Examples() {
        Rng rng(4);
        for (int i = 0; i < 40; ++i) {
            items.emplace_back(100 + i);
            groups.push_back(i < 1 ? 0 : i < 5 ? 1 : i < 15 ? 2 : 3);
            scores.push_back(rng.uniform());
        }
    }
    std::vector<std::size_t> best(std::size_t perGroup, std::uint64_t seed = 1) const {
        return trustSet({items, groups, scores}, allRows(items.size()), 4, perGroup, seed);
    }
};

}  // namespace

class TestTrustSet : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void lambertWSolvesItsEquation() {
        for (double x = -0.3678; x < 30.0; x += 0.0137) {
            QVERIFY(std::abs(lambertW(x) - halvedW(x)) < 1e-9);
            QVERIFY(std::abs(lambertW(x) * std::exp(lambertW(x)) - x) <= 1e-14 * (1.0 + std::abs(x)));
        }
        QCOMPARE(lambertW(0.0), 0.0);
        QVERIFY(std::abs(lambertW(std::numbers::e) - 1.0) < 1e-15);
        QCOMPARE(lambertW(-1.0 / std::numbers::e), -1.0);
        QCOMPARE(lambertW(-7.0), -1.0);
        QVERIFY(std::isfinite(lambertW(1e300)));
    }

    void weightsAreThoseOfSuperLoss() {
        const double tau = std::log(10.0);
        QCOMPARE(superLossWeight(tau, tau, 1.0), 1.0);
        QCOMPARE(superLossWeight(tau, tau, 0.25), 1.0);
        double before = std::numbers::e + 1e-12;
        for (double loss = 0.0; loss < 20.0; loss += 0.01) {
            const double weight = superLossWeight(loss, tau, 1.0);
            QVERIFY(weight > 0.0 && weight <= before);
            QVERIFY(loss < 1.7 || weight < before);  // below, the least weight that the curriculum knows
            before = weight;
        }
        // The best weight: no other one makes the objective smaller.
        const auto objective = [&](double s) { return (4.0 - tau) * s + 0.5 * std::log(s) * std::log(s); };
        const double best = superLossWeight(4.0, tau, 0.5);
        for (const double factor : {0.9, 0.99, 1.01, 1.1})
            QVERIFY(objective(best) < objective(best * factor));
    }

    void gradientsAreThoseOfTheLastLayer() {
        Rng rng(2);
        for (int round = 0; round < 10; ++round) {
            const std::size_t classes = 4, width = 5;
            std::vector<double> weights(classes * (width + 1)), z(width);
            for (double& value : weights)
                value = rng.normal();
            for (double& value : z)
                value = rng.normal();
            const int answer = rng.integer(0, 3);
            std::vector<double> logits(classes, 0.0);
            for (std::size_t c = 0; c < classes; ++c)
                logits[c] = std::inner_product(z.begin(), z.end(), weights.begin() + static_cast<int>(c * 6), 0.0) +
                            weights[c * 6 + 5];
            std::vector<float> p;
            for (const double share : softmax(logits))
                p.push_back(static_cast<float>(share));
            const double length = std::sqrt(std::inner_product(z.begin(), z.end(), z.begin(), 0.0));
            const double expected = numericGradient(weights, z, classes, answer);
            QVERIFY(std::abs(lastLayerGradient(residualLength(p, answer), length) - expected) <
                    1e-5 * (1.0 + expected));
        }
    }

    void expectedScoresAreMeansOverTheAnswers() {
        const CurriculumSettings settings{knowNothingLoss(3, false), 1.0};
        const std::vector<float> p{0.5F, 0.25F, 0.25F};
        double mean = 0.0;
        for (int y = 0; y < 3; ++y) {
            const auto share = static_cast<double>(p[static_cast<std::size_t>(y)]);
            mean += share * trustScore(-std::log(share), residualLength(p, y), 2.0, settings);
        }
        QVERIFY(std::abs(expectedTrustScore(p, 2.0, settings) - mean) < 1e-12);
        QCOMPARE(expectedTrustScore(std::vector<float>{1.0F, 0.0F, 0.0F}, 2.0, settings), 0.0);
        QCOMPARE(knowNothingLoss(1, false), 0.0);
        QCOMPARE(knowNothingLoss(50, true), std::numbers::ln2);
        // A mislabelled example has the longest gradient, and is still not the first.
        QVERIFY(trustScore(9.0, 1.4, 1.0, settings) < trustScore(1.0, 0.8, 1.0, settings));
    }

    void groupsHaveTheirShare() {
        const Examples examples;
        for (const std::size_t perGroup : {1, 3, 10, 100}) {
            const auto chosen = examples.best(perGroup);
            std::map<int, std::size_t> counts;
            std::map<int, double> least;
            for (const std::size_t row : chosen) {
                const int group = examples.groups[row];
                if (counts[group]++ > 0) QVERIFY(examples.scores[row] <= least[group]);
                least[group] = examples.scores[row];
            }
            const std::vector<std::size_t> sizes{1, 4, 10, 25};
            for (int group = 0; group < 4; ++group)
                QCOMPARE(counts[group], std::min(perGroup, sizes[static_cast<std::size_t>(group)]));
            for (std::size_t row = 0; row < 40; ++row) {
                if (std::find(chosen.begin(), chosen.end(), row) == chosen.end())
                    QVERIFY(examples.scores[row] <= least[examples.groups[row]]);
            }
        }
        QVERIFY(examples.best(0).empty());
    }

    void equalScoresGoByTheirKeys() {
        Examples examples;
        std::fill(examples.scores.begin(), examples.scores.end(), 1.0);
        const auto keys = tieKeys(examples.items, 5);
        const auto chosen = examples.best(2, 5);
        for (std::size_t row = 15; row < 40; ++row) {
            if (std::find(chosen.begin(), chosen.end(), row) == chosen.end()) QVERIFY(keys[row] <= keys[chosen.back()]);
        }
        QVERIFY(examples.best(2, 5) != examples.best(2, 6));
    }

    void oneDimensionIsExact() {
        const std::vector<double> a{0.0, 1.0, 3.0}, b{5.0, 6.0, 8.0};
        QVERIFY(std::abs(squaredWasserstein1d(a, b) - 25.0) < 1e-12);
        // Six copies of each make sizes equal: then it is the mean of the squared differences of the sorted numbers.
        const std::vector<double> two{0.0, 3.0};
        const std::vector<double> left{0, 0, 1, 1, 3, 3}, right{0, 0, 0, 3, 3, 3};
        double mean = 0.0;
        for (std::size_t i = 0; i < 6; ++i)
            mean += (left[i] - right[i]) * (left[i] - right[i]) / 6.0;
        QVERIFY(std::abs(squaredWasserstein1d(a, two) - mean) < 1e-12);
        QVERIFY(std::abs(squaredWasserstein1d(two, a) - mean) < 1e-12);
    }

    void slicesMeasureShifts() {
        Rng rng(6);
        const Matrix points = randomMatrix(200, 10, rng);
        const Matrix others = randomMatrix(77, 10, rng);
        QCOMPARE(slicedDistance(points, points), 0.0);
        QVERIFY(slicedDistance(points, others) > 0.0);
        QVERIFY(std::abs(slicedDistance(points, others) - slicedDistance(others, points)) < 1e-12);
        Matrix moved = points;
        for (std::size_t i = 0; i < moved.rows; ++i)
            moved.at(i, 3) += 2.0F;
        // The mean of (u . v)^2 over directions u is |v|^2 / d.
        const double squared = std::pow(slicedDistance(points, moved, 4000), 2);
        QVERIFY(std::abs(squared - 4.0 / 10.0) < 0.03);
    }
};

QTEST_GUILESS_MAIN(TestTrustSet)
#include "tst_trust_set.moc"
