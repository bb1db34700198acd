#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::select::geometry {

/**
 * Points that are outer products, g_i = a_i (x) z_i, and the squared distance of each to the nearest of a growing set
 * of centres among them. The products, C x D numbers each, are never made:
 *     |g_i - g_j|^2 = |a_i|^2 |z_i|^2 + |a_j|^2 |z_j|^2 - 2 (a_i . a_j) (z_i . z_j), at least 0.
 *
 * A point whose features need not be looked at is left as it is: when a lower bound of its distance to the new centre,
 * less all that rounding can do, is not below what it has. The bounds are the difference of the lengths; the triangle
 * inequality over the nearest centre; and |z_i . z_j| <= |z_i| |z_j| with the residuals' own product. So nothing in the
 * result depends on them, and a centre costs at most one pass over the features, usually much less.
 */
class GradientCentres {
 public:
    /**
     * `residuals` [N, C] (a) and `features` [N, D] (z) outlive it. Only `rows` are points, ascending and finite; what
     * is said of other rows is 0. All distances start at infinity.
     */
    GradientCentres(const Matrix& residuals, const Matrix& features, std::vector<std::size_t> rows);

    /** The points that are left: without those whose squared length is too large for a float. */
    const std::vector<std::size_t>& rows() const { return m_rows; }
    /** Point `index` becomes a centre; its distance is 0 from then on. False when cancelled; no use afterwards. */
    bool add(std::size_t index, const Job& job);

    /** [N], infinity while there is no centre. */
    const std::vector<double>& squared() const { return m_squared; }
    /** |g_i|^2. */
    double squaredNorm(std::size_t index) const { return m_points[index].norm; }
    /** How often two rows of features were multiplied so far: what the bounds save can be seen. */
    std::int64_t products() const { return m_products; }

 private:
    /** What is asked of every point for every centre lies together. */
    struct Point {
        double norm = 0.0;        // |g|^2
        double root = 0.0;        // |g|
        double length = 0.0;      // |z|
        std::size_t nearest = 0;  // which of m_centres
    };
    struct Centre {
        double norm = 0.0;     // |g|^2
        double between = 0.0;  // squared distance to the centre that is being added
        std::size_t index = 0;
    };

    bool cannotBeNearer(const Point& point, double now, const Point& centre) const;
    void compare(std::size_t i, std::size_t centre);
    double distance(std::size_t i, std::size_t centre, double residuals);
    double residualProduct(std::size_t i, std::size_t j) const;

    const Matrix& m_residuals;
    const Matrix& m_features;
    std::vector<std::size_t> m_rows;
    double m_rounding;
    bool m_positive = true;  // no feature is negative, so that z_i . z_j is not
    std::vector<Point> m_points;
    std::vector<double> m_squared;
    std::vector<Centre> m_centres;
    std::int64_t m_products = 0;
};

}  // namespace querent::select::geometry
