#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::select::geometry {

/**
 * The distance of every point to the nearest of a growing set of centres. Adding a centre looks at each point once;
 * a distance is left out where the triangle inequality says that it cannot be the smallest, and given up as soon as it
 * is sure not to be; neither changes anything in the result, to the last bit.
 * Distances are Euclidean, computed as sums of squared differences, so that equal rows are at exactly 0.
 */
class NearestCentres {
 public:
    /** `points` outlives it. All distances start at infinity. */
    explicit NearestCentres(const Matrix& points);

    /** A centre of points.cols numbers. False when cancelled; the distances are then of no use. */
    bool add(std::span<const float> centre, const Job& job);

    /** Every finite row of `centres`; same result as adding one after the other, faster. Reports "Comparing". */
    bool addAll(const Matrix& centres, const Job& job);

    /** [points.rows], infinity while there is no centre. */
    const std::vector<float>& squared() const { return m_squared; }

    /** Centres beyond so many are not told apart by nearest(). */
    static constexpr std::size_t kMostRemembered = 2048;
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    /** [points.rows], which centre is nearest, counted as they came, the first of several; kNone: not told apart. */
    const std::vector<std::uint32_t>& nearest() const { return m_nearest; }

 private:
    std::vector<float> quarters(std::span<const float> centre) const;
    void remember(std::span<const float> centre);
    void update(std::size_t begin, std::size_t end, std::span<const float> centre, std::uint32_t index,
                std::span<const float> quarters);

    const Matrix& m_points;
    std::vector<float> m_squared;
    std::vector<std::uint32_t> m_nearest;  // which of the centres; kNone for one that is not remembered
    std::vector<float> m_centres;          // the first ones, row by row
    std::size_t m_count = 0;               // of the centres that are remembered
};

}  // namespace querent::select::geometry
