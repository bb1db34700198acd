#pragma once

#include "engine/core/matrix.h"

#include <cstddef>
#include <span>
#include <vector>

namespace querent::select::mgral {

/** The mean of the rows of a batch, [D]; the order of the batch does not matter. Ours: the paper does not say. */
std::vector<float> meanRow(const Matrix& features, std::span<const std::size_t> batch);

/**
 * What batches were worth that have been tried, to guess what others are (MGRAL, arXiv 2310.08387): the mean over the
 * nearest records by Euclidean distance, weighted by 1 / distance. A guess is trusted when a record lies within the
 * mean less one standard deviation of the table's distances. Ours: which distances those are (between all pairs of
 * records), and that five records count.
 */
class LookupTable {
 public:
    explicit LookupTable(std::size_t neighbours = 5) : m_neighbours(neighbours) {}

    /** @param key  finite, as long as those before  @param value  finite */
    void add(std::vector<float> key, double value);

    struct Guess {
        double value = 0.0;
        bool trusted = false;  // false: try the batch instead
    };
    /** The table is not empty. A key that is in it gives exactly its value (the mean where it is there several times).
     */
    Guess guess(std::span<const float> key) const;

    std::size_t size() const { return m_values.size(); }
    /** How near a record has to be; 0 while there are fewer than two. */
    double threshold() const { return m_threshold; }

 private:
    std::size_t m_neighbours;
    std::vector<std::vector<float>> m_keys;
    std::vector<double> m_values;
    std::vector<double> m_pairs;  // distances of all pairs
    double m_threshold = 0.0;
};

}  // namespace querent::select::mgral
