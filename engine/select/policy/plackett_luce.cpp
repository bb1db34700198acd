#include "engine/select/policy/plackett_luce.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace querent::select::policy {
namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

/** ln(exp(a) + exp(b)). */
double logAdd(double a, double b) {
    const double high = std::max(a, b);
    return high == kNothing ? kNothing : high + std::log1p(std::exp(std::min(a, b) - high));
}

/** The places of the largest keys, largest first. */
std::vector<std::size_t> largest(const std::vector<double>& keys, std::size_t count) {
    std::vector<std::size_t> order(keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&keys](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
    order.resize(std::min(count, order.size()));
    return order;
}

/** The place of each candidate in the batch, [K]; chosen.size() for those that are not in it. */
std::vector<std::size_t> placesOf(std::span<const std::size_t> chosen, std::size_t candidates) {
    std::vector<std::size_t> places(candidates, chosen.size());
    for (std::size_t j = 0; j < chosen.size(); ++j)
        places[chosen[j]] = j;
    return places;
}

}  // namespace

std::vector<std::size_t> PlackettLuce::sample(std::size_t count, Rng& rng) const {
    std::vector<double> keys = m_logits;
    // The generator can answer 0, whose key would be minus infinity.
    for (double& key : keys)
        key -= std::log(-std::log(std::max(rng.uniform(), 0x1.0p-54)));
    return largest(keys, count);
}

std::vector<std::size_t> PlackettLuce::best(std::size_t count) const {
    return largest(m_logits, count);
}

/** L_j, the logarithm of the sum over what is left before draw j: from the end, so that nothing is subtracted. */
std::vector<double> PlackettLuce::logNormalisers(std::span<const std::size_t> chosen) const {
    const std::vector<std::size_t> places = placesOf(chosen, m_logits.size());
    double high = kNothing;
    for (std::size_t i = 0; i < m_logits.size(); ++i) {
        if (places[i] == chosen.size()) high = std::max(high, m_logits[i]);
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < m_logits.size(); ++i) {
        if (places[i] == chosen.size()) sum += std::exp(m_logits[i] - high);
    }
    double rest = sum > 0.0 ? high + std::log(sum) : kNothing;
    std::vector<double> normalisers(chosen.size());
    for (std::size_t j = chosen.size(); j-- > 0;) {
        rest = logAdd(rest, m_logits[chosen[j]]);
        normalisers[j] = rest;
    }
    return normalisers;
}

double PlackettLuce::logProbability(std::span<const std::size_t> chosen) const {
    const std::vector<double> normalisers = logNormalisers(chosen);
    double sum = 0.0;
    for (std::size_t j = 0; j < chosen.size(); ++j)
        sum += std::min(0.0, m_logits[chosen[j]] - normalisers[j]);
    return sum;
}

WithGradient PlackettLuce::logProbabilityGradient(std::span<const std::size_t> chosen) const {
    const std::vector<double> normalisers = logNormalisers(chosen);
    const std::vector<std::size_t> places = placesOf(chosen, m_logits.size());
    // shares[j] = ln sum_{k <= j} exp(-L_k): the candidate drawn at j was in the running for draws 0..j.
    std::vector<double> shares;
    double share = kNothing;
    for (const double normaliser : normalisers) {
        share = logAdd(share, -normaliser);
        shares.push_back(share);
    }
    WithGradient result{logProbability(chosen), std::vector<double>(m_logits.size(), 0.0)};
    for (std::size_t i = 0; i < m_logits.size() && !chosen.empty(); ++i) {
        const bool drawn = places[i] < chosen.size();
        const double running = shares[drawn ? places[i] : chosen.size() - 1];
        result.gradient[i] = (drawn ? 1.0 : 0.0) - std::exp(m_logits[i] + running);
    }
    return result;
}

WithGradient PlackettLuce::drawEntropy(std::span<const std::size_t> chosen) const {
    const std::vector<double> normalisers = logNormalisers(chosen);
    const std::vector<std::size_t> places = placesOf(chosen, m_logits.size());
    WithGradient result{0.0, std::vector<double>(m_logits.size(), 0.0)};
    std::vector<double> logs(m_logits.size());
    for (std::size_t j = 0; j < chosen.size(); ++j) {
        double entropy = 0.0;
        for (std::size_t i = 0; i < m_logits.size(); ++i) {
            logs[i] = m_logits[i] - normalisers[j];
            if (places[i] >= j) entropy -= std::exp(logs[i]) * logs[i];
        }
        for (std::size_t i = 0; i < m_logits.size(); ++i) {
            if (places[i] >= j) result.gradient[i] -= std::exp(logs[i]) * (logs[i] + entropy);
        }
        result.value += entropy;
    }
    return result;
}

}  // namespace querent::select::policy
