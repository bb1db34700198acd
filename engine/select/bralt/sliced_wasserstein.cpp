#include "engine/select/bralt/sliced_wasserstein.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>

namespace querent::select::bralt {

double squaredWasserstein1d(std::span<const double> a, std::span<const double> b) {
    // Both quantile functions are walked together; a step of one ends at (i + 1) / |a|, of the other at (j + 1) / |b|.
    double sum = 0.0;
    double from = 0.0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const std::size_t left = (i + 1) * b.size();
        const std::size_t right = (j + 1) * a.size();
        const double to = static_cast<double>(std::min(left, right)) / static_cast<double>(a.size() * b.size());
        sum += (to - from) * (a[i] - b[j]) * (a[i] - b[j]);
        from = to;
        if (left <= right) ++i;
        if (right <= left) ++j;
    }
    return sum;
}

SlicedWasserstein::SlicedWasserstein(std::size_t columns, std::uint64_t seed, std::size_t directions) {
    Rng rng(seed, "slices");
    for (std::size_t k = 0; k < directions; ++k) {
        std::vector<double> direction(columns);
        double squares = 0.0;
        while (squares < 1e-12) {
            squares = 0.0;
            for (double& value : direction) {
                value = rng.normal();
                squares += value * value;
            }
        }
        for (double& value : direction)
            value /= std::sqrt(squares);
        m_directions.push_back(std::move(direction));
    }
}

std::vector<std::vector<double>> SlicedWasserstein::shadows(const Matrix& points,
                                                            std::span<const std::size_t> rows) const {
    std::vector<std::vector<double>> all;
    for (const std::vector<double>& direction : m_directions) {
        std::vector<double> shadow;
        for (const std::size_t row : rows) {
            double along = 0.0;
            for (std::size_t d = 0; d < direction.size(); ++d)
                along += direction[d] * static_cast<double>(points.at(row, d));
            shadow.push_back(along);
        }
        std::sort(shadow.begin(), shadow.end());
        all.push_back(std::move(shadow));
    }
    return all;
}

double SlicedWasserstein::distance(const std::vector<std::vector<double>>& a,
                                   const std::vector<std::vector<double>>& b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k)
        sum += squaredWasserstein1d(a[k], b[k]);
    return std::sqrt(sum / static_cast<double>(a.size()));
}

}  // namespace querent::select::bralt
