#include "engine/core/stopwatch.h"
#include "engine/media/resize.h"
#include "engine/session/bench/bench.h"
#include "engine/session/bench/generated.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace querent::session::bench {
namespace {

constexpr int kPictures = 16;
constexpr int kBoxes = 5;
constexpr Size kPictureSize{640, 480};

Result<void> drawPictures(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    for (int i = 0; i < kPictures; ++i) {
        const auto path = folder / ("picture" + std::to_string(i) + ".jpg");
        const auto written = media::writeJpeg(noisePicture(kPictureSize, static_cast<std::uint64_t>(i)), path, 85);
        if (!written) return written;
    }
    return {};
}

Edit generatedLabels(ItemId item, Project& project, const std::vector<ClassLabel>& classes, Rng& rng) {
    Edit edit;
    edit.item = item;
    edit.kind = EditKind::Bulk;
    edit.gesture = "Import";
    edit.markBefore = ItemMark();
    edit.markAfter = ItemMark{ItemState::Labelled, false, {}};
    for (int b = 0; b < kBoxes; ++b) {
        Annotation annotation;
        annotation.id = project.newAnnotationId();
        annotation.label = classes[rng.index(classes.size())].id;
        annotation.box = randomBox(rng, kPictureSize);
        annotation.provenance = Provenance::Import;
        edit.changes.push_back({std::nullopt, annotation});
    }
    return edit;
}

// Within one transaction of the caller's.
Result<void> fill(Project& project, store::ProjectFile& file, SourceId source, int items, const Job& job) {
    const auto classes = file.classes().list();
    if (!classes) return classes.error();
    Rng rng(7);
    std::vector<Edit> edits;
    for (int i = 0; i < items; ++i) {
        if (job.cancelled()) return Job::stopped();
        if (i % 1000 == 0) job.report("Generating", i, items);
        Medium medium;
        medium.source = source;
        medium.path = "picture" + std::to_string(i % kPictures) + ".jpg";
        medium.size = kPictureSize;
        const Split split = i % 10 == 0 ? Split::Val : Split::Train;
        const auto id = file.items().add("item" + std::to_string(i) + ".jpg", split, {medium});
        if (!id) return id.error();
        if (i % 3 == 0) edits.push_back(generatedLabels(*id, project, *classes, rng));
    }
    return file.annotations().applyAll(edits, job);
}

// How long reading a list takes in its three forms.
Result<std::vector<ItemId>> timeLists(const Project& project, BenchFigures& figures) {
    Stopwatch watch;
    const auto page = project.rows({}, 0, 200);
    figures["first_page_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    const auto counts = project.counts();
    figures["counts_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    auto ids = project.ids({});
    figures["all_ids_ms"] = watch.seconds() * 1e3;
    if (ids.empty() || page.empty() || counts.total() == 0)
        return fail(ErrorCode::Internal, "The generated project is empty.", project.file());
    return ids;
}

// One item read, one box drawn on it and taken back; milliseconds of each go to the lists.
Result<void> timeItem(Project& project, ItemId item, ClassId label, std::vector<double>& reads,
                      std::vector<double>& writes) {
    Stopwatch watch;
    const auto boxes = project.annotations(item);
    if (const auto row = project.item(item); !row) return row.error();
    reads.push_back(watch.seconds() * 1e3);
    Annotation annotation;
    annotation.id = project.newAnnotationId();
    annotation.label = label;
    annotation.box = Box{1, 1, 20, 20};
    Edit draw;
    draw.item = item;
    draw.gesture = "Draw box";
    draw.changes = {{std::nullopt, annotation}};
    watch = Stopwatch();
    if (const auto written = project.apply(draw); !written) return written;
    writes.push_back(watch.seconds() * 1e3);
    return project.apply(draw.reversed());
}

// Sorts the values.
double quantile(std::vector<double>& values, double share) {
    std::sort(values.begin(), values.end());
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    return values[std::min(place, values.size() - 1)];
}

}  // namespace

Result<void> generateProject(const std::filesystem::path& file, int items, const Job& job) {
    const std::filesystem::path pictures = file.parent_path() / "generated";
    if (const auto drawn = drawPictures(pictures); !drawn) return drawn;
    ProjectSettings settings;
    settings.name = "Generated";
    auto project = project::Project::create(file, settings, {"one", "two", "three"});
    if (!project) return project.error();
    return (*project)->write([&](store::ProjectFile& store) -> Result<void> {
        auto transaction = store.begin();
        if (!transaction) return transaction.error();
        const auto source = store.sources().add(pictures);
        if (!source) return source.error();
        if (const auto filled = fill(**project, store, *source, items, job); !filled) return filled;
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
    auto project = project::Project::open(file, project::OpenMode::ReadWrite);
    if (!project) return project.error();
    BenchFigures figures{{"items", items}, {"open_ms", watch.seconds() * 1e3}};
    const auto ids = timeLists(**project, figures);
    if (!ids) return ids.error();
    std::vector<double> reads;
    std::vector<double> writes;
    const ClassId label = (*project)->classes().front().id;
    for (std::size_t i = 0; i < 200; ++i) {
        const ItemId item = (*ids)[(i * 7919) % ids->size()];  // a large prime: scattered, and the same every time
        if (const auto timed = timeItem(**project, item, label, reads, writes); !timed) return timed.error();
    }
    figures["read_item_ms"] = quantile(reads, 0.5);
    figures["durable_edit_ms"] = quantile(writes, 0.5);
    figures["durable_edit_p99_ms"] = quantile(writes, 0.99);
    return figures;
}

}  // namespace querent::session::bench
