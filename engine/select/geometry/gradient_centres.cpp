#include "engine/select/geometry/gradient_centres.h"

#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace querent::select::geometry {
namespace {

constexpr std::size_t kRowsBetweenLooks = 4096;  // how often to ask whether the job was cancelled

}  // namespace

// A distance is off by at most twice the rounding of its products, measured by the two squared norms, and a bound by
// twice as well; the rest is room.
GradientCentres::GradientCentres(const Matrix& residuals, const Matrix& features, std::vector<std::size_t> rows)
    : m_residuals(residuals),
      m_features(features),
      m_rows(std::move(rows)),
      m_rounding(8.0 * (roundingOf(residuals.cols) + roundingOf(features.cols))),
      m_points(residuals.rows),
      m_squared(residuals.rows, 0.0) {
    std::erase_if(m_rows, [this](std::size_t i) {
        const auto z = m_features.row(i);
        const auto squaredFeatures = static_cast<double>(dotProduct(z, z));
        if (!std::isfinite(squaredFeatures)) return true;
        Point& point = m_points[i];
        point.norm = residualProduct(i, i) * squaredFeatures;
        point.root = std::sqrt(point.norm);
        point.length = std::sqrt(squaredFeatures);
        m_squared[i] = std::numeric_limits<double>::infinity();
        m_positive = m_positive && leastOf(z) >= 0.0F;
        return false;
    });
}

bool GradientCentres::add(std::size_t index, const Job& job) {
    for (Centre& other : m_centres)
        other.between = distance(other.index, index, residualProduct(other.index, index));
    m_centres.push_back({m_points[index].norm, 0.0, index});
    const Point centre = m_points[index];
    for (std::size_t place = 0; place < m_rows.size(); ++place) {
        if (place % kRowsBetweenLooks == 0 && job.cancelled()) return false;
        const std::size_t i = m_rows[place];
        if (!cannotBeNearer(m_points[i], m_squared[i], centre)) compare(i, index);
    }
    m_squared[index] = 0.0;
    return true;
}

// What costs least comes first; the residuals' product is left to compare().
bool GradientCentres::cannotBeNearer(const Point& point, double now, const Point& centre) const {
    if (now <= 0.0) return true;
    if (now == std::numeric_limits<double>::infinity()) return false;
    const double norms = point.norm + centre.norm;
    const double apart = point.root - centre.root;
    if (apart * apart - m_rounding * norms >= now) return true;
    const Centre& nearest = m_centres[point.nearest];
    return nearest.between >= 4.0 * (now + 4.0 * m_rounding * (norms + nearest.norm));
}

void GradientCentres::compare(std::size_t i, std::size_t centre) {
    const Point& one = m_points[i];
    const Point& other = m_points[centre];
    const double residuals = residualProduct(i, centre);
    const double norms = one.norm + other.norm;
    const double reach = (m_positive ? std::max(0.0, residuals) : std::abs(residuals)) * one.length * other.length;
    if (norms - 2.0 * reach - m_rounding * norms >= m_squared[i]) return;
    const double value = distance(i, centre, residuals);
    if (value >= m_squared[i]) return;
    m_squared[i] = value;
    m_points[i].nearest = m_centres.size() - 1;
}

double GradientCentres::residualProduct(std::size_t i, std::size_t j) const {
    return static_cast<double>(dotProduct(m_residuals.row(i), m_residuals.row(j)));
}

double GradientCentres::distance(std::size_t i, std::size_t centre, double residuals) {
    const auto features = static_cast<double>(dotProduct(m_features.row(i), m_features.row(centre)));
    ++m_products;
    return std::max(0.0, m_points[i].norm + m_points[centre].norm - 2.0 * residuals * features);
}

}  // namespace querent::select::geometry
