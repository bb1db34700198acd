#include "engine/select/bralt/take_turns.h"

#include "engine/select/geometry/nearest_centres.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace querent::select::bralt {
namespace {

constexpr std::size_t kWithDistance = 500;

/** Rows by predicted group, the largest expected score first; groups that nobody is predicted in are left out. */
std::vector<std::vector<std::size_t>> groupsOf(const Items& items, const std::vector<std::int64_t>& labelledPerGroup,
                                               const std::vector<double>& keys) {
    std::vector<std::size_t> turns(labelledPerGroup.size());
    std::iota(turns.begin(), turns.end(), std::size_t{0});
    std::stable_sort(turns.begin(), turns.end(),
                     [&](std::size_t a, std::size_t b) { return labelledPerGroup[a] < labelledPerGroup[b]; });
    std::vector<std::vector<std::size_t>> groups(turns.size());
    for (std::size_t t = 0; t < turns.size(); ++t) {
        for (std::size_t i = 0; i < items.count(); ++i) {
            if (items.terms[i].predicted == static_cast<int>(turns[t])) groups[t].push_back(i);
        }
        std::sort(groups[t].begin(), groups[t].end(), [&](std::size_t a, std::size_t b) {
            const double x = items.terms[a].expected, y = items.terms[b].expected;
            return x != y ? x > y : keys[a] > keys[b];
        });
    }
    std::erase_if(groups, [](const auto& group) { return group.empty(); });
    return groups;
}

/** The place in the group of the item that is worth most; the first of equals. */
std::size_t bestOf(const Items& items, const std::vector<std::size_t>& group, const std::vector<float>& squared) {
    std::size_t best = 0;
    double most = -1.0;
    for (std::size_t at = 0; at < group.size(); ++at) {
        const auto distance = static_cast<double>(squared[group[at]]);
        const double worth = items.terms[group[at]].expected * (std::isfinite(distance) ? std::sqrt(distance) : 1.0);
        if (worth <= most) continue;
        most = worth;
        best = at;
    }
    return best;
}

}  // namespace

std::optional<std::vector<std::size_t>> takeTurns(const Items& items, const std::vector<std::int64_t>& labelledPerGroup,
                                                  std::size_t count, std::uint64_t seed, const Job& job) {
    auto groups = groupsOf(items, labelledPerGroup, tieKeys(items.ids, seed));
    geometry::NearestCentres taken(items.places);
    std::vector<std::size_t> batch;
    const std::size_t wanted = std::min(count, items.count());
    for (std::size_t turn = 0; batch.size() < wanted; ++turn) {
        if (job.cancelled()) return std::nullopt;
        std::vector<std::size_t>& group = groups[turn % groups.size()];
        if (group.empty()) continue;
        const bool near = batch.size() < kWithDistance;
        const auto at = static_cast<std::ptrdiff_t>(near ? bestOf(items, group, taken.squared()) : 0);
        batch.push_back(group[static_cast<std::size_t>(at)]);
        group.erase(group.begin() + at);
        if (near && !taken.add(items.places.row(batch.back()), job)) return std::nullopt;
    }
    return batch;
}

}  // namespace querent::select::bralt
