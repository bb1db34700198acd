#pragma once

#include <string>
#include <string_view>

namespace querent {

/** True when a comes before b as people sort file names: "img2" before "img10"; ties by bytes, so it is a strict order.
 */
bool naturalLess(std::string_view a, std::string_view b);

/**
 * Bytes whose order (memcmp, ties by the name itself) is the order of naturalLess(): letters without case, runs of
 * digits as numbers. So an index can hold the natural order.
 */
std::string naturalSortKey(std::string_view name);

}  // namespace querent
