#include "engine/select/nearest_centres.h"

#include "engine/select/input_check.h"
#include "engine/select/rows.h"

#include <algorithm>
#include <limits>

namespace querent::select {
namespace {

constexpr std::size_t kBlockRows = 128;          // points that stay in the cache while all centres pass
constexpr std::size_t kRowsBetweenLooks = 4096;  // how often to ask whether the job was cancelled
constexpr std::size_t kCentresBetweenLooks = 256;

}  // namespace

NearestCentres::NearestCentres(const Matrix& points)
    : m_points(points), m_squared(points.rows, std::numeric_limits<float>::infinity()) {}

void NearestCentres::update(std::size_t begin, std::size_t end, std::span<const float> centre) {
    for (std::size_t i = begin; i < end; ++i) {
        const float value = squaredDistance(m_points.row(i), centre, m_squared[i]);
        if (value < m_squared[i]) m_squared[i] = value;
    }
}

bool NearestCentres::add(std::span<const float> centre, const Job& job) {
    for (std::size_t begin = 0; begin < m_points.rows; begin += kRowsBetweenLooks) {
        if (job.cancelled()) return false;
        update(begin, std::min(m_points.rows, begin + kRowsBetweenLooks), centre);
    }
    return true;
}

bool NearestCentres::addAll(const Matrix& centres, const Job& job) {
    std::vector<std::size_t> usable;
    for (std::size_t c = 0; c < centres.rows; ++c) {
        if (finiteRow(centres.row(c))) usable.push_back(c);
    }
    for (std::size_t begin = 0; begin < m_points.rows; begin += kBlockRows) {
        const std::size_t end = std::min(m_points.rows, begin + kBlockRows);
        for (std::size_t c = 0; c < usable.size(); ++c) {
            if (c % kCentresBetweenLooks == 0 && job.cancelled()) return false;
            update(begin, end, centres.row(usable[c]));
        }
        job.report("Comparing", static_cast<std::int64_t>(end), static_cast<std::int64_t>(m_points.rows));
    }
    return true;
}

}  // namespace querent::select
