#pragma once

#include <cstddef>

namespace querent {

/** The longest name, in bytes, that a class or a person may have; items are named as files are. */
inline constexpr std::size_t kLongestName = 500;
inline constexpr std::size_t kLongestItemName = 4096;

}  // namespace querent
