#include "engine/core/mean_interval.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace querent {
namespace {

// 97.5 % quantiles of Student's t for 1..30 degrees of freedom; beyond, the normal's is close enough.
constexpr std::array<double, 30> kStudent = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};

double quantile(std::size_t freedom) {
    return freedom <= kStudent.size() ? kStudent[freedom - 1] : 1.96;
}

}  // namespace

MeanInterval meanInterval(std::span<const double> values) {
    MeanInterval interval;
    if (values.empty()) return interval;
    const auto count = static_cast<double>(values.size());
    interval.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    if (values.size() < 2) return interval;
    double squares = 0.0;
    for (const double value : values)
        squares += (value - interval.mean) * (value - interval.mean);
    interval.half = quantile(values.size() - 1) * std::sqrt(squares / (count - 1.0) / count);
    return interval;
}

}  // namespace querent
