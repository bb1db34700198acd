#pragma once

#include "engine/core/geometry.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent {

/** A decoded picture: RGB, 8 bits a channel, rows top to bottom without padding, display orientation. */
struct Raster {
    Size size;
    std::vector<std::uint8_t> rgb;  // size.width * size.height * 3

    bool empty() const { return size.empty(); }
    std::size_t stride() const { return static_cast<std::size_t>(size.width) * 3; }
};

}  // namespace querent
