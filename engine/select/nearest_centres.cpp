#include "engine/select/nearest_centres.h"

#include "engine/select/input_check.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace querent::select {
namespace {

constexpr std::size_t kDimensions = 64;          // between two looks whether a distance is hopeless
constexpr std::size_t kBlockRows = 128;          // points that stay in the cache while all centres pass
constexpr std::size_t kRowsBetweenLooks = 4096;  // how often to ask whether the job was cancelled
constexpr std::size_t kCentresBetweenLooks = 256;

/** Four numbers in one register; GCC and clang know it on every processor. Left to itself, GCC 12 adds one by one. */
using Lanes [[gnu::vector_size(16)]] = float;
constexpr std::size_t kLanes = 4;
constexpr std::size_t kStep = 4 * kLanes;  // four sums at once hide the latency of an addition

Lanes load(const float* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

/** Sums of squared differences that grow step by step. */
struct SquareSums {
    Lanes a{}, b{}, c{}, d{};

    void add(const float* x, const float* y) {
        const Lanes da = load(x) - load(y);
        const Lanes db = load(x + kLanes) - load(y + kLanes);
        const Lanes dc = load(x + 2 * kLanes) - load(y + 2 * kLanes);
        const Lanes dd = load(x + 3 * kLanes) - load(y + 3 * kLanes);
        a += da * da;
        b += db * db;
        c += dc * dc;
        d += dd * dd;
    }
    float total() const {
        const Lanes all = (a + b) + (c + d);
        return (all[0] + all[1]) + (all[2] + all[3]);
    }
};

/** The squared distance, or `limit` when it is at least that: rounded sums of squares never fall as they grow. */
float squaredDistance(const float* x, const float* y, std::size_t n, float limit) {
    SquareSums sums;
    const std::size_t even = n - n % kStep;
    for (std::size_t i = 0; i < even;) {
        const std::size_t end = std::min(even, i + kDimensions);
        for (; i < end; i += kStep)
            sums.add(x + i, y + i);
        if (sums.total() >= limit) return limit;
    }
    float rest = 0.0F;
    for (std::size_t i = even; i < n; ++i)
        rest += (x[i] - y[i]) * (x[i] - y[i]);
    return sums.total() + rest;
}

}  // namespace

NearestCentres::NearestCentres(const Matrix& points)
    : m_points(points), m_squared(points.rows, std::numeric_limits<float>::infinity()) {}

void NearestCentres::update(std::size_t begin, std::size_t end, std::span<const float> centre) {
    for (std::size_t i = begin; i < end; ++i) {
        const float value = squaredDistance(m_points.row(i).data(), centre.data(), m_points.cols, m_squared[i]);
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
