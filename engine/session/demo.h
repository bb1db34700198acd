#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <filesystem>

namespace querent::session {

/**
 * Draws a demo data set below `folder` (pictures/ and truth as VOC XML) and makes `folder`/demo.querent of it: holdout
 * labelled, the answers of the pool known but hidden. Returns the project file. An existing one is opened as it is.
 */
Result<std::filesystem::path> createDemo(const std::filesystem::path& folder, int items, std::uint64_t seed,
                                         const Job& job);

}  // namespace querent::session
