#include "engine/select/geometry/medoids.h"

#include <algorithm>

namespace querent::select::geometry {
namespace {

constexpr int kMostRounds = 100;

std::vector<std::size_t> farthestRows(const Matrix& distances, std::size_t count) {
    std::vector<std::size_t> centres{0};
    const auto first = distances.row(0);
    std::vector<float> nearest(first.begin(), first.end());
    std::vector<char> chosen(distances.rows, 0);
    chosen[0] = 1;
    while (centres.size() < count) {
        std::size_t best = distances.rows;
        for (std::size_t i = 0; i < distances.rows; ++i) {
            if (chosen[i] == 0 && (best == distances.rows || nearest[i] > nearest[best])) best = i;
        }
        chosen[best] = 1;
        centres.push_back(best);
        for (std::size_t i = 0; i < distances.rows; ++i)
            nearest[i] = std::min(nearest[i], distances.at(best, i));
    }
    return centres;
}

/** The members of each cluster. */
std::vector<std::vector<std::size_t>> clustersOf(const Matrix& distances, const std::vector<std::size_t>& centres) {
    std::vector<std::size_t> home(distances.rows, centres.size());
    for (std::size_t c = 0; c < centres.size(); ++c)
        home[centres[c]] = c;
    std::vector<std::vector<std::size_t>> clusters(centres.size());
    for (std::size_t i = 0; i < distances.rows; ++i) {
        if (home[i] == centres.size()) {
            home[i] = 0;
            for (std::size_t c = 1; c < centres.size(); ++c) {
                if (distances.at(i, centres[c]) < distances.at(i, centres[home[i]])) home[i] = c;
            }
        }
        clusters[home[i]].push_back(i);
    }
    return clusters;
}

std::size_t medoidOf(const Matrix& distances, const std::vector<std::size_t>& members, std::size_t today) {
    const auto sumOf = [&](std::size_t i) {
        double sum = 0.0;
        for (const std::size_t other : members)
            sum += static_cast<double>(distances.at(i, other));
        return sum;
    };
    std::size_t best = today;
    double least = sumOf(today);
    for (const std::size_t i : members) {
        const double sum = sumOf(i);
        if (sum >= least) continue;
        least = sum;
        best = i;
    }
    return best;
}

}  // namespace

std::optional<Medoids> kMedoids(const Matrix& distances, std::size_t count, const Job& job) {
    Medoids medoids{farthestRows(distances, count), {}};
    std::vector<std::vector<std::size_t>> clusters;
    for (int round = 0; round < kMostRounds; ++round) {
        clusters = clustersOf(distances, medoids.centres);
        bool changed = false;
        for (std::size_t c = 0; c < clusters.size(); ++c) {
            if (job.cancelled()) return std::nullopt;
            const std::size_t centre = medoidOf(distances, clusters[c], medoids.centres[c]);
            changed = changed || centre != medoids.centres[c];
            medoids.centres[c] = centre;
        }
        if (!changed) break;
    }
    for (const auto& cluster : clusters)
        medoids.sizes.push_back(cluster.size());
    return medoids;
}

}  // namespace querent::select::geometry
