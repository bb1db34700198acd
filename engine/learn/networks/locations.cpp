#include "engine/learn/networks/locations.h"

namespace querent::learn::networks {

Locations locationsOf(Size input) {
    Locations all;
    for (std::size_t level = 0; level < kStrides.size(); ++level) {
        const int stride = kStrides[level];
        const int w = (input.width + stride - 1) / stride;
        const int h = (input.height + stride - 1) / stride;
        for (int row = 0; row < h; ++row) {
            for (int column = 0; column < w; ++column) {
                all.x.push_back((static_cast<float>(column) + 0.5F) * static_cast<float>(stride));
                all.y.push_back((static_cast<float>(row) + 0.5F) * static_cast<float>(stride));
                all.level.push_back(level);
            }
        }
    }
    return all;
}

}  // namespace querent::learn::networks
