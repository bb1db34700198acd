#pragma once

#include "engine/core/raster.h"

namespace querent::learn {

/**
 * The picture at exactly `size`, each axis by itself. Every new pixel is the mean of the area it covers (smaller) or
 * lies between its neighbours (larger), so nothing aliases.
 */
Raster resized(const Raster& picture, Size size);

}  // namespace querent::learn
