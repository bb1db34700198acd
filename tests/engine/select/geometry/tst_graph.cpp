// The graph network: its gradient against differences, what it learns, and how the pool is read from it.

#include "engine/select/geometry/graph_net.h"
#include "engine/select/geometry/graph_sample.h"
#include "tests/engine/select/pools.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::geometry;

namespace {

/** Tight clusters around axes; the labelled ones are of the first `known` clusters. */
Pool clusters(std::size_t size, std::size_t labelled, std::size_t kinds, std::size_t known, std::uint64_t seed) {
    Rng rng(seed, "clusters");
    Pool pool;
    const auto fill = [&](Matrix& rows, std::size_t among) {
        for (std::size_t i = 0; i < rows.rows; ++i) {
            for (std::size_t d = 0; d < rows.cols; ++d)
                rows.at(i, d) = static_cast<float>((d == i % among ? 3.0 : 0.0) + 0.3 * rng.normal());
        }
    };
    pool.features = Matrix(size, 8);
    pool.labelled = Matrix(labelled, 8);
    fill(pool.features, kinds);
    fill(pool.labelled, known);
    for (std::size_t i = 0; i < size; ++i) {
        pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
        pool.predictions.push_back({});
    }
    return pool;
}

std::vector<std::size_t> allOf(const Pool& pool) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < pool.items.size(); ++i)
        rows.push_back(i);
    return rows;
}

}  // namespace

