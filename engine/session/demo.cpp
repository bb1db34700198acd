#include "engine/session/demo.h"

#include "engine/formats/format.h"
#include "engine/media/demo_pictures.h"
#include "engine/session/model_shelf.h"
#include "engine/session/project_internal.h"
#include "engine/session/transfer.h"

#include <utility>
#include <vector>

namespace querent::session {
namespace {

formats::Dataset datasetOf(const media::DemoSummary& drawn, const std::filesystem::path& pictures) {
    formats::Dataset dataset;
    dataset.classes = drawn.classes;
    for (const media::DemoItem& scene : drawn.items) {
        formats::DatasetItem item;
        item.name = scene.file;
        item.file = pictures / scene.file;
        item.size = scene.size;
        item.state = scene.boxes.empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
        for (const TrueBox& box : scene.boxes) {
            formats::DatasetBox known;
            known.label = drawn.classes[static_cast<std::size_t>(box.label)];
            known.box = box.box;
            item.boxes.push_back(std::move(known));
        }
        dataset.items.push_back(std::move(item));
    }
    return dataset;
}

// The holdout comes with its labels: in a project of one's own, people label it before the first round.
Result<void> labelHoldout(Project& project, const Job& job) {
    const auto person = project.ensurePerson("known answers");
    if (!person) return person.error();
    std::vector<Edit> edits;
    for (const Split split : {Split::Val, Split::Test}) {
        ItemFilter filter;
        filter.split = split;
        for (const ItemId item : project.ids(filter)) {
            if (auto edit = truthAsEdit(project, item, *person, 0)) edits.push_back(std::move(*edit));
        }
    }
    return project.write(
        [&](store::ProjectFile& file) { return file.annotations().applyAll(edits, store::EventKind::Bulk, job); });
}

Result<void> fillDemo(Project& project, const std::filesystem::path& truth, const std::filesystem::path& pictures,
                      const Job& job) {
    ImportRequest request;
    request.format = "csv";
    request.from = truth;
    request.files = pictures;
    request.as = ImportAs::Truth;
    if (const auto imported = importInto(project, request, job); !imported) return imported.error();
    return labelHoldout(project, job);
}

}  // namespace

Result<std::filesystem::path> createDemo(const std::filesystem::path& folder, int items, std::uint64_t seed,
                                         const Job& job) {
    std::error_code error;
    const std::filesystem::path file = folder / "demo.querent";
    if (std::filesystem::exists(file, error)) return file;
    const std::filesystem::path pictures = folder / "pictures";
    std::filesystem::create_directories(pictures, error);
    if (error) return fail(ErrorCode::Io, "The folder cannot be made: " + error.message() + ".", pictures);
    media::DemoOptions options;
    options.items = items;
    options.seed = seed;
    const auto drawn = media::drawDemoPictures(pictures, options, job);
    if (!drawn) return drawn.error();

    formats::WriteOptions writing;
    writing.to = folder / "truth.csv";
    writing.overwrite = true;
    if (const auto written = formats::write(formats::Format::Csv, datasetOf(*drawn, pictures), writing, job);
        !written) {
        return written.error();
    }
    ProjectSettings settings;
    settings.name = "Demo";
    settings.testShare = 0.2;
    settings.batchSize = 20;
    settings.seed = seed;
    // Under a passing name until it is whole: a demo that was interrupted is drawn anew.
    const std::filesystem::path unfinished = folder / "unfinished.querent";
    std::filesystem::remove(unfinished, error);
    std::filesystem::remove_all(folder / "unfinished.querent.d", error);
    {
        auto project = Project::create(unfinished, settings, drawn->classes);
        if (!project) return project.error();
        if (const auto filled = fillDemo(**project, writing.to, pictures, job); !filled) return filled.error();
    }
    std::filesystem::rename(unfinished, file, error);
    if (error) return fail(ErrorCode::Io, "The demo project cannot be named: " + error.message() + ".", file);
    std::filesystem::remove_all(folder / "unfinished.querent.d", error);
    return file;
}

}  // namespace querent::session
