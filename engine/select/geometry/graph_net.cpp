#include "engine/select/geometry/graph_net.h"

#include "engine/select/adam.h"
#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace querent::select::geometry {
namespace {

constexpr std::size_t kH = GraphNet::kHidden;
constexpr std::size_t kRowsBetweenLooks = 64;
constexpr std::size_t kRowsAtOnce = 32;  // that stay in the cache while all features pass

/** to += weight * from, a row of any length. */
void addScaled(std::span<float> to, std::span<const float> from, float weight) {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += weight * from[i];
}

/** The sum of `count` rows, each times its weight, added to `to`: four at a time, so that `to` is seldom written. */
template <typename Row, typename Weight>
void addRows(std::span<float> to, std::size_t count, Row row, Weight weight) {
    std::size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        const float* a = row(r);
        const float* b = row(r + 1);
        const float* c = row(r + 2);
        const float* d = row(r + 3);
        const float wa = weight(r), wb = weight(r + 1), wc = weight(r + 2), wd = weight(r + 3);
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] += (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]);
    }
    for (; r < count; ++r)
        addScaled(to, {row(r), to.size()}, weight(r));
}

double sigmoid(double u) {
    return 1.0 / (1.0 + std::exp(-u));
}

/** ln(1 + e^x) without overflow. */
double softplus(double x) {
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

struct Shares {
    double labelled = 0.0;  // of the loss, an item
    double others = 0.0;
};

Shares sharesOf(const std::vector<char>& labelled) {
    const auto known =
        static_cast<double>(std::count_if(labelled.begin(), labelled.end(), [](char c) { return c != 0; }));
    const double others = static_cast<double>(labelled.size()) - known;
    return {known > 0.0 ? 1.0 / known : 0.0, others > 0.0 ? GraphNet::kOthersWeight / others : 0.0};
}

std::vector<float> asFloats(std::span<const double> values) {
    std::vector<float> floats;
    floats.reserve(values.size());
    for (const double value : values)
        floats.push_back(static_cast<float>(value));
    return floats;
}

}  // namespace

std::optional<ItemGraph> itemGraph(const Matrix& features, const Job& job) {
    const std::size_t n = features.rows;
    ItemGraph graph{Matrix(n, features.cols), Matrix(n, n), Matrix(n, features.cols)};
    for (std::size_t i = 0; i < n; ++i) {
        const std::vector<float> unit = unitVector(features.row(i));
        std::copy(unit.begin(), unit.end(), graph.features.row(i).begin());
    }
    std::vector<double> sums(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        for (std::size_t j = 0; j < i; ++j) {
            const float likeness = std::max(0.0F, dotProduct(graph.features.row(i), graph.features.row(j)));
            graph.adjacency.at(i, j) = graph.adjacency.at(j, i) = likeness;
            sums[i] += static_cast<double>(likeness);
            sums[j] += static_cast<double>(likeness);
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && job.cancelled()) return std::nullopt;
        for (std::size_t j = 0; j < n; ++j) {
            float& weight = graph.adjacency.at(i, j);
            if (sums[j] > 0.0) weight = static_cast<float>(static_cast<double>(weight) / sums[j]);
            if (i == j) weight = 1.0F;
            if (weight != 0.0F) addScaled(graph.aggregated.row(i), graph.features.row(j), weight);
        }
    }
    return graph;
}

GraphNet::GraphNet(std::size_t features, Rng& rng) : m_features(features) {
    const double first = 1.0 / std::sqrt(static_cast<double>(kH));
    for (std::size_t i = 0; i < (features + 1) * kH; ++i)
        parameters.push_back(rng.uniform(-first, first));
    for (std::size_t i = 0; i < kH + 1; ++i)
        parameters.push_back(rng.uniform(-1.0, 1.0));  // one unit
}

