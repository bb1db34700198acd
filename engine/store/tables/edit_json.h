#pragma once

#include "engine/core/annotation.h"

#include <string>

namespace querent::store::tables {

/** The changes and marks of an edit as compact JSON; what is at its default is left out. */
std::string editBody(const Edit& edit);
/** Reads what editBody() wrote into `edit`. Throws nlohmann::json::exception when it is something else. */
void readEditBody(const std::string& json, Edit& edit);

}  // namespace querent::store::tables
