#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace querent {

/**
 * A small random generator (xoshiro256**, Blackman and Vigna 2018) whose numbers are the same on every platform and
 * library: the distributions of <random> are not. Every random source of the engine takes one, or a seed that is
 * recorded. Not for several threads at once.
 */
class Rng {
 public:
    using result_type = std::uint64_t;

    explicit Rng(std::uint64_t seed);
    /** An independent stream for a named purpose: same seed and name, same numbers. */
    Rng(std::uint64_t seed, std::string_view purpose);

    static constexpr std::uint64_t min() { return 0; }
    static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }
    std::uint64_t operator()();

    /** Uniform in [0, 1). */
    double uniform();
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /** Uniform in [0, n); n > 0. */
    std::size_t index(std::size_t n);
    /** Uniform in [low, high], both ends included. */
    int integer(int low, int high);
    bool chance(double probability) { return uniform() < probability; }
    /** Standard normal. */
    double normal();

    template <typename T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[index(i)]);
    }
    /** `count` different indices below n in random order; all of them when count >= n. */
    std::vector<std::size_t> sample(std::size_t n, std::size_t count);
    /** Index drawn with probability proportional to `weights` (>= 0); uniform when they are all 0. */
    std::size_t weighted(std::span<const double> weights);

 private:
    std::uint64_t m_state[4];
};

/** A seed for a named purpose, derived from another seed. */
std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose);

}  // namespace querent
