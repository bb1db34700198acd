#include "engine/session/tools.h"

#include "engine/core/rng.h"
#include "engine/learn/detector_config.h"
#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/selftest.h"
#include "engine/learn/shard.h"
#include "engine/media/picture.h"
#include "engine/media/resize.h"
#include "engine/session/learner.h"
#include "engine/session/model_shelf.h"
#include "engine/session/project_internal.h"
#include "engine/session/snapshot.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace querent::session {
namespace {

Box randomBox(Rng& rng, Size size) {
    const double w = rng.uniform(8.0, 160.0);
    const double h = rng.uniform(8.0, 160.0);
    const double left = rng.uniform(0.0, size.width - w);
    const double top = rng.uniform(0.0, size.height - h);
    return {left, top, left + w, top + h};
}

Raster noisePicture(Size size, std::uint64_t seed) {
    Rng rng(seed);
    Raster picture{size, std::vector<std::uint8_t>(static_cast<std::size_t>(size.width) *
                                                   static_cast<std::size_t>(size.height) * 3)};
    // Smooth with some grain, as photographs are: pure noise would make JPEG look slower than it is.
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double wave = 127.0 + 90.0 * std::sin(x * 0.013) * std::cos(y * 0.017);
            auto* pixel =
                &picture.rgb[static_cast<std::size_t>(y) * picture.stride() + static_cast<std::size_t>(x) * 3];
            for (int c = 0; c < 3; ++c)
                pixel[c] = static_cast<std::uint8_t>(wave + rng.uniform(-8.0, 8.0));
        }
    }
    return picture;
}

double medianOf(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

}  // namespace

void setComputeThreads(int threads) {
    learn::setThreads(threads);
}
std::string computeDevice(const std::string& wish) {
    return learn::resolvedDevice(wish);
}
Result<std::string> selftest(const std::string& device) {
    return learn::selftest(device);
}

Result<std::int64_t> packShard(const Project& project, const std::filesystem::path& file, const Job& job) {
    const auto labelled = takeSnapshot(project, Split::Train, Answers::Labels);
    if (!labelled) return labelled.error();
    if (labelled->images.count() == 0) return fail(ErrorCode::NotFound, "The train split has no labelled items.");
    learn::DetectorConfig detector;
    detector.size = project.settings().networkSize;
    detector.classes = std::max(1, labelled->classCount());
    detector.input = networkInput(labelled->images);
    const auto written = learn::writeShard(file, detector, labelled->images, job);
    if (!written) return written.error();
    return static_cast<std::int64_t>(labelled->images.count());
}

Result<BenchFigures> benchEvaluation(int images, int classes) {
    Rng rng(1);
    std::vector<ImageTruth> truth;
    std::vector<ImagePrediction> predictions;
    for (int i = 0; i < images; ++i) {
        ImageTruth picture{i + 1, {640, 480}, {}};
        ImagePrediction seen{i + 1, {}, {}};
        for (int b = 0; b < 12; ++b) {
            const Box box = randomBox(rng, picture.size);
            const int label = rng.integer(0, classes - 1);
            picture.boxes.push_back({box, label, false, false});
            seen.boxes.push_back({box.translated(rng.normal() * 6.0, rng.normal() * 6.0), label, rng.uniform(), {}});
        }
        for (int b = 0; b < 60; ++b) {
            seen.boxes.push_back({randomBox(rng, picture.size), rng.integer(0, classes - 1), rng.uniform() * 0.5, {}});
        }
        truth.push_back(std::move(picture));
        predictions.push_back(std::move(seen));
    }
    Stopwatch watch;
    if (const auto all = metrics::evaluateCoco(truth, predictions, classes); !all) return all.error();
    const double whole = watch.seconds();
    watch = Stopwatch();
    if (const auto one = metrics::map50(truth, predictions, classes); !one) return one.error();
    const double headline = watch.seconds();
    watch = Stopwatch();
    if (const auto drawn = metrics::bootstrap(truth, predictions, classes, 500, 1); !drawn) return drawn.error();
    return BenchFigures{{"images", images},
                        {"coco_ms", whole * 1e3},
                        {"map50_ms", headline * 1e3},
                        {"bootstrap500_ms", watch.seconds() * 1e3}};
}

