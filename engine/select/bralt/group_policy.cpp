#include "engine/select/bralt/group_policy.h"

#include "engine/select/geometry/rows.h"
#include "engine/select/policy/item_terms.h"
#include "engine/select/policy/number_file.h"
#include "engine/select/policy/plackett_luce.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace querent::select::bralt {
namespace {

constexpr const char* kKind = "bral-t";
constexpr int kVersion = 1;
constexpr double kLargestShare = 4.0;  // of a class among what is labelled, times the groups

/** Ranks of the rows that were clustered; 0 for others. */
struct Ranks {
    std::vector<double> entropy, certainty, expected;  // [items.count()]
};

std::vector<double> rankedBy(const Items& items, std::span<const std::size_t> rows, double PredictionTerms::*field) {
    std::vector<double> values;
    for (const std::size_t row : rows)
        values.push_back(items.terms[row].*field);
    const std::vector<double> ranks = policy::rankNormalised(values);
    std::vector<double> all(items.count(), 0.0);
    for (std::size_t i = 0; i < rows.size(); ++i)
        all[rows[i]] = ranks[i];
    return all;
}

double toNearestGroup(std::span<const float> place, const GroupMeans& labelled) {
    float nearest = std::numeric_limits<float>::infinity();
    for (std::size_t g = 0; g < labelled.counts.size(); ++g) {
        if (labelled.counts[g] > 0)
            nearest = std::min(nearest, geometry::squaredDistance(place, labelled.means.row(g), nearest));
    }
    return std::isfinite(nearest) ? std::sqrt(static_cast<double>(nearest)) : 0.0;
}

/** Adds an item to the sums of its part. */
void addItem(const Items& items, std::size_t row, const Ranks& ranks, const std::vector<double>& shares,
             std::span<float> sums, double part) {
    for (std::size_t d = 0; d < kPlaceWidth; ++d)
        sums[d] += items.places.at(row, d) * static_cast<float>(part);
    const auto add = [&](std::size_t at, double value) { sums[kPlaceWidth + at] += static_cast<float>(part * value); };
    add(1, ranks.entropy[row]);
    add(2, ranks.certainty[row]);
    add(3, ranks.expected[row]);
    add(5, shares[static_cast<std::size_t>(items.terms[row].predicted)]);
}

/** Each group's share of what is labelled, times the number of groups. */
std::vector<double> sharesOf(const GroupMeans& labelled) {
    const double all = static_cast<double>(
        std::max<std::int64_t>(1, std::accumulate(labelled.counts.begin(), labelled.counts.end(), std::int64_t{0})));
    std::vector<double> shares;
    for (const std::int64_t count : labelled.counts) {
        const double share = static_cast<double>(count) / all * static_cast<double>(labelled.counts.size());
        shares.push_back(std::min(kLargestShare, share));
    }
    return shares;
}

std::optional<std::int64_t> countOf(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr std::int64_t kMost = std::int64_t{1} << 53;  // room to count on from
    if (problem != std::errc() || end != text.data() + text.size() || number < 0 || number > kMost) return std::nullopt;
    return number;
}

/** W1's columns of places and the direct path's: what another model's features have left behind. */
void forgetPlaces(policy::PolicyNet& policy) {
    const std::size_t inputs = kPartFeatures + kClusterStates;
    const auto parameters = policy.parameters();
    for (std::size_t h = 0; h < policy::PolicyNet::kHidden; ++h) {
        for (std::size_t i = 0; i < inputs; ++i) {
            if (i < kPlaceWidth || i >= kPartFeatures) parameters[h * inputs + i] = 0.0;
        }
    }
    const std::size_t skip = parameters.size() - kPartFeatures;
    std::fill_n(parameters.begin() + static_cast<std::ptrdiff_t>(skip), kPlaceWidth, 0.0);
}

}  // namespace

policy::PolicyNet newPolicy(std::uint64_t seed) {
    return policy::PolicyNet(kPartFeatures, kClusterStates, seed);
}

