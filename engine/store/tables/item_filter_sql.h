#pragma once

#include "engine/core/records.h"
#include "engine/store/sqlite/connection.h"

#include <string>

namespace querent::store::tables {

/** What rows() reads: readItemRow() takes these columns. */
inline constexpr const char* kItemRowColumns =
    "id, name, split, state, flagged, missing, annotations, round, score, width, height, seconds";
ItemRow readItemRow(const sqlite::Query& row);

/** " WHERE ..." of a filter, empty when it lets everything through; bind with bindFilter(). */
std::string whereSql(const ItemFilter& filter);
/** " ORDER BY ...": ties in natural order of names. */
std::string orderSql(const ItemFilter& filter);
/** Binds the filter's values to ?1 and so on; returns how many there were. */
int bindFilter(sqlite::Query& query, const ItemFilter& filter);

}  // namespace querent::store::tables
