#pragma once

#include "engine/core/rng.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

namespace querent::select {

inline bool near(double a, double b, double tolerance = 1e-9) {
    return std::abs(a - b) <= tolerance;
}

inline std::vector<double> normals(std::size_t count, double deviation, Rng& rng) {
    std::vector<double> values(count);
    for (double& value : values)
        value = deviation * rng.normal();
    return values;
}

/** The largest difference between a gradient and central differences of `function` around `at`. */
inline double gradientError(const std::function<double()>& function, std::span<double> at,
                            std::span<const double> gradient, double step = 1e-5) {
    double worst = 0.0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const double before = at[i];
        at[i] = before + step;
        const double above = function();
        at[i] = before - step;
        const double below = function();
        at[i] = before;
        worst = std::max(worst, std::abs((above - below) / (2.0 * step) - gradient[i]));
    }
    return worst;
}

}  // namespace querent::select
