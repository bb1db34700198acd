#pragma once

#include "engine/core/geometry.h"
#include "engine/core/raster.h"
#include "engine/core/rng.h"

#include <cstdint>

namespace querent::session::bench {

/** A box of 8 to 160 pixels a side within a picture that is larger than that. */
Box randomBox(Rng& rng, Size size);

/** Smooth with some grain, as photographs are: pure noise would make JPEG look slower than it is. */
Raster noisePicture(Size size, std::uint64_t seed);

}  // namespace querent::session::bench
