#include "engine/core/rng.h"

#include "engine/core/hash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace querent {
namespace {

// SplitMix64 (Steele et al. 2014), the generator that xoshiro's authors recommend for filling its state.
std::uint64_t splitMix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

}  // namespace

std::uint64_t deriveSeed(std::uint64_t seed, std::string_view purpose) {
    std::uint64_t state = seed ^ fnv1a(purpose);
    return splitMix(state);
}

Rng::Rng(std::uint64_t seed) {
    for (std::uint64_t& word : m_state)
        word = splitMix(seed);
}

Rng::Rng(std::uint64_t seed, std::string_view purpose) : Rng(deriveSeed(seed, purpose)) {}

std::uint64_t Rng::operator()() {
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Rng::uniform() {
    return static_cast<double>((*this)() >> 11) * 0x1.0p-53;
}

std::size_t Rng::index(std::size_t n) {
    // Rejection keeps it exactly uniform; for the n we use it almost never repeats.
    const std::uint64_t limit = max() - max() % n;
    std::uint64_t draw = (*this)();
    while (draw >= limit)
        draw = (*this)();
    return static_cast<std::size_t>(draw % n);
}

int Rng::integer(int low, int high) {
    return low + static_cast<int>(index(static_cast<std::size_t>(high - low) + 1));
}

double Rng::normal() {
    // Box-Muller without keeping the second value: a call then depends on the state alone.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::size_t> Rng::sample(std::size_t n, std::size_t count) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::size_t wanted = std::min(n, count);
    for (std::size_t i = 0; i < wanted; ++i)
        std::swap(all[i], all[i + index(n - i)]);
    all.resize(wanted);
    return all;
}

std::size_t Rng::weighted(std::span<const double> weights) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (!(total > 0.0)) return index(weights.size());
    double left = uniform() * total;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0.0) continue;
        last = i;
        left -= weights[i];
        if (left < 0.0) break;
    }
    return last;
}

}  // namespace querent
