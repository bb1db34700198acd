#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>

namespace querent::session::transfer {

enum class DemoKind {
    Pictures,       // boxes on drawn scenes
    SoundPictures,  // the class of a thing that was photographed and recorded
};

/** As many items as a few rounds on two cores take some minutes with. */
int defaultDemoItems(DemoKind kind);

/**
 * Draws a demo data set below `folder` (pictures/ or pairs/, and the truth as truth.csv) and makes
 * `folder`/demo.querent of it: holdout labelled, the answers of the pool known but hidden. Returns the project file. An
 * existing one is opened as it is, whatever its kind.
 */
Result<std::filesystem::path> createDemo(const std::filesystem::path& folder, int items, std::uint64_t seed,
                                         const Job& job, DemoKind kind = DemoKind::Pictures);

}  // namespace querent::session::transfer
