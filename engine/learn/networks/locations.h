#pragma once

#include "engine/core/geometry.h"

#include <array>
#include <cstddef>
#include <vector>

namespace querent::learn::networks {

inline constexpr std::array<int, 3> kStrides{8, 16, 32};

/** The centres of all locations a detector answers for, in input pixels: finest level first, rows before columns. */
struct Locations {
    std::vector<float> x, y;         // [L]
    std::vector<std::size_t> level;  // [L] 0..2
    std::size_t count() const { return x.size(); }
};

Locations locationsOf(Size input);

}  // namespace querent::learn::networks
