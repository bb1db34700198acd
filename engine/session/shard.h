#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <cstdint>
#include <filesystem>

namespace querent::session {

/** The labelled items of the train split at network size in one file, for a machine with LibTorch only. */
Result<std::int64_t> packShard(const Project& project, const std::filesystem::path& file, const Job& job);

}  // namespace querent::session
