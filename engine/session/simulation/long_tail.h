#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace querent::session::simulation {

/**
 * Makes a pool long-tailed, for simulations: of the items of class c, the share ratio^c stays, rounded, at least one.
 * Which ones is drawn by chance, the same for the same items in the same order: it belongs to the data, not to a seed.
 * @param labels  [N], each item's class, in [0, classes); below 0 for none: such items do not stay
 * @param ratio   in (0, 1]
 * @return places of the items that stay, ascending
 */
std::vector<std::size_t> longTailPlaces(std::span<const int> labels, int classes, double ratio);

}  // namespace querent::session::simulation