GraphNet::Activations GraphNet::forward(const ItemGraph& graph, std::vector<float> mask) const {
    const std::vector<float> p = asFloats(parameters);
    const std::span<const float> all(p);
    const std::size_t n = graph.features.rows;
    const std::size_t biases = m_features * kH;
    const auto second = all.subspan(biases + kH, kH);
    Activations a{Matrix(n, kH), std::move(mask), std::vector<float>(n, p.back())};
    std::vector<float> votes(n, 0.0F);
    for (std::size_t i = 0; i < n; ++i) {
        const auto hidden = a.hidden.row(i);
        std::copy_n(all.subspan(biases).begin(), kH, hidden.begin());
        const auto seen = graph.aggregated.row(i);
        addRows(
            hidden, m_features, [&](std::size_t f) { return p.data() + f * kH; },
            [&](std::size_t f) { return seen[f]; });
        for (std::size_t h = 0; h < kH; ++h) {
            hidden[h] = std::max(hidden[h], 0.0F);
            votes[i] += hidden[h] * second[h] * (a.mask.empty() ? 1.0F : a.mask[i * kH + h]);
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        a.out[i] += dotProduct(graph.adjacency.row(i), votes);
    return a;
}

double GraphNet::loss(const Activations& activations, const std::vector<char>& labelled) const {
    const Shares shares = sharesOf(labelled);
    double sum = 0.0;
    for (std::size_t i = 0; i < labelled.size(); ++i) {
        const auto u = static_cast<double>(activations.out[i]);
        sum += labelled[i] != 0 ? shares.labelled * softplus(-u) : shares.others * softplus(u);
    }
    return sum;
}

std::vector<double> GraphNet::gradient(const ItemGraph& graph, const Activations& a,
                                       const std::vector<char>& labelled) const {
    const std::size_t n = graph.features.rows;
    const std::size_t biases = m_features * kH;
    const Shares shares = sharesOf(labelled);
    const std::vector<float> second = asFloats(std::span(parameters).subspan(biases + kH, kH));
    std::vector<float> out(parameters.size(), 0.0F);
    std::vector<float> byVote(n, 0.0F);  // d loss / d (H' W2)
    for (std::size_t i = 0; i < n; ++i) {
        const double s = sigmoid(static_cast<double>(a.out[i]));
        const double byOut = labelled[i] != 0 ? shares.labelled * (s - 1.0) : shares.others * s;
        addScaled(byVote, graph.adjacency.row(i), static_cast<float>(byOut));
        out.back() += static_cast<float>(byOut);
    }
    const std::span<float> all(out);
    Matrix before(n, kH);  // d loss / d (A X W1 + b1)
    for (std::size_t i = 0; i < n; ++i) {
        const auto hidden = a.hidden.row(i);
        const auto byHidden = before.row(i);
        for (std::size_t h = 0; h < kH; ++h) {
            const float kept = a.mask.empty() ? 1.0F : a.mask[i * kH + h];
            out[biases + kH + h] += byVote[i] * hidden[h] * kept;
            byHidden[h] = hidden[h] > 0.0F ? byVote[i] * second[h] * kept : 0.0F;
        }
        addScaled(all.subspan(biases, kH), byHidden, 1.0F);
    }
    for (std::size_t first = 0; first < n; first += kRowsAtOnce) {
        const std::size_t some = std::min(kRowsAtOnce, n - first);
        for (std::size_t f = 0; f < m_features; ++f) {
            addRows(
                all.subspan(f * kH, kH), some, [&](std::size_t i) { return before.row(first + i).data(); },
                [&](std::size_t i) { return graph.aggregated.at(first + i, f); });
        }
    }
    return {out.begin(), out.end()};
}

std::optional<GraphNet> trainedGraphNet(const ItemGraph& graph, const std::vector<char>& labelled, Rng rng,
                                        const GraphTraining& training, const Job& job) {
    GraphNet net(graph.features.cols, rng);
    Adam adam(net.parameters.size());
    AdamSettings settings;
    settings.rate = training.rate;
    settings.clip = std::numeric_limits<double>::infinity();
    const auto kept = static_cast<float>(1.0 / (1.0 - training.dropout));
    for (int step = 0; step < training.steps; ++step) {
        if (job.cancelled()) return std::nullopt;
        std::vector<float> mask(graph.features.rows * kH);
        for (float& value : mask)
            value = rng.chance(training.dropout) ? 0.0F : kept;
        std::vector<double> gradient = net.gradient(graph, net.forward(graph, std::move(mask)), labelled);
        for (std::size_t i = 0; i < gradient.size(); ++i)
            gradient[i] += training.weightDecay * net.parameters[i];
        adam.step(net.parameters, gradient, settings);
        job.report("Learning the graph", step + 1, training.steps);
    }
    return net;
}

}  // namespace querent::select::geometry
