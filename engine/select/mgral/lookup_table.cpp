#include "engine/select/mgral/lookup_table.h"

#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace querent::select::mgral {
namespace {

constexpr double kTiny = 1e-8;  // added to distances

double distance(std::span<const float> x, std::span<const float> y) {
    return std::sqrt(static_cast<double>(geometry::squaredDistance(x, y, std::numeric_limits<float>::infinity())));
}

}  // namespace

std::vector<float> meanRow(const Matrix& features, std::span<const std::size_t> batch) {
    std::vector<std::size_t> rows(batch.begin(), batch.end());
    std::sort(rows.begin(), rows.end());
    std::vector<double> sums(features.cols, 0.0);
    for (const std::size_t row : rows) {
        for (std::size_t k = 0; k < features.cols; ++k)
            sums[k] += static_cast<double>(features.at(row, k));
    }
    std::vector<float> mean;
    for (const double sum : sums)
        mean.push_back(static_cast<float>(sum / std::max<double>(1.0, static_cast<double>(rows.size()))));
    return mean;
}

void LookupTable::add(std::vector<float> key, double value) {
    for (const std::vector<float>& other : m_keys)
        m_pairs.push_back(distance(key, other));
    m_keys.push_back(std::move(key));
    m_values.push_back(value);
    if (m_pairs.empty()) return;
    const auto count = static_cast<double>(m_pairs.size());
    const double mean = std::accumulate(m_pairs.begin(), m_pairs.end(), 0.0) / count;
    double squares = 0.0;
    for (const double pair : m_pairs)
        squares += (pair - mean) * (pair - mean);
    m_threshold = std::max(0.0, mean - std::sqrt(squares / count));
}

LookupTable::Guess LookupTable::guess(std::span<const float> key) const {
    std::vector<std::pair<double, std::size_t>> near;
    for (std::size_t i = 0; i < m_keys.size(); ++i)
        near.emplace_back(distance(key, m_keys[i]), i);
    std::sort(near.begin(), near.end());
    std::size_t count = std::min(m_neighbours, near.size());
    const bool hit = near.front().first == 0.0;
    if (hit) {
        count = 1;
        while (count < near.size() && near[count].first == 0.0)
            ++count;
    }
    // Written as a first value and differences, so that records that all agree give exactly what they say.
    const double first = m_values[near.front().second];
    double weights = 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double weight = 1.0 / (near[i].first + kTiny);
        weights += weight;
        sum += weight * (m_values[near[i].second] - first);
    }
    return {first + sum / weights, near.front().first <= m_threshold};
}

}  // namespace querent::select::mgral
