#pragma once

#include <string_view>

namespace querent {

/** True when a comes before b as people sort file names: "img2" before "img10"; ties by bytes, so it is a strict order.
 */
bool naturalLess(std::string_view a, std::string_view b);

}  // namespace querent
