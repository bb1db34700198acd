#include "tests/engine/session/pictures.h"

#include "engine/core/rng.h"
#include "engine/media/resize.h"
#include "engine/session/transfer/transfer.h"

#include <cstdio>
#include <fstream>

namespace querent::tests {
namespace {

constexpr Size kSize{64, 48};  // small enough that a training step costs a few milliseconds

void fill(Raster& picture, const Box& box, int label) {
    for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y) {
        for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x) {
            auto* pixel =
                &picture.rgb[static_cast<std::size_t>(y) * picture.stride() + static_cast<std::size_t>(x) * 3];
            pixel[0] = label == 0 ? 240 : 30;
            pixel[1] = 60;
            pixel[2] = label == 0 ? 30 : 240;
        }
    }
}

}  // namespace

void drawSquares(const std::filesystem::path& folder, int count, std::uint64_t seed) {
    std::filesystem::create_directories(folder / "pictures");
    std::ofstream csv(folder / "boxes.csv");
    csv << "path,item_status,class,x0,y0,x1,y1\n";
    Rng rng(seed);
    for (int i = 0; i < count; ++i) {
        Raster picture{kSize, std::vector<std::uint8_t>(static_cast<std::size_t>(kSize.width) * kSize.height * 3, 110)};
        const std::string name = "square" + std::to_string(i) + ".png";
        const int boxes = i % 8 == 7 ? 0 : rng.integer(1, 3);
        if (boxes == 0) csv << name << ",empty,,,,,\n";
        for (int b = 0; b < boxes; ++b) {
            const int side = rng.integer(16, 26);
            const int left = rng.integer(0, kSize.width - side);
            const int top = rng.integer(0, kSize.height - side);
            const int label = rng.integer(0, 1);
            const Box box{double(left), double(top), double(left + side), double(top + side)};
            fill(picture, box, label);
            csv << name << ",labelled," << (label == 0 ? "red" : "blue") << ',' << left << ',' << top << ','
                << left + side << ',' << top + side << '\n';
        }
        if (const auto written = media::writePng(picture, folder / "pictures" / name); !written) {
            std::fprintf(stderr, "%s\n", written.error().text().c_str());
        }
    }
}

std::unique_ptr<session::Project> squaresProject(const std::filesystem::path& folder, int count, bool asTruth) {
    drawSquares(folder, count);
    ProjectSettings settings;
    settings.name = "Squares";
    settings.holdoutShare = 0.25;
    settings.testShare = 0.2;
    settings.batchSize = 4;
    settings.trainingSteps = 6;
    settings.backboneWeights = kNoBackbone;
    auto project = session::project::Project::create(folder / "squares.querent", settings, {"red", "blue"});
    if (!project) {
        std::fprintf(stderr, "%s\n", project.error().text().c_str());
        return nullptr;
    }
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = folder / "boxes.csv";
    request.files = folder / "pictures";
    request.as = asTruth ? session::transfer::ImportAs::Truth : session::transfer::ImportAs::Labels;
    if (const auto report = session::transfer::importInto(**project, request, Job()); !report) {
        std::fprintf(stderr, "%s\n", report.error().text().c_str());
        return nullptr;
    }
    return std::move(*project);
}

}  // namespace querent::tests
