#include "engine/session/bench/generated.h"

#include <cmath>
#include <vector>

namespace querent::session::bench {

Box randomBox(Rng& rng, Size size) {
    const double w = rng.uniform(8.0, 160.0);
    const double h = rng.uniform(8.0, 160.0);
    const double left = rng.uniform(0.0, size.width - w);
    const double top = rng.uniform(0.0, size.height - h);
    return {left, top, left + w, top + h};
}

Raster noisePicture(Size size, std::uint64_t seed) {
    Rng rng(seed);
    Raster picture{size, std::vector<std::uint8_t>(static_cast<std::size_t>(size.width) *
                                                   static_cast<std::size_t>(size.height) * 3)};
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double wave = 127.0 + 90.0 * std::sin(x * 0.013) * std::cos(y * 0.017);
            auto* pixel =
                &picture.rgb[static_cast<std::size_t>(y) * picture.stride() + static_cast<std::size_t>(x) * 3];
            for (int c = 0; c < 3; ++c)
                pixel[c] = static_cast<std::uint8_t>(wave + rng.uniform(-8.0, 8.0));
        }
    }
    return picture;
}

}  // namespace querent::session::bench
