#include "engine/select/rlmba/pool_distances.h"

#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::select::rlmba {
namespace {

constexpr std::size_t kRowsBetweenLooks = 256;  // how often to ask whether the job was cancelled

/** The smallest distances seen so far, ascending. */
class Smallest {
 public:
    explicit Smallest(std::size_t count) : m_count(count) {}

    /** What a distance must be below to be of interest. */
    float limit() const {
        return m_squared.size() < m_count ? std::numeric_limits<float>::infinity() : m_squared.back();
    }
    void add(float squared) {
        if (squared >= limit()) return;
        if (m_squared.size() == m_count) m_squared.pop_back();
        m_squared.insert(std::upper_bound(m_squared.begin(), m_squared.end(), squared), squared);
    }
    double meanDistance() const {
        double sum = 0.0;
        for (const float squared : m_squared)
            sum += std::sqrt(static_cast<double>(squared));
        return m_squared.empty() ? 0.0 : sum / static_cast<double>(m_squared.size());
    }

 private:
    std::size_t m_count;
    std::vector<float> m_squared;
};

}  // namespace

std::optional<std::vector<double>> neighbourDistances(const Matrix& features, std::span<const std::size_t> sample,
                                                      std::size_t neighbours, const Job& job) {
    std::vector<double> distances;
    distances.reserve(features.rows);
    for (std::size_t i = 0; i < features.rows; ++i) {
        if (i % kRowsBetweenLooks == 0) {
            if (job.cancelled()) return std::nullopt;
            job.report("Comparing", static_cast<std::int64_t>(i), static_cast<std::int64_t>(features.rows));
        }
        Smallest nearest(neighbours);
        const auto row = features.row(i);
        for (const std::size_t other : sample) {
            if (other == i) continue;
            nearest.add(geometry::squaredDistance(row, features.row(other), nearest.limit()));
        }
        distances.push_back(nearest.meanDistance());
    }
    return distances;
}

}  // namespace querent::select::rlmba
