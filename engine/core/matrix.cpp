#include "engine/core/matrix.h"

#include <bit>
#include <cstdint>

namespace querent {

bool allFinite(std::span<const float> x) {
    // On the bits, so that the compiler takes many numbers at once: only NaN and infinity have all bits of the
    // exponent.
    constexpr std::uint32_t kExponent = 0x7f800000;
    bool finite = true;
    for (const float value : x)
        finite &= (std::bit_cast<std::uint32_t>(value) & kExponent) != kExponent;
    return finite;
}

}  // namespace querent
