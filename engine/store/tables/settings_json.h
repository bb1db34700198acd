#pragma once

#include "engine/core/records.h"

#include <string>

namespace querent::store::tables {

std::string settingsToJson(const ProjectSettings& settings);
/** What is missing keeps its default, what is unknown is ignored. Throws nlohmann::json::exception for no object. */
ProjectSettings settingsFromJson(const std::string& json);

}  // namespace querent::store::tables
