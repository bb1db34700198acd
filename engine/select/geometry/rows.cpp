#include "engine/select/geometry/rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace querent::select::geometry {
namespace {

constexpr std::size_t kDimensions = 64;  // between two looks whether a distance is hopeless

/** Four numbers in one register; GCC and clang know it on every processor. Left to itself, GCC 12 adds one by one. */
using Lanes [[gnu::vector_size(16)]] = float;
constexpr std::size_t kLanes = 4;
constexpr std::size_t kStep = 4 * kLanes;  // four sums at once hide the latency of an addition

Lanes load(const float* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

/** Sums that grow step by step. */
struct Sums {
    Lanes a{}, b{}, c{}, d{};

    void addProducts(const float* x, const float* y) {
        a += load(x) * load(y);
        b += load(x + kLanes) * load(y + kLanes);
        c += load(x + 2 * kLanes) * load(y + 2 * kLanes);
        d += load(x + 3 * kLanes) * load(y + 3 * kLanes);
    }
    void addSquares(const float* x, const float* y) {
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

}  // namespace

float dotProduct(std::span<const float> x, std::span<const float> y) {
    Sums sums;
    const std::size_t even = x.size() - x.size() % kStep;
    for (std::size_t i = 0; i < even; i += kStep)
        sums.addProducts(x.data() + i, y.data() + i);
    float rest = 0.0F;
    for (std::size_t i = even; i < x.size(); ++i)
        rest += x[i] * y[i];
    return sums.total() + rest;
}

float squaredDistance(std::span<const float> x, std::span<const float> y, float limit) {
    Sums sums;
    const std::size_t even = x.size() - x.size() % kStep;
    for (std::size_t i = 0; i < even;) {
        const std::size_t end = std::min(even, i + kDimensions);
        for (; i < end; i += kStep)
            sums.addSquares(x.data() + i, y.data() + i);
        if (sums.total() >= limit) return limit;
    }
    float rest = 0.0F;
    for (std::size_t i = even; i < x.size(); ++i)
        rest += (x[i] - y[i]) * (x[i] - y[i]);
    return sums.total() + rest;
}

float leastOf(std::span<const float> x) {
    Lanes least{};
    std::size_t i = 0;
    for (; i + kLanes <= x.size(); i += kLanes) {
        const Lanes some = load(x.data() + i);
        least = some < least ? some : least;
    }
    float all = std::min(std::min(least[0], least[1]), std::min(least[2], least[3]));
    for (; i < x.size(); ++i)
        all = std::min(all, x[i]);
    return all;
}

std::size_t paddedLength(std::size_t n) {
    return (n + kStep - 1) / kStep * kStep;
}

// Each lane adds n / kStep terms, the tail fewer than kStep; the sums are then added up. Each operation is off by
// at most 2^-24; twice that leaves room for what is neglected here.
double roundingOf(std::size_t n) {
    constexpr double kUnit = 1.0 / (1 << 24);
    return 2.0 * kUnit * (static_cast<double>(n) / kStep + kStep + 8.0);
}

std::vector<float> unitVector(std::span<const float> features) {
    double squares = 0.0;
    for (const float value : features)
        squares += static_cast<double>(value) * static_cast<double>(value);
    std::vector<float> unit(features.begin(), features.end());
    const double length = std::sqrt(squares);
    for (float& value : unit)
        value = length > 0.0 ? static_cast<float>(static_cast<double>(value) / length) : 0.0F;
    return unit;
}

double cosine(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size() || a.empty()) return 0.0;
    return static_cast<double>(dotProduct(a, b));
}

}  // namespace querent::select::geometry
