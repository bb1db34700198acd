#pragma once

#include <string>
#include <string_view>

namespace querent::store::tables {

/**
 * Bytes whose order (memcmp, ties by the name itself) is the order of naturalLess(): letters without case, runs of
 * digits as numbers. So an index can hold the natural order.
 */
std::string naturalSortKey(std::string_view name);

}  // namespace querent::store::tables