Result<void> generateProject(const std::filesystem::path& file, int items, const Job& job) {
    constexpr int kPictures = 16;
    constexpr int kBoxes = 5;
    const std::filesystem::path pictures = file.parent_path() / "generated";
    std::error_code error;
    std::filesystem::create_directories(pictures, error);
    for (int i = 0; i < kPictures; ++i) {
        const auto path = pictures / ("picture" + std::to_string(i) + ".jpg");
        const auto written = media::writeJpeg(noisePicture({640, 480}, static_cast<std::uint64_t>(i)), path, 85);
        if (!written) return written;
    }
    ProjectSettings settings;
    settings.name = "Generated";
    auto project = Project::create(file, settings, {"one", "two", "three"});
    if (!project) return project.error();
    return (*project)->write([&](store::ProjectFile& store) -> Result<void> {
        auto transaction = store.begin();
        if (!transaction) return transaction.error();
        const auto classes = store.classes().list();
        if (!classes) return classes.error();
        Rng rng(7);
        std::vector<Edit> edits;
        const auto source = store.sources().add(pictures);
        if (!source) return source.error();
        for (int i = 0; i < items; ++i) {
            if (job.cancelled()) return Job::stopped();
            if (i % 1000 == 0) job.report("Generating", i, items);
            Medium medium;
            medium.source = *source;
            medium.path = "picture" + std::to_string(i % kPictures) + ".jpg";
            medium.size = {640, 480};
            const auto id = store.items().add("item" + std::to_string(i) + ".jpg",
                                              i % 10 == 0 ? Split::Val : Split::Train, {medium});
            if (!id) return id.error();
            if (i % 3 != 0) continue;
            Edit edit;
            edit.item = *id;
            edit.gesture = "Import";
            edit.markBefore = ItemMark();
            edit.markAfter = ItemMark{ItemState::Labelled, false, {}};
            for (int b = 0; b < kBoxes; ++b) {
                Annotation annotation;
                annotation.id = (*project)->newAnnotationId();
                annotation.label = (*classes)[rng.index(classes->size())].id;
                annotation.box = randomBox(rng, medium.size);
                annotation.provenance = Provenance::Import;
                edit.changes.push_back({std::nullopt, annotation});
            }
            edits.push_back(std::move(edit));
        }
        const auto applied = store.annotations().applyAll(edits, store::EventKind::Bulk, job);
        if (!applied) return applied;
        return transaction->commit();
    });
}

Result<BenchFigures> benchStore(const std::filesystem::path& folder, int items, const Job& job) {
    const std::filesystem::path file = folder / "generated.querent";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        std::filesystem::create_directories(folder, error);
        if (const auto made = generateProject(file, items, job); !made) return made.error();
    }
    Stopwatch watch;
    auto project = Project::open(file, OpenMode::ReadWrite);
    if (!project) return project.error();
    BenchFigures figures{{"items", items}, {"open_ms", watch.seconds() * 1e3}};
    watch = Stopwatch();
    const auto page = (*project)->rows({}, 0, 200);
    figures["first_page_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    const auto counts = (*project)->counts();
    figures["counts_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    const auto ids = (*project)->ids({});
    figures["all_ids_ms"] = watch.seconds() * 1e3;
    if (ids.empty() || page.empty() || counts.total() == 0)
        return fail(ErrorCode::Internal, "The generated project is empty.", file);
    std::vector<double> reads;
    std::vector<double> writes;
    const auto classes = (*project)->classes();
    for (std::size_t i = 0; i < 200; ++i) {
        const ItemId item = ids[(i * 7919) % ids.size()];
        watch = Stopwatch();
        const auto boxes = (*project)->annotations(item);
        if (const auto row = (*project)->item(item); !row) return row.error();
        reads.push_back(watch.seconds() * 1e3);
        Annotation annotation;
        annotation.id = (*project)->newAnnotationId();
        annotation.label = classes.front().id;
        annotation.box = Box{1, 1, 20, 20};
        Edit draw{item, "Draw box", {{std::nullopt, annotation}}, {}, {}, {}, 0.0};
        watch = Stopwatch();
        if (const auto written = (*project)->apply(draw); !written) return written.error();
        writes.push_back(watch.seconds() * 1e3);
        if (const auto undone = (*project)->apply(draw.reversed()); !undone) return undone.error();
    }
    figures["read_item_ms"] = medianOf(reads);
    figures["durable_edit_ms"] = medianOf(writes);
    std::sort(writes.begin(), writes.end());
    figures["durable_edit_p99_ms"] = writes[writes.size() * 99 / 100];
    return figures;
}

Result<BenchFigures> benchDecode(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const std::filesystem::path file = folder / "twelve-megapixels.jpg";
    if (const auto written = media::writeJpeg(noisePicture({4000, 3000}, 3), file, 90); !written)
        return written.error();
    BenchFigures figures;
    Stopwatch watch;
    const auto whole = media::decode(file);
    if (!whole) return whole.error();
    figures["decode_12mp_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    media::DecodeOptions window;
    window.wanted = {1600, 1200};
    if (const auto reduced = media::decode(file, window); !reduced) return reduced.error();
    figures["decode_for_window_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    const auto sum = std::accumulate(whole->rgb.begin(), whole->rgb.end(), std::int64_t{0});
    figures["one_pass_over_pixels_ms"] = watch.seconds() * 1e3 + (sum < 0 ? 1.0 : 0.0);
    return figures;
}

}  // namespace querent::session
