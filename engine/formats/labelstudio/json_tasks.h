#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>

namespace querent::formats::labelstudio {

/**
 * Streams a JSON array: calls `sink` with each of its objects, and the line on which that begins. Only one object is in
 * memory at a time. A file that is one object counts as an array of it. `nonNumbers` counts the literals NaN and
 * Infinity, which are given as null.
 */
Result<void> streamObjects(const std::filesystem::path& path, const Job& job,
                           const std::function<void(const nlohmann::json& object, std::int64_t line)>& sink,
                           std::int64_t& nonNumbers);

}  // namespace querent::formats::labelstudio
