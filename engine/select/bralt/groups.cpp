#include "engine/select/bralt/groups.h"

#include "engine/core/rng.h"
#include "engine/select/geometry/lloyd.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace querent::select::bralt {
namespace {

constexpr int kIterations = 5;  // of k-means, as RL-MBA's

/** A clustering of rows in one go: the centroids and which rows are nearest to each. */
struct Division {
    Matrix centroids;
    std::vector<std::vector<std::size_t>> members;  // places in `rows`
};

std::optional<Division> divide(const Matrix& points, const Matrix& start, std::size_t count, Rng& rng, const Job& job) {
    auto centroids = geometry::seedCentroids(points, start, count, rng, job);
    if (!centroids || !geometry::moveCentroids(points, *centroids, kIterations, job)) return std::nullopt;
    const auto nearest = geometry::nearestCentroids(points, *centroids, job);
    if (!nearest) return std::nullopt;
    Division division{std::move(*centroids), {}};
    division.members.resize(division.centroids.rows);
    for (std::size_t i = 0; i < nearest->size(); ++i)
        division.members[(*nearest)[i]].push_back(i);
    return division;
}

/** The parts of one cluster, each with its rows from the centroid outwards. */
std::optional<std::vector<std::vector<std::size_t>>> partsOf(const Items& items, const std::vector<std::size_t>& rows,
                                                             const std::vector<double>& keys, Rng& rng,
                                                             const Job& job) {
    const Matrix points = geometry::rowsOf(items.places, rows);
    const auto division = divide(points, {}, kParts, rng, job);
    if (!division) return std::nullopt;
    std::vector<std::vector<std::size_t>> parts;
    for (std::size_t p = 0; p < division->members.size(); ++p) {
        if (division->members[p].empty()) continue;
        std::vector<std::pair<float, std::size_t>> ordered;
        for (const std::size_t i : division->members[p]) {
            const float far = std::numeric_limits<float>::infinity();
            ordered.emplace_back(geometry::squaredDistance(points.row(i), division->centroids.row(p), far), rows[i]);
        }
        std::sort(ordered.begin(), ordered.end(), [&keys](const auto& a, const auto& b) {
            return a.first != b.first ? a.first < b.first : keys[a.second] > keys[b.second];
        });
        std::vector<std::size_t>& part = parts.emplace_back();
        for (const auto& [distance, row] : ordered)
            part.push_back(row);
    }
    return parts;
}

/** Clusters' places in the order in which they get what is left over. */
std::vector<std::size_t> rarestFirst(const std::vector<Cluster>& clusters, const GroupMeans& labelled) {
    const auto answers = [&](std::size_t c) {
        return clusters[c].group < 0 ? 0 : labelled.counts[static_cast<std::size_t>(clusters[c].group)];
    };
    std::vector<std::size_t> order(clusters.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return answers(a) < answers(b); });
    return order;
}

}  // namespace

std::size_t Cluster::size() const {
    return std::accumulate(parts.begin(), parts.end(), std::size_t{0},
                           [](std::size_t sum, const auto& part) { return sum + part.size(); });
}

GroupMeans meansOf(const Examples& examples, std::span<const std::size_t> rows, int groups) {
    const auto count = static_cast<std::size_t>(groups);
    GroupMeans result{Matrix(count, examples.places.cols), std::vector<std::int64_t>(count, 0)};
    for (const std::size_t row : rows)
        ++result.counts[static_cast<std::size_t>(examples.groups[row])];
    for (const std::size_t row : rows) {
        const auto group = static_cast<std::size_t>(examples.groups[row]);
        for (std::size_t d = 0; d < examples.places.cols; ++d)
            result.means.at(group, d) += examples.places.at(row, d) / static_cast<float>(result.counts[group]);
    }
    return result;
}

std::optional<std::vector<Cluster>> clustersOf(const Items& items, std::span<const std::size_t> rows,
                                               const GroupMeans& labelled, std::uint64_t seed, const Job& job) {
    std::vector<std::size_t> seen;  // groups
    for (std::size_t g = 0; g < labelled.counts.size(); ++g) {
        if (labelled.counts[g] > 0) seen.push_back(g);
    }
    Rng rng(seed, "clusters");
    const std::vector<double> keys = tieKeys(items.ids, seed);
    const Matrix points = geometry::rowsOf(items.places, rows);
    const std::size_t classes = labelled.counts.size() - 1;
    const auto division =
        divide(points, geometry::rowsOf(labelled.means, seen), std::max(seen.size(), classes), rng, job);
    if (!division) return std::nullopt;
    std::vector<Cluster> clusters;
    for (std::size_t c = 0; c < division->members.size(); ++c) {
        if (division->members[c].empty()) continue;
        std::vector<std::size_t> members;
        for (const std::size_t i : division->members[c])
            members.push_back(rows[i]);
        auto parts = partsOf(items, members, keys, rng, job);
        if (!parts) return std::nullopt;
        clusters.push_back({c < seen.size() ? static_cast<int>(seen[c]) : -1, std::move(*parts)});
    }
    return clusters;
}

std::vector<std::size_t> fillBatch(const std::vector<Cluster>& clusters, const PartOrder& order,
                                   const GroupMeans& labelled, std::size_t count) {
    const std::vector<std::size_t> turns = rarestFirst(clusters, labelled);
    std::vector<std::size_t> sizes;
    for (const Cluster& cluster : clusters)
        sizes.push_back(cluster.size());
    std::size_t left = std::min(count, std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
    std::vector<std::size_t> shares(clusters.size(), 0);
    while (left > 0) {
        for (const std::size_t c : turns) {
            if (left == 0 || shares[c] == sizes[c]) continue;
            ++shares[c];
            --left;
        }
    }
    std::vector<std::size_t> batch;
    for (std::size_t c = 0; c < clusters.size(); ++c) {
        for (const std::size_t p : order[c]) {
            const std::vector<std::size_t>& part = clusters[c].parts[p];
            const std::size_t taken = std::min(shares[c], part.size());
            batch.insert(batch.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(taken));
            shares[c] -= taken;
        }
    }
    return batch;
}

}  // namespace querent::select::bralt
