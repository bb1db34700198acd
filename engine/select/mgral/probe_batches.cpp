#include "engine/select/mgral/probe_batches.h"

#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <limits>

namespace querent::select::mgral {
namespace {

using Batch = std::vector<std::size_t>;

/** The items of the largest values, equal ones in the order of `open`. */
Batch largest(const Batch& open, const std::vector<double>& values, std::size_t size) {
    Batch batch = open;
    std::stable_sort(batch.begin(), batch.end(),
                     [&values](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    batch.resize(size);
    return batch;
}

/** Farthest first, from a random item on; nothing when cancelled. */
std::optional<Batch> spread(const Batch& open, const Matrix& features, std::size_t size, Rng& rng, const Job& job) {
    geometry::NearestCentres centres(features);
    Batch batch{open[rng.index(open.size())]};
    std::vector<char> taken(features.rows, 0);
    while (true) {
        taken[batch.back()] = 1;
        if (batch.size() == size) return batch;
        if (!centres.add(features.row(batch.back()), job)) return std::nullopt;
        std::size_t best = features.rows;
        for (const std::size_t item : open) {
            if (taken[item] != 0) continue;
            if (best == features.rows || centres.squared()[item] > centres.squared()[best]) best = item;
        }
        batch.push_back(best);
    }
}

Batch neighbourhood(const Batch& open, const Matrix& features, std::size_t size, Rng& rng) {
    const auto centre = features.row(open[rng.index(open.size())]);
    std::vector<double> nearness(features.rows, 0.0);
    for (const std::size_t item : open) {
        nearness[item] = -static_cast<double>(
            geometry::squaredDistance(centre, features.row(item), std::numeric_limits<float>::infinity()));
    }
    return largest(open, nearness, size);
}

}  // namespace

std::optional<std::vector<Batch>> probeBatches(const ProbePool& pool, std::size_t size, std::size_t count, Rng& rng,
                                               const Job& job) {
    const std::size_t items = pool.features.rows;
    std::vector<Batch> batches;
    for (std::size_t n = 0; n < count; ++n) {
        if (job.cancelled()) return std::nullopt;
        const std::size_t turn = n / 2;
        if (n % 2 == 0) {
            batches.push_back(rng.sample(items, size));
            continue;
        }
        Batch open = rng.sample(items, turn < 4 ? items : std::max(size, items / 2));
        std::sort(open.begin(), open.end());
        if (turn % 4 == 0) {
            batches.push_back(largest(open, pool.uncertainty, size));
        } else if (turn % 4 == 1) {
            auto batch = spread(open, pool.features, size, rng, job);
            if (!batch) return std::nullopt;
            batches.push_back(std::move(*batch));
        } else if (turn % 4 == 2) {
            batches.push_back(neighbourhood(open, pool.features, size, rng));
        } else {
            batches.push_back(largest(open, pool.rarity, size));
        }
    }
    return batches;
}

}  // namespace querent::select::mgral