std::vector<policy::Decision> decisionsOf(const Items& items, std::span<const std::size_t> rows,
                                          const std::vector<Cluster>& clusters, const GroupMeans& labelled) {
    const Ranks ranks{rankedBy(items, rows, &PredictionTerms::entropy),
                      rankedBy(items, rows, &PredictionTerms::certainty),
                      rankedBy(items, rows, &PredictionTerms::expected)};
    const std::vector<double> shares = sharesOf(labelled);
    std::vector<policy::Decision> decisions;
    for (const Cluster& cluster : clusters) {
        policy::Decision decision;
        decision.candidates = Matrix(cluster.parts.size(), kPartFeatures);
        for (std::size_t p = 0; p < cluster.parts.size(); ++p) {
            const auto features = decision.candidates.row(p);
            const auto size = static_cast<double>(cluster.parts[p].size());
            for (const std::size_t row : cluster.parts[p])
                addItem(items, row, ranks, shares, features, 1.0 / size);
            features[kPlaceWidth] = static_cast<float>(size / static_cast<double>(cluster.size()));
            features[kPlaceWidth + 4] = static_cast<float>(toNearestGroup(features.first(kPlaceWidth), labelled));
        }
        decision.state.assign(kClusterStates, 0.0);
        if (cluster.group >= 0) {
            const auto mean = labelled.means.row(static_cast<std::size_t>(cluster.group));
            std::copy(mean.begin(), mean.end(), decision.state.begin());
        }
        decisions.push_back(std::move(decision));
    }
    return decisions;
}

PartOrder likeliestParts(const policy::PolicyNet& policy, const std::vector<policy::Decision>& decisions) {
    PartOrder order;
    for (const policy::Decision& decision : decisions) {
        const policy::PlackettLuce parts(policy.forward(decision.candidates, decision.state).logits);
        order.push_back(parts.best(decision.candidates.rows));
    }
    return order;
}

PartOrder drawParts(const policy::PolicyNet& policy, std::vector<policy::Decision>& decisions, Rng& rng) {
    PartOrder order;
    for (policy::Decision& decision : decisions) {
        const policy::PlackettLuce parts(policy.forward(decision.candidates, decision.state).logits);
        decision.chosen = parts.sample(1, rng);
        std::vector<std::size_t> all = parts.best(decision.candidates.rows);
        std::stable_partition(all.begin(), all.end(), [&](std::size_t p) { return p == decision.chosen.front(); });
        order.push_back(std::move(all));
    }
    return order;
}

std::string packMemory(const policy::PolicyNet& policy, std::int64_t episodes) {
    policy::NumberFile file;
    file.lines = {{"features", std::to_string(policy.features())},
                  {"states", std::to_string(policy.states())},
                  {"episodes", std::to_string(episodes)}};
    file.rows["parameters"].assign(policy.parameters().begin(), policy.parameters().end());
    return policy::packNumbers(file, kKind, kVersion);
}

Result<Memory> unpackMemory(std::string_view bytes) {
    const auto file = policy::unpackNumbers(bytes, kKind, kVersion);
    if (!file) return file.error();
    Memory memory{newPolicy(0), 0};
    const auto features = countOf(file->line("features"));
    const auto states = countOf(file->line("states"));
    const auto episodes = countOf(file->line("episodes"));
    const std::vector<double>& parameters = file->row("parameters");
    const bool fits = features == static_cast<std::int64_t>(kPartFeatures) &&
                      states == static_cast<std::int64_t>(kClusterStates) &&
                      parameters.size() == memory.policy.parameters().size();
    if (!fits || !episodes) return fail(ErrorCode::Corrupt, "The bral-t file holds numbers that no policy has.");
    std::copy(parameters.begin(), parameters.end(), memory.policy.parameters().begin());
    memory.episodes = *episodes;
    forgetPlaces(memory.policy);
    return memory;
}

}  // namespace querent::select::bralt
