#include "engine/select/geometry/nearest_centres.h"

#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"

#include <algorithm>
#include <limits>

namespace querent::select::geometry {
namespace {

constexpr std::size_t kBlockRows = 128;          // points that stay in the cache while all centres pass
constexpr std::size_t kRowsBetweenLooks = 4096;  // how often to ask whether the job was cancelled
constexpr std::size_t kCentresBetweenLooks = 256;

}  // namespace

NearestCentres::NearestCentres(const Matrix& points)
    : m_points(points), m_squared(points.rows, std::numeric_limits<float>::infinity()), m_nearest(points.rows, kNone) {}

/**
 * A quarter of the squared distance of a centre to each that is remembered: a point that is nearer to that one than
 * this is no farther from it than from the new one. Rounded down by more than all the sums can be wrong.
 */
std::vector<float> NearestCentres::quarters(std::span<const float> centre) const {
    const auto factor = static_cast<float>(0.25 * std::max(0.0, 1.0 - 8.0 * roundingOf(m_points.cols)));
    std::vector<float> quarters(m_count);
    for (std::size_t c = 0; c < m_count; ++c) {
        const std::span<const float> other(m_centres.data() + c * m_points.cols, m_points.cols);
        quarters[c] = factor * squaredDistance(centre, other, std::numeric_limits<float>::infinity());
    }
    return quarters;
}

void NearestCentres::remember(std::span<const float> centre) {
    if (m_count == kMostRemembered) return;
    m_centres.insert(m_centres.end(), centre.begin(), centre.end());
    ++m_count;
}

void NearestCentres::update(std::size_t begin, std::size_t end, std::span<const float> centre, std::uint32_t index,
                            std::span<const float> quarters) {
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t nearest = m_nearest[i];
        if (nearest < quarters.size() && quarters[nearest] >= m_squared[i]) continue;
        const float value = squaredDistance(m_points.row(i), centre, m_squared[i]);
        if (value >= m_squared[i]) continue;
        m_squared[i] = value;
        m_nearest[i] = index;
    }
}

bool NearestCentres::add(std::span<const float> centre, const Job& job) {
    const std::vector<float> apart = quarters(centre);
    const auto index = m_count < kMostRemembered ? static_cast<std::uint32_t>(m_count) : kNone;
    remember(centre);
    for (std::size_t begin = 0; begin < m_points.rows; begin += kRowsBetweenLooks) {
        if (job.cancelled()) return false;
        update(begin, std::min(m_points.rows, begin + kRowsBetweenLooks), centre, index, apart);
    }
    return true;
}

bool NearestCentres::addAll(const Matrix& centres, const Job& job) {
    std::vector<std::size_t> usable;
    std::vector<std::uint32_t> indices;
    std::vector<std::vector<float>> apart;
    for (std::size_t c = 0; c < centres.rows; ++c) {
        if (!allFinite(centres.row(c))) continue;
        if (c % kCentresBetweenLooks == 0 && job.cancelled()) return false;
        usable.push_back(c);
        indices.push_back(m_count < kMostRemembered ? static_cast<std::uint32_t>(m_count) : kNone);
        apart.push_back(indices.back() == kNone ? std::vector<float>() : quarters(centres.row(c)));
        remember(centres.row(c));
    }
    for (std::size_t begin = 0; begin < m_points.rows; begin += kBlockRows) {
        const std::size_t end = std::min(m_points.rows, begin + kBlockRows);
        for (std::size_t c = 0; c < usable.size(); ++c) {
            if (c % kCentresBetweenLooks == 0 && job.cancelled()) return false;
            update(begin, end, centres.row(usable[c]), indices[c], apart[c]);
        }
        job.report("Comparing", static_cast<std::int64_t>(end), static_cast<std::int64_t>(m_points.rows));
    }
    return true;
}

}  // namespace querent::select::geometry
