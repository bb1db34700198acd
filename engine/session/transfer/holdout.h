#pragma once

#include "engine/core/records.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace querent::session::transfer {

/** An item as the draw sees it: the classes it holds, as far as they are known. */
struct HoldoutItem {
    ItemId item;
    std::vector<ClassId> classes;
};

struct HoldoutDraw {
    std::vector<ItemId> val;
    std::vector<ItemId> test;
};

/**
 * Draws val and test at random, stratified where classes are known: items with the rarest class first, so that every
 * class reaches each part in its share (iterative stratification, Sechidis et al. 2011). Shares are of all items;
 * at least one item stays in the pool. Val has kMostHoldout items at the most: its answers are asked first, and beyond
 * some hundred they say little more.
 */
constexpr int kMostHoldout = 500;
HoldoutDraw drawHoldout(const std::vector<HoldoutItem>& items, double valShare, double testShare, std::uint64_t seed);

}  // namespace querent::session::transfer
