#pragma once

#include "engine/core/records.h"

#include <string>

namespace querent::store::tables {

/** Throws Failure for what settingsFromJson() would not take. */
std::string settingsToJson(const ProjectSettings& settings);
/** What is missing keeps its default, what is unknown is ignored. Throws Failure for what cannot be used. */
ProjectSettings settingsFromJson(const std::string& json);

}  // namespace querent::store::tables
