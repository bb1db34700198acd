#pragma once

#include "engine/core/detection.h"
#include "engine/core/geometry.h"
#include "engine/core/job.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace querent::media::demo {

/** What to draw. The same options give the same files, byte for byte, with the same compiler and OpenCV. */
struct DemoOptions {
    int items = 300;
    std::uint64_t seed = 1;
    Size size{480, 360};
};

struct DemoItem {
    std::string file;  // name within the folder: "scene_0001.jpg"
    Size size;
    std::vector<TrueBox> boxes;  // tight around the whole object as drawn, within the picture; label indexes `classes`
};

struct DemoSummary {
    std::vector<std::string> classes;  // most frequent first
    std::vector<DemoItem> items;
};

/**
 * Draws pictures with known boxes into `folder` (made if need be; existing scenes are replaced): everyday things in
 * front of sky, table, water, ground and wall, with light, shadow, clutter and overlap. Classes have very different
 * frequencies, and about one picture in twenty is empty. Objects of which less than a quarter can be seen have no box.
 * Answers a cancelled job after the picture at hand. Refuses items < 1 and sizes below 64 x 64 or above 4096.
 */
Result<DemoSummary> drawDemoPictures(const std::filesystem::path& folder, const DemoOptions& options, const Job& job);

}  // namespace querent::media::demo
