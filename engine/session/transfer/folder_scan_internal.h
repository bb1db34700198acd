#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/formats/dataset.h"

#include <filesystem>

namespace querent::session::transfer {

/**
 * Every picture and sound file below a folder as an unlabelled item, in natural order; hidden files and folders are
 * left out, and links to folders are not followed.
 */
Result<formats::Dataset> scanFolder(const std::filesystem::path& folder, const Job& job);

}  // namespace querent::session::transfer
