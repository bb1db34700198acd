// BADGE and BMMAL: against references that make the whole gradients, on clusters, with odd input, and at size.
#include "engine/select/classic/bmmal.h"
#include "engine/select/classic/gradient_seeding.h"
#include "engine/select/geometry/gradient_centres.h"
#include "engine/select/tie_keys.h"
#include "tests/engine/select/pools.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::classic;
using namespace querent::select::geometry;

namespace {

using Gradient = std::vector<double>;

/** (p - onehot(answer)) (x) z, written out. */
Gradient gradientOf(const std::vector<float>& p, std::span<const float> z, bool multiLabel = false) {
    const auto answer = std::max_element(p.begin(), p.end()) - p.begin();
    Gradient gradient;
    for (std::size_t c = 0; c < p.size(); ++c) {
        const bool yes = multiLabel ? p[c] > 0.5F : static_cast<std::ptrdiff_t>(c) == answer;
        for (const float feature : z)
            gradient.push_back((static_cast<double>(p[c]) - (yes ? 1.0 : 0.0)) * static_cast<double>(feature));
    }
    return gradient;
}

double squaredBetween(const Gradient& a, const Gradient& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/** The seeding by the book, with the same random numbers. */
std::vector<std::size_t> slowSeeding(const Pool& pool, const std::vector<Gradient>& gradients, std::size_t count,
                                     std::uint64_t seed) {
    const std::vector<double> keys = tieKeys(pool.items, seed);
    std::vector<std::size_t> open(pool.items.size());
    std::iota(open.begin(), open.end(), 0U);
    std::sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
    const Gradient origin(gradients.front().size(), 0.0);
    Rng rng(seed, "gradients");
    std::vector<std::size_t> chosen;
    while (chosen.size() < std::min(count, pool.items.size())) {
        std::vector<double> weights;
        for (const std::size_t i : open) {
            double nearest = chosen.empty() ? squaredBetween(gradients[i], origin) : 1e300;
            for (const std::size_t centre : chosen)
                nearest = std::min(nearest, squaredBetween(gradients[i], gradients[centre]));
            weights.push_back(nearest);
        }
        const auto longest =
            static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
        const std::size_t place = chosen.empty() ? longest : rng.weighted(weights);
        chosen.push_back(open[place]);
        open[place] = open.back();
        open.pop_back();
    }
    return chosen;
}

std::vector<std::size_t> placesOf(const Selection& selection) {
    std::vector<std::size_t> places;
    for (const Pick& pick : selection.picks)
        places.push_back(pick.index);
    return places;
}

/** BMMAL's features of an item with two media, from the formulas for two. */
std::vector<float> balancedFeatures(const ItemPrediction& item) {
    const auto& p = item.probabilities;
    const auto y = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    const auto seen = [&](std::size_t set) { return static_cast<double>(item.coalitions[set][y]); };
    const double one = std::abs((seen(3) - seen(2) + seen(1) - seen(0)) / 2.0);
    const double two = std::abs((seen(3) - seen(1) + seen(2) - seen(0)) / 2.0);
    const double phi = one / (one + two);
    std::vector<float> z;
    for (const float value : item.features[0])
        z.push_back(static_cast<float>(phi >= 0.5 ? 1.0 : 1.0 - (1.0 - 2.0 * phi)) * value);
    for (const float value : item.features[1])
        z.push_back(static_cast<float>(phi <= 0.5 ? 1.0 : 1.0 - (2.0 * phi - 1.0)) * value);
    return z;
}

/** 20 groups of features; the model is sure of all items but those of groups 10 to 19, which are rare. */
Pool doubtfulGroups(std::uint64_t seed) {
    Pool pool = randomClassPool(500, 0, seed, 24, 2);
    Rng rng(seed, "groups");
    for (std::size_t i = 0; i < 500; ++i) {
        const std::size_t group = i < 400 ? i % 10 : 10 + i % 10;
        for (std::size_t d = 0; d < 24; ++d)
            pool.features.at(i, d) = static_cast<float>((d == group ? 5.0 : 0.0) + 0.1 * rng.normal());
        const auto p = static_cast<float>(i < 400 ? rng.uniform(0.98, 1.0) : rng.uniform(0.5, 0.6));
        pool.predictions[i].probabilities = {p, 1.0F - p};
    }
    return pool;
}

}  // namespace

class TestGradients : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void badgeAgreesWithTheReference_data() {
        QTest::addColumn<int>("dimensions");
        QTest::addColumn<int>("classes");
        QTest::addColumn<bool>("multiLabel");
        QTest::newRow("small") << 3 << 2 << false;
        QTest::newRow("odd lengths") << 37 << 19 << false;
        QTest::newRow("several classes an item") << 20 << 5 << true;
        QTest::newRow("long") << 130 << 4 << false;
    }
    void badgeAgreesWithTheReference() {
        QFETCH(int, dimensions);
        QFETCH(int, classes);
        QFETCH(bool, multiLabel);
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            Pool pool = randomClassPool(120, 5, seed, static_cast<std::size_t>(dimensions), classes);
            if (seed % 2 == 1) {  // as behind a rectifier, where the tighter bound holds
                for (float& value : pool.features.values)
                    value = std::max(0.0F, value);
            }
            SelectionInput input = pool.input();
            input.multiLabel = multiLabel;
            std::vector<Gradient> gradients;
            for (std::size_t i = 0; i < 120; ++i)
                gradients.push_back(gradientOf(pool.predictions[i].probabilities, pool.features.row(i), multiLabel));
            const Selection selection = run("badge", input, 40, seed);
            QCOMPARE(placesOf(selection), slowSeeding(pool, gradients, 40, seed));
            for (std::size_t k = 1; k < 40; ++k) {
                double nearest = 1e300;
                for (std::size_t j = 0; j < k; ++j)
                    nearest = std::min(nearest, squaredBetween(gradients[selection.picks[k].index],
                                                               gradients[selection.picks[j].index]));
                QVERIFY(std::abs(selection.picks[k].score - std::sqrt(nearest)) <= 1e-3 * std::sqrt(nearest) + 1e-6);
            }
        }
    }

    void bmmalAgreesWithTheReference() {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            Pool pool = randomClassPool(120, 0, seed, 11, 4);
            for (std::size_t i = 0; i < 120; i += 7)  // without the second medium
                pool.predictions[i].coalitions = {pool.predictions[i].coalitions[0], pool.predictions[i].coalitions[3],
                                                  pool.predictions[i].coalitions[0], pool.predictions[i].coalitions[3]};
            std::vector<Gradient> gradients;
            for (std::size_t i = 0; i < 120; ++i) {
                std::vector<float> z = balancedFeatures(pool.predictions[i]);
                if (i % 7 == 0) {
                    pool.predictions[i].features[1].clear();
                    std::fill_n(z.begin() + 11, 11, 0.0F);
                }
                gradients.push_back(gradientOf(pool.predictions[i].probabilities, z));
            }
            QCOMPARE(placesOf(run("bmmal", pool.input(), 40, seed)), slowSeeding(pool, gradients, 40, seed));
        }
    }

    void oneMediumIsBadge() {
        Pool pool = randomClassPool(60, 0, 4);
        for (ItemPrediction& item : pool.predictions) {
            item.coalitions.resize(2);
            item.features.resize(1);
        }
        QCOMPARE(placesOf(run("bmmal", pool.input(), 20, 3)), placesOf(run("badge", pool.input(), 20, 3)));
    }

    void contributionsByHand() {
        // Nothing 0.2, the first alone 0.6, the second alone 0.3, both 0.9: 0.5 and 0.2 of 0.7.
        const std::vector<double> two = contributionsOf(std::vector<double>{0.2, 0.6, 0.3, 0.9});
        QVERIFY(std::abs(two[0] - 0.5 / 0.7) < 1e-12 && std::abs(two[1] - 0.2 / 0.7) < 1e-12);
        const std::vector<double> scales = balanceOf(two);
        QCOMPARE(scales[0], 1.0);
        QVERIFY(std::abs(scales[1] - (1.0 - 0.3 / 0.7)) < 1e-12);
        const std::vector<double> swapped = contributionsOf(std::vector<double>{0.2, 0.3, 0.6, 0.9});
        QCOMPARE(swapped[0], two[1]);
        QCOMPARE(contributionsOf(std::vector<double>(8, 0.4)), std::vector<double>(3, 1.0 / 3.0));
        QCOMPARE(balanceOf(std::vector<double>(3, 1.0 / 3.0)), std::vector<double>(3, 1.0));
    }

    // The mean over all orders in which the modalities can join.
    void contributionsAgreeWithAllOrders() {
        Rng rng(5);
        for (std::size_t modalities = 1; modalities <= 4; ++modalities) {
            std::vector<double> worth(std::size_t{1} << modalities);
            for (double& value : worth)
                value = rng.uniform();
            std::vector<std::size_t> order(modalities);
            std::iota(order.begin(), order.end(), 0U);
            std::vector<double> sums(modalities, 0.0);
            do {
                std::size_t set = 0;
                for (const std::size_t m : order) {
                    sums[m] += worth[set | (std::size_t{1} << m)] - worth[set];
                    set |= std::size_t{1} << m;
                }
            } while (std::next_permutation(order.begin(), order.end()));
            double total = 0.0;
            for (const double sum : sums)
                total += std::abs(sum);
            const std::vector<double> found = contributionsOf(worth);
            for (std::size_t m = 0; m < modalities; ++m)
                QVERIFY(std::abs(found[m] - std::abs(sums[m]) / total) < 1e-12);
            QVERIFY(std::abs(std::accumulate(found.begin(), found.end(), 0.0) - 1.0) < 1e-12);
        }
    }

    // To the last bit: the bounds leave out only what could change nothing.
    void boundsChangeNothing() {
        for (const bool groups : {false, true}) {
            const Pool pool = groups ? doubtfulGroups(3) : randomClassPool(500, 0, 3, 24, 6);
            std::vector<LeftOut> leftOut;
            const SelectionInput input = pool.input();
            const Gradients gradients = embeddingGradients(input, leftOut);
            GradientCentres centres(gradients.residuals, pool.features, gradients.rows);
            std::vector<double> plain(500, std::numeric_limits<double>::infinity());
            Rng rng(1);
            for (int k = 0; k < 60; ++k) {
                const std::size_t centre = rng.index(500);
                QVERIFY(centres.add(centre, Job()));
                GradientCentres alone(gradients.residuals, pool.features, gradients.rows);
                QVERIFY(alone.add(centre, Job()));
                for (std::size_t i = 0; i < 500; ++i)
                    plain[i] = std::min(plain[i], alone.squared()[i]);
                QVERIFY(centres.squared() == plain);
            }
            QVERIFY2(centres.products() < (groups ? 60 * 500 / 2 : 60 * 500),
                     qPrintable(QString::number(centres.products())));
        }
    }

    void badgeCoversDoubtfulGroups() {
        double badge = 0, random = 0, entropy = 0;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const Pool pool = doubtfulGroups(seed);
            const auto covered = [&](const char* strategy) {
                std::set<std::size_t> groups;
                for (const Pick& pick : run(strategy, pool.input(), 15, seed).picks) {
                    if (pick.index >= 400) groups.insert(pick.index % 10);
                }
                return static_cast<double>(groups.size());
            };
            badge += covered("badge") / 10;
            random += covered("random") / 10;
            entropy += covered("entropy") / 10;
        }
        QVERIFY2(badge > 9.0 && badge > entropy + 0.5 && random < 5.0,
                 qPrintable(QString("%1 %2 %3").arg(badge).arg(random).arg(entropy)));
    }

    // Half of the items are answered from the first medium alone.
    void bmmalPrefersItemsThatBothMediaAnswer() {
        double bmmal = 0, badge = 0, random = 0;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            Pool pool = randomClassPool(300, 0, seed, 12, 2);
            for (std::size_t i = 0; i < 300; ++i) {
                ItemPrediction& item = pool.predictions[i];
                const float sideways = i % 2 == 0 ? 0.5F : 0.55F;
                item.probabilities = {0.6F, 0.4F};
                item.coalitions = {{0.5F, 0.5F}, {i % 2 == 0 ? 0.6F : 0.55F, 0.4F}, {sideways, 0.45F}, {0.6F, 0.4F}};
                const auto embedding = pool.features.row(i);
                item.features = {{embedding.begin(), embedding.begin() + 6}, {embedding.begin() + 6, embedding.end()}};
            }
            const auto balanced = [&](const char* strategy) {
                const Selection selection = run(strategy, pool.input(), 40, seed);
                return static_cast<double>(std::count_if(selection.picks.begin(), selection.picks.end(),
                                                         [](const Pick& pick) { return pick.index % 2 == 1; }));
            };
            bmmal += balanced("bmmal") / 10;
            badge += balanced("badge") / 10;
            random += balanced("random") / 10;
        }
        QVERIFY2(bmmal > badge + 4.0 && bmmal > random + 4.0,
                 qPrintable(QString("%1 %2 %3").arg(bmmal).arg(badge).arg(random)));
    }

    void oddNumbersAreSetAside() {
        for (const char* name : {"badge", "bmmal"}) {
            Pool pool = randomClassPool(12, 0, 2);
            const auto spoil = [&](std::size_t item, float value) {
                pool.features.at(item, 3) = pool.predictions[item].features[0][3] = value;
            };
            spoil(2, std::numeric_limits<float>::quiet_NaN());
            spoil(5, 1e30F);
            pool.predictions[7].probabilities[1] = std::numeric_limits<float>::infinity();
            const Selection selection = run(name, pool.input(), 12);
            QCOMPARE(selection.picks.size(), 9U);
            std::set<std::string> sentences;
            for (const LeftOut& aside : selection.leftOut)
                sentences.insert(aside.sentence);
            QCOMPARE(sentences, (std::set<std::string>{"Item 1003 has a feature that is not a finite number.",
                                                       "Item 1006 has features that are too large to compare.",
                                                       "Item 1008 was predicted with a score that is not a number."}));
            for (const Pick& pick : selection.picks)
                QVERIFY(std::isfinite(pick.score) && pick.index != 2 && pick.index != 5 && pick.index != 7);
        }
    }

    void whatWasNotAskedIsNamed() {
        Pool pool = randomClassPool(4, 0, 1);
        const auto problem = [&] { return makeStrategy("bmmal").value()->select(pool.input(), 2, 1, Job()).error(); };
        pool.predictions[2].coalitions.pop_back();
        QCOMPARE(problem().sentence, std::string("Item 1003 was not predicted from each set of its media."));
        pool = randomClassPool(4, 0, 1);
        pool.predictions[1].features.pop_back();
        QCOMPARE(problem().sentence, std::string("Item 1002 has no features for each of its media."));
        pool = randomClassPool(4, 0, 1);
        pool.predictions[3].features[1].pop_back();
        QCOMPARE(problem().sentence, std::string("Item 1004 has more or fewer features than the others."));
        for (ItemPrediction& item : pool.predictions)
            item.coalitions.resize(1);
        QCOMPARE(problem().code, ErrorCode::InvalidArgument);
    }

    // Certain of everything, or one class only: every gradient is 0, and chance decides.
    void nothingToTellApart() {
        for (const int classes : {1, 2}) {
            Pool pool = randomClassPool(10, 0, 1, 4, classes);
            for (ItemPrediction& item : pool.predictions) {
                item.probabilities.assign(static_cast<std::size_t>(classes), 0.0F);
                item.probabilities[0] = 1.0F;
                item.coalitions.assign(4, item.probabilities);
            }
            for (const char* name : {"badge", "bmmal"}) {
                const Selection one = run(name, pool.input(), 20, 1);
                QCOMPARE(one.picks.size(), 10U);
                for (const Pick& pick : one.picks)
                    QCOMPARE(pick.score, 0.0);
                QVERIFY(placesOf(one) != placesOf(run(name, pool.input(), 20, 2)));
            }
        }
    }

    void equalItemsComeLast() {
        Pool pool = randomClassPool(20, 0, 1, 5);
        for (std::size_t i = 1; i < 10; ++i) {
            pool.predictions[i] = pool.predictions[0];
            std::copy_n(pool.features.row(0).begin(), 5, pool.features.row(i).begin());
        }
        for (const char* name : {"badge", "bmmal"}) {
            const Selection selection = run(name, pool.input(), 20, 4);
            for (std::size_t k = 11; k < 20; ++k)
                QVERIFY(selection.picks[k].index < 10 && selection.picks[k].score == 0.0);
        }
    }

    void timeIsShown() {
#ifdef NDEBUG
        const std::size_t size = 20000;
#else
        const std::size_t size = 1000;  // without optimisation the time says nothing
#endif
        const Pool pool = randomClassPool(size, 0, 1, 512, 10);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(run("badge", pool.input(), 100).picks.size(), 100U);
        qInfo("BADGE: 100 of %zu x 512, 10 classes, in %lld ms", size, timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestGradients)
#include "tst_gradients.moc"
