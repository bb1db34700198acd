#include "engine/session/transfer/demo.h"

#include "engine/formats/format.h"
#include "engine/media/demo/demo_pairs.h"
#include "engine/media/demo/demo_pictures.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/transfer/transfer.h"

#include <utility>
#include <vector>

namespace querent::session::transfer {
namespace {

/** A drawn data set and what a project about it is like. */
struct Drawn {
    formats::Dataset dataset;
    std::filesystem::path files;  // empty: paths are relative to the truth's own folder
    ProjectSettings settings;
};

Result<Drawn> drawPictures(const std::filesystem::path& folder, const media::demo::DemoOptions& options,
                           const Job& job) {
    Drawn drawn;
    drawn.files = folder / "pictures";
    const auto scenes = media::demo::drawDemoPictures(drawn.files, options, job);
    if (!scenes) return scenes.error();
    drawn.settings.name = "Demo";
    drawn.settings.testShare = 0.2;
    drawn.dataset.classes = scenes->classes;
    for (const media::demo::DemoItem& scene : scenes->items) {
        formats::DatasetItem item;
        item.name = scene.file;
        item.file = drawn.files / scene.file;
        item.size = scene.size;
        item.state = scene.boxes.empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
        for (const TrueBox& box : scene.boxes) {
            formats::DatasetBox known;
            known.label = scenes->classes[static_cast<std::size_t>(box.label)];
            known.box = box.box;
            item.boxes.push_back(std::move(known));
        }
        drawn.dataset.items.push_back(std::move(item));
    }
    return drawn;
}

Result<Drawn> drawSoundPictures(const std::filesystem::path& folder, const media::demo::DemoPairOptions& options,
                                const Job& job) {
    const auto pairs = media::demo::drawDemoPairs(folder / "pairs", options, job);
    if (!pairs) return pairs.error();
    Drawn drawn;
    drawn.settings.name = "Sounds and pictures demo";
    drawn.settings.task = TaskKind::Classify;
    drawn.settings.media = {Modality::Image, Modality::Audio};
    drawn.settings.strategy = "margin";
    drawn.settings.mel.hop = 0.016;  // coarse: a demo should train in moments
    drawn.settings.mel.bands = 48;
    drawn.dataset.classes = pairs->classes;
    for (const media::demo::DemoPair& pair : pairs->items) {
        formats::DatasetItem item;
        item.name = "pairs/" + pair.picture;
        item.state = ItemState::Labelled;
        item.split = pair.split;
        for (const auto& [modality, file] :
             {std::pair(Modality::Image, pair.picture), std::pair(Modality::Audio, pair.sound)}) {
            item.media.push_back({modality, "pairs/" + file, std::filesystem::absolute(folder / "pairs" / file), {}});
        }
        item.file = item.media.front().file;
        formats::DatasetBox known;
        known.label = pairs->classes[static_cast<std::size_t>(pair.label)];
        item.boxes.push_back(std::move(known));
        drawn.dataset.items.push_back(std::move(item));
    }
    return drawn;
}

Result<Drawn> draw(const std::filesystem::path& folder, DemoKind kind, int items, std::uint64_t seed, const Job& job) {
    if (kind == DemoKind::SoundPictures) return drawSoundPictures(folder, {.items = items, .seed = seed}, job);
    return drawPictures(folder, {.items = items, .seed = seed}, job);
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
            auto edit = project::truthAsEdit(project, item, *person, 0);
            if (!edit) continue;
            edit->kind = EditKind::Bulk;
            edits.push_back(std::move(*edit));
        }
    }
    return project.write([&](store::ProjectFile& file) { return file.annotations().applyAll(edits, job); });
}

Result<void> fillDemo(Project& project, const std::filesystem::path& truth, const std::filesystem::path& files,
                      const Job& job) {
    ImportRequest request;
    request.format = "csv";
    request.from = truth;
    request.files = files;
    request.as = ImportAs::Truth;
    if (const auto imported = importInto(project, request, job); !imported) return imported.error();
    return labelHoldout(project, job);
}

// Under a passing name until it is whole: a demo that was interrupted is drawn anew.
Result<void> makeProject(const std::filesystem::path& file, const Drawn& drawn, const std::filesystem::path& truth,
                         const Job& job) {
    std::error_code error;
    const std::filesystem::path unfinished = file.parent_path() / "unfinished.querent";
    const std::filesystem::path sidecar = file.parent_path() / "unfinished.querent.d";
    std::filesystem::remove(unfinished, error);
    std::filesystem::remove_all(sidecar, error);
    {
        auto project = project::Project::create(unfinished, drawn.settings, drawn.dataset.classes);
        if (!project) return project.error();
        if (const auto filled = fillDemo(**project, truth, drawn.files, job); !filled) return filled;
    }
    std::filesystem::rename(unfinished, file, error);
    if (error) return fail(ErrorCode::Io, "The demo project cannot be named: " + error.message() + ".", file);
    std::filesystem::remove_all(sidecar, error);
    return {};
}

}  // namespace

int defaultDemoItems(DemoKind kind) {
    return kind == DemoKind::SoundPictures ? 600 : 360;
}

Result<std::filesystem::path> createDemo(const std::filesystem::path& folder, int items, std::uint64_t seed,
                                         const Job& job, DemoKind kind) {
    std::error_code error;
    const std::filesystem::path file = folder / "demo.querent";
    if (std::filesystem::exists(file, error)) return file;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::Io, "The folder cannot be made: " + error.message() + ".", folder);
    auto drawn = draw(folder, kind, items, seed, job);
    if (!drawn) return drawn.error();
    drawn->settings.batchSize = 20;
    drawn->settings.seed = seed;

    formats::WriteOptions writing;
    writing.to = folder / "truth.csv";
    writing.overwrite = true;
    if (const auto written = formats::write(formats::Format::Csv, drawn->dataset, writing, job); !written)
        return written.error();
    if (const auto made = makeProject(file, *drawn, writing.to, job); !made) return made.error();
    return file;
}

}  // namespace querent::session::transfer
