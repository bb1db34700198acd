#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/select/bralt/item_view.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace querent::select::bralt {

/** So many parts a cluster has at most, one of which is chosen (A_c); the paper's number is not known. */
inline constexpr std::size_t kParts = 4;

/** Items that are alike. */
struct Cluster {
    int group = -1;                               // whose labelled items it began with; -1 = nobody's
    std::vector<std::vector<std::size_t>> parts;  // rows of Items, those nearest the part's centroid first; 1..kParts

    std::size_t size() const;
};

/** What is labelled, group by group: where clusters begin. */
struct GroupMeans {
    Matrix means;                      // [G, kPlaceWidth], 0 for a group without items
    std::vector<std::int64_t> counts;  // [G]
};

GroupMeans meansOf(const Examples& examples, std::span<const std::size_t> rows, int groups);

/**
 * Clusters of some rows by k-means, at most five iterations, that begin at the means of the labelled groups; when those
 * are fewer than the classes, the others begin at rows far from them (k-means++). Each cluster is divided into parts by
 * k-means++. Clusters without items are left out. Rows at the same distance to a part's centroid go by tie key.
 * @param rows  of `items`, not empty
 * @return nothing when cancelled
 */
std::optional<std::vector<Cluster>> clustersOf(const Items& items, std::span<const std::size_t> rows,
                                               const GroupMeans& labelled, std::uint64_t seed, const Job& job);

/** For each cluster its parts in the order in which they are to be emptied. */
using PartOrder = std::vector<std::vector<std::size_t>>;

/**
 * A batch of exactly `count` rows, or all: equal shares of the clusters, what is left over and what a small cluster
 * cannot give going round from the one whose group is labelled least; of each cluster the rows of its first part,
 * nearest its centroid first, then of its second and so on.
 */
std::vector<std::size_t> fillBatch(const std::vector<Cluster>& clusters, const PartOrder& order,
                                   const GroupMeans& labelled, std::size_t count);

}  // namespace querent::select::bralt
