#include "engine/media/demo/demo_pictures.h"

#include "engine/core/files.h"
#include "engine/core/rng.h"
#include "engine/media/demo/scene.h"
#include "engine/media/demo/shapes.h"
#include "engine/media/picture.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdio>
#include <string>
#include <system_error>

namespace querent::media::demo {

namespace fs = std::filesystem;

namespace {

constexpr int kQuality = 92;
constexpr int kLeastEdge = 64;
constexpr int kLargestEdge = 4096;

std::string fileName(int index) {
    char name[32];
    std::snprintf(name, sizeof name, "scene_%04d.jpg", index + 1);
    return name;
}

Result<DemoItem> drawItem(const fs::path& folder, const DemoOptions& options, int index) {
    DemoItem item;
    item.file = fileName(index);
    item.size = options.size;
    // A stream of its own for each scene: the first hundred of three hundred are the hundred of a smaller set.
    Rng rng(options.seed, item.file);
    demo::Scene scene = demo::drawScene({options.size.width, options.size.height}, rng);
    item.boxes = std::move(scene.boxes);
    cv::Mat bgr;
    cv::cvtColor(scene.picture, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality});
    const Result<void> written = replaceWhole(folder / item.file, bytes, Durability::Cache);
    if (!written) return written.error();
    return item;
}

}  // namespace

Result<DemoSummary> drawDemoPictures(const fs::path& folder, const DemoOptions& options, const Job& job) {
    const Size size = options.size;
    const bool fits =
        std::min(size.width, size.height) >= kLeastEdge && std::max(size.width, size.height) <= kLargestEdge;
    if (options.items < 1 || !fits) {
        return fail(ErrorCode::InvalidArgument, "Demo pictures need at least one item and 64 to 4096 pixels a side.");
    }
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) return fail(ErrorCode::Io, "The folder cannot be made: " + problem.message() + ".", folder);

    quietDecoding();
    DemoSummary summary;
    for (const demo::Shape& shape : demo::classes())
        summary.classes.emplace_back(shape.name);
    try {
        for (int i = 0; i < options.items; ++i) {
            if (job.cancelled()) return Job::stopped();
            Result<DemoItem> item = drawItem(folder, options, i);
            if (!item) return item.error();
            summary.items.push_back(std::move(item).value());
            job.report("Drawing", i + 1, options.items);
        }
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left to draw the demo pictures.", folder);
    }
    return summary;
}

}  // namespace querent::media::demo