class TestGraph : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void theGraphByHand() {
        Matrix features(3, 2);
        features.values = {2, 0, 3, 4, -1, 0};
        const ItemGraph graph = *itemGraph(features, Job());
        // Cosines: .6 of the first two, -1 and -.6 count as 0. Column sums: .6, .6, 0.
        const std::vector<float> expected = {1, 1, 0, 1, 1, 0, 0, 0, 1};
        for (std::size_t i = 0; i < 9; ++i)
            QVERIFY(std::abs(graph.adjacency.values[i] - expected[i]) < 1e-6F);
        QVERIFY(std::abs(graph.aggregated.at(0, 0) - 1.6F) < 1e-6F);
        QVERIFY(std::abs(graph.aggregated.at(1, 1) - 0.8F) < 1e-6F);
        QVERIFY(std::abs(graph.aggregated.at(2, 0) + 1.0F) < 1e-6F);
        features.values.assign(6, 0.0F);
        const ItemGraph strangers = *itemGraph(features, Job());
        for (const float value : strangers.aggregated.values)
            QCOMPARE(value, 0.0F);
    }

    void lossByHand() {
        Rng rng(1);
        const ItemGraph graph = *itemGraph(randomMatrix(3, 2, rng), Job());
        const GraphNet net(2, rng);
        const std::vector<float> u = net.forward(graph).out;
        const auto s = [](float x) { return 1.0 / (1.0 + std::exp(-double(x))); };
        const double expected = -std::log(s(u[0])) - 1.2 * 0.5 * (std::log(1.0 - s(u[1])) + std::log(1.0 - s(u[2])));
        QVERIFY(std::abs(net.loss(graph, {1, 0, 0}).value - expected) < 1e-6);
        const double all = -(std::log(s(u[0])) + std::log(s(u[1])) + std::log(s(u[2]))) / 3.0;
        QVERIFY(std::abs(net.loss(graph, {1, 1, 1}).value - all) < 1e-6);
    }

    // H = ReLU(A X W1 + b1), u = A (H W2) + b2, number by number.
    void layersByHand() {
        Rng rng(2);
        const ItemGraph graph = *itemGraph(randomMatrix(7, 3, rng), Job());
        const GraphNet net(3, rng);
        const std::vector<float>& p = net.parameters;
        const GraphNet::Activations seen = net.forward(graph);
        constexpr std::size_t kH = GraphNet::kHidden;
        std::vector<double> votes(7, 0.0);
        for (std::size_t i = 0; i < 7; ++i) {
            for (std::size_t h = 0; h < kH; ++h) {
                double sum = double(p[3 * kH + h]);
                for (std::size_t f = 0; f < 3; ++f)
                    sum += double(graph.aggregated.at(i, f)) * double(p[f * kH + h]);
                QVERIFY(std::abs(std::max(sum, 0.0) - double(seen.hidden.at(i, h))) < 1e-5);
                votes[i] += std::max(sum, 0.0) * double(p[4 * kH + h]);
            }
        }
        for (std::size_t i = 0; i < 7; ++i) {
            double sum = double(p.back());
            for (std::size_t j = 0; j < 7; ++j)
                sum += double(graph.adjacency.at(i, j)) * votes[j];
            QVERIFY(std::abs(sum - double(seen.out[i])) < 1e-4);
        }
    }

    void gradientsAgreeWithDifferences() {
        Rng rng(5);
        const ItemGraph graph = *itemGraph(randomMatrix(12, 5, rng), Job());
        const std::vector<char> labelled = {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
        GraphNet net(5, rng);
        for (const bool dropping : {false, true}) {
            Matrix mask(dropping ? 12 : 0, GraphNet::kHidden);
            for (float& value : mask.values)
                value = rng.chance(0.3) ? 0.0F : 1.0F / 0.7F;
            const auto [middle, gradient] = net.loss(graph, labelled, mask);
            QCOMPARE(gradient.size(), net.parameters.size());
            double largest = 0.0;
            for (std::size_t i = 0; i < gradient.size(); i += i + 20 < gradient.size() ? 13 : 1) {
                constexpr double kStep = 1e-3;
                const float at = net.parameters[i];
                const auto slope = double(gradient[i]);
                net.parameters[i] = static_cast<float>(double(at) + kStep);
                const double above = net.loss(graph, labelled, mask).value;
                net.parameters[i] = static_cast<float>(double(at) - kStep);
                const double below = net.loss(graph, labelled, mask).value;
                net.parameters[i] = at;
                // A unit that begins or ceases to answer bends the loss on one side; the other side is right.
                const double up = (above - middle) / kStep;
                const double down = (middle - below) / kStep;
                const double error = std::min(std::abs(up - slope), std::abs(down - slope));
                QVERIFY2(error < 4e-3 + 0.02 * std::abs(slope),
                         qPrintable(QString("%1: %2 %3 %4").arg(i).arg(up).arg(down).arg(slope)));
                largest = std::max(largest, std::abs(slope));
            }
            QVERIFY(largest > 0.1);
        }
    }

    void theNetworkTellsLabelledFromOthers() {
        const Pool pool = clusters(80, 30, 4, 2, 7);
        const GraphView view = *lookAtGraph(pool.input(), allOf(pool), 3, Job());
        double known = 0.0;
        double unknown = 0.0;
        for (std::size_t i = 0; i < 80; ++i)
            (i % 4 < 2 ? known : unknown) += view.likeness[i] / 40.0;
        QVERIFY2(known > unknown + 0.1, qPrintable(QString("%1 %2").arg(known).arg(unknown)));
        QCOMPARE(view.labelledLayers.rows, std::size_t{30});
    }

    void whatIsOutsideIsTakenForItsNearest() {
        const Pool pool = clusters(60, 12, 6, 3, 9);
        GraphBounds bounds;
        bounds.pool = 25;
        bounds.labelled = 5;
        const GraphView view = *lookAtGraph(pool.input(), allOf(pool), 3, Job(), bounds);
        QCOMPARE(view.labelledLayers.rows, std::size_t{5});
        std::set<std::vector<float>> different;
        for (std::size_t i = 0; i < 60; ++i) {
            const auto row = view.layers.row(i);
            different.insert({row.begin(), row.end()});
            QVERIFY(std::abs(view.likeness[i] - 1.0 / (1.0 + std::exp(-double(row.back())))) < 1e-9);
        }
        QVERIFY(different.size() <= 30 && different.size() >= 25);
        bounds.fewLabelled = 0;
        bounds.labelled = 1000;
        bounds.pool = 7;
        QCOMPARE(lookAtGraph(pool.input(), allOf(pool), 3, Job(), bounds)->labelledLayers.rows, std::size_t{7});
    }

    // Half of the clusters have answers: both go to the other half, which chance does half of the time.
    void newClustersAreAskedAbout_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("gcn-uncertain") << "gcn-uncertain";
        QTest::newRow("gcn-core") << "gcn-core";
    }
    void newClustersAreAskedAbout() {
        QFETCH(QString, name);
        double right = 0.0;
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const Pool pool = clusters(120, 60, 6, 3, 20 + seed);
            for (const Pick& pick : run(name.toStdString(), pool.input(), 12, seed).picks)
                right += pick.index % 6 >= 3 ? 1.0 / 60.0 : 0.0;
        }
        QVERIFY2(right > 0.8, qPrintable(QString::number(right)));
    }

    void coreSpreads() {
        const Pool pool = clusters(120, 10, 6, 1, 4);
        std::set<std::size_t> seen;
        for (const Pick& pick : run("gcn-core", pool.input(), 8).picks)
            seen.insert(pick.index % 6);
        QVERIFY(seen.size() >= 5);
    }

    void stopsInTheMiddle() {
        const Pool pool = clusters(50, 10, 4, 2, 1);
        std::stop_source stop;
        int steps = 0;
        const Job job(stop.get_token(), [&](const Progress& progress) {
            if (progress.phase == "Learning the graph" && ++steps == 20) stop.request_stop();
        });
        const auto answer = makeStrategy("gcn-core").value()->select(pool.input(), 5, 1, job);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
        QCOMPARE(steps, 20);
    }

    void oddInputs() {
        Pool pool = clusters(6, 3, 3, 2, 1);
        pool.features.at(2, 1) = std::nanf("");
        pool.labelled.at(0, 0) = std::nanf("");
        for (const char* name : {"gcn-uncertain", "gcn-core"}) {
            const Selection selection = run(name, pool.input(), 6);
            QCOMPARE(selection.picks.size(), std::size_t{5});
            QCOMPARE(selection.leftOut.size(), std::size_t{1});
            SelectionInput bare = pool.input();
            bare.labelledFeatures = nullptr;
            QCOMPARE(run(name, bare, 1).picks.size(), std::size_t{1});
        }
        Pool broken = clusters(2, 1, 2, 1, 1);
        for (float& value : broken.features.values)
            value = std::nanf("");
        QVERIFY(run("gcn-core", broken.input(), 2).picks.empty());
    }

    // How long a full graph takes; not asserted.
    void aLargePool() {
        Pool pool;
        Rng rng(3);
        pool.features = randomMatrix(qEnvironmentVariableIsSet("QUERENT_SLOW") ? 10000 : 300, 256, rng);
        pool.labelled = randomMatrix(qEnvironmentVariableIsSet("QUERENT_SLOW") ? 3000 : 100, 256, rng);
        for (std::size_t i = 0; i < pool.features.rows; ++i)
            pool.items.emplace_back(static_cast<std::int64_t>(i + 1));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(run("gcn-core", pool.input(), 100).picks.size(), std::size_t{100});
        qInfo("%zu + %zu rows of 256: %lld ms", pool.features.rows, pool.labelled.rows, timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_graph.moc"
