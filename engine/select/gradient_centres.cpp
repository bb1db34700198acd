#include "engine/select/gradient_centres.h"

#include "engine/select/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace querent::select {
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
      m_norms(residuals.rows, 0.0),
      m_lengths(residuals.rows, 0.0),
      m_squared(residuals.rows, 0.0),
      m_nearest(residuals.rows, 0) {
    std::erase_if(m_rows, [this](std::size_t i) {
        const auto z = m_features.row(i);
        const auto squaredFeatures = static_cast<double>(dotProduct(z, z));
        if (!std::isfinite(squaredFeatures)) return true;
        const auto a = m_residuals.row(i);
        m_norms[i] = static_cast<double>(dotProduct(a, a)) * squaredFeatures;
        m_lengths[i] = std::sqrt(squaredFeatures);
        m_squared[i] = std::numeric_limits<double>::infinity();
        m_positive = m_positive && std::all_of(z.begin(), z.end(), [](float value) { return value >= 0.0F; });
        return false;
    });
}

bool GradientCentres::add(std::size_t index, const Job& job) {
    m_between.clear();
    for (const std::size_t other : m_centres)
        m_between.push_back(distance(other, index));
    m_centres.push_back(index);
    for (std::size_t place = 0; place < m_rows.size(); ++place) {
        if (place % kRowsBetweenLooks == 0 && job.cancelled()) return false;
        if (!cannotBeNearer(m_rows[place], index)) compare(m_rows[place], index);
    }
    m_squared[index] = 0.0;
    return true;
}

// What costs least comes first; the residuals' product is left to compare().
bool GradientCentres::cannotBeNearer(std::size_t i, std::size_t centre) const {
    const double now = m_squared[i];
    if (now <= 0.0) return true;
    if (!std::isfinite(now)) return false;
    const double norms = m_norms[i] + m_norms[centre];
    const double lengths = norms - 2.0 * std::sqrt(m_norms[i] * m_norms[centre]);
    if (lengths - m_rounding * norms >= now) return true;
    const double all = norms + m_norms[m_centres[m_nearest[i]]];
    return m_between[m_nearest[i]] >= 4.0 * (now + 4.0 * m_rounding * all);
}

void GradientCentres::compare(std::size_t i, std::size_t centre) {
    const auto residuals = static_cast<double>(dotProduct(m_residuals.row(i), m_residuals.row(centre)));
    const double norms = m_norms[i] + m_norms[centre];
    const double reach =
        (m_positive ? std::max(0.0, residuals) : std::abs(residuals)) * m_lengths[i] * m_lengths[centre];
    if (norms - 2.0 * reach - m_rounding * norms >= m_squared[i]) return;
    const auto features = static_cast<double>(dotProduct(m_features.row(i), m_features.row(centre)));
    ++m_products;
    const double value = std::max(0.0, norms - 2.0 * residuals * features);
    if (value >= m_squared[i]) return;
    m_squared[i] = value;
    m_nearest[i] = m_centres.size() - 1;
}

double GradientCentres::distance(std::size_t i, std::size_t centre) {
    const auto residuals = static_cast<double>(dotProduct(m_residuals.row(i), m_residuals.row(centre)));
    const auto features = static_cast<double>(dotProduct(m_features.row(i), m_features.row(centre)));
    ++m_products;
    return std::max(0.0, m_norms[i] + m_norms[centre] - 2.0 * residuals * features);
}

}  // namespace querent::select
