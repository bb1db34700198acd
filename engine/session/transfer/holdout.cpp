#include "engine/session/transfer/holdout.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace querent::session::transfer {
namespace {

constexpr std::size_t kParts = 3;  // pool, val, test

// How many items, and how many items of each class, a part still wants.
struct Wish {
    double items = 0.0;
    std::map<ClassId, double> byClass;
};

// An item counts once for a class, however many annotations of it there are.
std::vector<ClassId> differentClasses(const HoldoutItem& item) {
    std::vector<ClassId> classes = item.classes;
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    return classes;
}

std::map<ClassId, std::vector<std::size_t>> membersByClass(const std::vector<HoldoutItem>& items) {
    std::map<ClassId, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (const ClassId label : differentClasses(items[i]))
            members[label].push_back(i);
    }
    return members;
}

// The part that wants this class most; ties by who wants items most. A part that is full takes nothing.
std::size_t neediest(const std::array<Wish, kParts>& wishes, std::optional<ClassId> label) {
    std::size_t best = 0;
    const auto need = [&](std::size_t part) {
        const double items = wishes[part].items;
        if (items < 0.5) return std::pair(-std::numeric_limits<double>::infinity(), items);
        const double ofClass = label && wishes[part].byClass.contains(*label) ? wishes[part].byClass.at(*label) : 0.0;
        return std::pair(ofClass, items);
    };
    for (std::size_t part = 1; part < kParts; ++part) {
        if (need(part) > need(best)) best = part;
    }
    return best;
}

// Classes from the rarest to the most frequent, then the items without any.
std::vector<std::pair<std::optional<ClassId>, std::vector<std::size_t>>> dealingOrder(
    const std::vector<HoldoutItem>& items, const std::map<ClassId, std::vector<std::size_t>>& members, Rng& rng) {
    std::vector<std::pair<std::optional<ClassId>, std::vector<std::size_t>>> order(members.begin(), members.end());
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].classes.empty()) rest.push_back(i);
    }
    order.emplace_back(std::nullopt, std::move(rest));
    for (auto& [label, group] : order)
        rng.shuffle(group);
    return order;
}

}  // namespace

HoldoutDraw drawHoldout(const std::vector<HoldoutItem>& items, double valShare, double testShare, std::uint64_t seed) {
    const auto n = static_cast<double>(items.size());
    valShare = std::min(valShare, kMostHoldout / std::max(1.0, n));
    const std::array<double, kParts> shares = {std::max(0.0, 1.0 - valShare - testShare), valShare, testShare};
    const auto members = membersByClass(items);
    std::array<Wish, kParts> wishes;
    for (std::size_t part = 0; part < kParts; ++part) {
        // Shares that add up to more than there is give way from the back; one item stays in the pool.
        const double left = part == 2 ? n - 1.0 - wishes[1].items : n - 1.0;
        wishes[part].items = part == 0 ? n : std::clamp(std::floor(n * shares[part] + 1e-9), 0.0, std::max(0.0, left));
        for (const auto& [label, group] : members) {
            wishes[part].byClass[label] = static_cast<double>(group.size()) * shares[part];
        }
    }
    wishes[0].items = std::max(1.0, n - wishes[1].items - wishes[2].items);

    Rng rng(seed, "holdout");
    std::vector<bool> dealt(items.size(), false);
    std::array<std::vector<ItemId>, kParts> parts;
    for (const auto& [label, group] : dealingOrder(items, members, rng)) {
        for (const std::size_t i : group) {
            if (dealt[i]) continue;
            dealt[i] = true;
            const std::size_t part = neediest(wishes, label);
            parts[part].push_back(items[i].item);
            wishes[part].items -= 1.0;
            for (const ClassId c : differentClasses(items[i]))
                wishes[part].byClass[c] -= 1.0;
        }
    }
    return {std::move(parts[1]), std::move(parts[2])};
}

}  // namespace querent::session::transfer
