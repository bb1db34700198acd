#pragma once

#include <cstddef>
#include <cstring>

namespace querent::select {

/** Sums of squared differences that grow step by step. */
class SquareSums {
 public:
    static constexpr std::size_t kStep = 16;  // numbers an add() reads: four sums at once hide an addition's latency

    void add(const float* x, const float* y) {
        const Lanes da = load(x) - load(y);
        const Lanes db = load(x + kLanes) - load(y + kLanes);
        const Lanes dc = load(x + 2 * kLanes) - load(y + 2 * kLanes);
        const Lanes dd = load(x + 3 * kLanes) - load(y + 3 * kLanes);
        m_a += da * da;
        m_b += db * db;
        m_c += dc * dc;
        m_d += dd * dd;
    }
    float total() const {
        const Lanes all = (m_a + m_b) + (m_c + m_d);
        return (all[0] + all[1]) + (all[2] + all[3]);
    }

 private:
    /** Four numbers in one register; GCC and clang know it on every processor. Left to itself, GCC 12 adds one by one.
     */
    using Lanes [[gnu::vector_size(16)]] = float;
    static constexpr std::size_t kLanes = 4;

    static Lanes load(const float* from) {
        Lanes lanes;
        std::memcpy(&lanes, from, sizeof lanes);
        return lanes;
    }

    Lanes m_a{}, m_b{}, m_c{}, m_d{};
};

/**
 * The squared Euclidean distance of two rows of `n` numbers, or `limit` when it is at least that, which is found out
 * early: rounded sums of squares never fall as they grow.
 */
inline float squaredDistance(const float* x, const float* y, std::size_t n, float limit) {
    constexpr std::size_t kDimensions = 64;  // between two looks whether a distance is hopeless
    SquareSums sums;
    const std::size_t even = n - n % SquareSums::kStep;
    for (std::size_t i = 0; i < even;) {
        const std::size_t end = even - i < kDimensions ? even : i + kDimensions;
        for (; i < end; i += SquareSums::kStep)
            sums.add(x + i, y + i);
        if (sums.total() >= limit) return limit;
    }
    float rest = 0.0F;
    for (std::size_t i = even; i < n; ++i)
        rest += (x[i] - y[i]) * (x[i] - y[i]);
    return sums.total() + rest;
}

}  // namespace querent::select
