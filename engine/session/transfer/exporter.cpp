#include "engine/core/files.h"
#include "engine/core/paths.h"
#include "engine/formats/format.h"
#include "engine/media/picture.h"
#include "engine/media/sound/sound_file.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/measuring.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/transfer/transfer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace querent::session::transfer {
namespace {

using formats::Dataset;
using formats::DatasetBox;
using formats::DatasetItem;

struct Names {
    std::unordered_map<ClassId, std::string> classes;
    std::unordered_map<PersonId, std::string> persons;
    std::unordered_map<SourceId, std::filesystem::path> folders;
};

// The file of a row, which lies below its source folder; a row that leads elsewhere was never an import's.
std::optional<std::filesystem::path> fileBelow(const std::filesystem::path& folder, const std::string& path) {
    const std::filesystem::path relative = pathFromUtf8(path);
    if (path.empty() || relative.is_absolute()) return std::nullopt;
    for (const std::filesystem::path& part : relative) {
        if (part == "..") return std::nullopt;
    }
    return folder / relative;
}

// Copies go to other people: only what is a picture or a sound is one of the files that were imported.
std::int64_t keepMediaOnly(Dataset& dataset) {
    std::int64_t others = 0;
    for (DatasetItem& item : dataset.items) {
        std::error_code error;
        if (item.file.empty() || !std::filesystem::is_regular_file(item.file, error)) continue;
        const bool sound = formats::modalityOf(item) == Modality::Audio;
        const bool known = sound ? media::sound::SoundFile::open(item.file).ok() : media::probe(item.file).ok();
        if (known) continue;
        ++others;
        item.file.clear();
        if (!item.media.empty()) item.media.front().file.clear();
    }
    return others;
}

DatasetBox boxOf(const Annotation& annotation, const Names& names) {
    DatasetBox box;
    box.label = names.classes.at(annotation.label);
    box.box = annotation.box;
    box.difficult = annotation.difficult;
    box.crowd = annotation.crowd;
    box.truncated = annotation.truncated;
    box.occluded = annotation.occluded;
    box.score = annotation.score;
    box.provenance = toText(annotation.provenance);
    if (const auto person = names.persons.find(annotation.author); person != names.persons.end()) {
        box.annotator = person->second;
    }
    box.round = annotation.round;
    return box;
}

DatasetBox boxOf(const Prediction& prediction, const Names& names) {
    DatasetBox box;
    box.label = names.classes.at(prediction.label);
    box.box = prediction.box;
    box.score = prediction.score;
    return box;
}

// The boxes of each item, as labels or as the current model's predictions.
Result<std::unordered_map<ItemId, std::vector<DatasetBox>>> boxesOf(store::ProjectFile& file,
                                                                    const std::vector<ItemId>& ids, bool predictions,
                                                                    const Names& names) {
    std::unordered_map<ItemId, std::vector<DatasetBox>> boxes;
    if (!predictions) {
        const auto labels = file.annotations().of(std::span<const ItemId>(ids));
        if (!labels) return labels.error();
        for (const auto& item : *labels) {
            for (const Annotation& annotation : item.annotations)
                boxes[item.item].push_back(boxOf(annotation, names));
        }
        return boxes;
    }
    const auto model = file.models().current();
    if (!model) return model.error();
    if (!*model) return fail(ErrorCode::NotFound, "There is no trained model whose predictions could be exported.");
    const auto predicted = file.predictions().of((*model)->id);
    if (!predicted) return predicted.error();
    for (const auto& item : *predicted) {
        for (const Prediction& prediction : item.predictions)
            boxes[item.item].push_back(boxOf(prediction, names));
    }
    return boxes;
}

// Classes, persons and source folders; they go into the data set and the options as well.
Names namesOf(store::ProjectFile& file, Dataset& dataset, formats::WriteOptions& options) {
    Names names;
    for (const ClassLabel& label : project::valueOr(file.classes().list())) {
        names.classes[label.id] = label.name;
        dataset.classes.push_back(label.name);
        options.classes.push_back({label.name, label.exportIndex});
    }
    for (const Person& person : project::valueOr(file.persons().list()))
        names.persons[person.id] = person.name;
    for (const Source& source : project::valueOr(file.sources().list())) {
        names.folders[source.id] = file.sources().resolve(source);
        options.sourceFolders.push_back(names.folders[source.id]);
    }
    return names;
}

DatasetItem itemOf(const ItemRow& row, const std::vector<Medium>& media, Names& names) {
    DatasetItem item;
    item.id = row.id.value;
    item.name = row.name;
    item.size = row.size;
    item.split = row.split;
    item.state = row.state;
    item.flagged = row.flagged;
    for (const Medium& medium : media) {
        formats::DatasetMedium one{medium.modality, medium.path, {}, medium.text};
        if (medium.modality != Modality::Text) {
            if (auto file = fileBelow(names.folders[medium.source], medium.path)) one.file = std::move(*file);
        }
        if (medium.sound.rate > 0 && item.sound.rate == 0) item.sound = medium.sound;
        item.media.push_back(std::move(one));
    }
    if (!item.media.empty()) item.file = item.media.front().file;
    return item;
}

Result<Dataset> datasetOf(store::ProjectFile& file, const ExportRequest& request, formats::WriteOptions& options) {
    Dataset dataset;
    Names names = namesOf(file, dataset, options);
    ItemFilter filter;
    filter.split = request.split;
    const auto ids = file.items().rowIds(filter);
    if (!ids) return ids.error();
    if (ids->empty()) return dataset;
    const auto rows = file.items().rows(std::span<const ItemId>(*ids));
    const auto media = file.items().mediaOf(*ids);
    const auto withNote = file.items().noted();
    auto boxes = boxesOf(file, *ids, request.predictions, names);
    if (!rows) return rows.error();
    if (!media) return media.error();
    if (!withNote) return withNote.error();
    if (!boxes) return boxes.error();
    const std::unordered_set<ItemId> noted(withNote->begin(), withNote->end());
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const ItemRow& row = (*rows)[i];
        DatasetItem item = itemOf(row, (*media)[i].media, names);
        item.noted = noted.contains(row.id);
        // Of a prediction only boxes are kept: an item without any was not looked at, or nothing was seen in it. It is
        // not called empty, because nobody has said so.
        if (request.predictions) item.state = boxes->contains(row.id) ? ItemState::Labelled : ItemState::Unlabelled;
        item.boxes = std::move((*boxes)[row.id]);
        dataset.items.push_back(std::move(item));
    }
    return dataset;
}

}  // namespace

Result<ExportReport> exportFrom(Project& project, const ExportRequest& request, const Job& job) {
    const auto format = formats::formatFromText(request.format);
    if (!format) {
        return fail(ErrorCode::Unsupported,
                    "There is no format called \"" + request.format + "\": " + listed(exportFormats()) + ".");
    }
    formats::WriteOptions options;
    options.to = request.to;
    options.dryRun = request.dryRun;
    options.overwrite = request.overwrite;
    options.allStates = request.withUnlabelled;
    options.asPredictions = request.predictions;
    const bool classes = project.settings().task == TaskKind::Classify;
    options.csvLayout = classes ? formats::CsvLayout::Manifest : formats::CsvLayout::Boxes;
    constexpr std::array kBesideLabels = {formats::Format::Yolo, formats::Format::Voc, formats::Format::Labelme,
                                          formats::Format::Cvat};
    const bool besideLabels = std::find(kBesideLabels.begin(), kBesideLabels.end(), *format) != kBesideLabels.end();
    options.images = request.copyImages && besideLabels ? formats::Images::Copy : formats::Images::None;
    std::optional<Result<Dataset>> dataset;
    project.flush();
    project.read([&](store::ProjectFile& file) { dataset = datasetOf(file, request, options); });
    if (!dataset->ok()) return dataset->error();
    const std::int64_t others = options.images == formats::Images::Copy || *format == formats::Format::Folders
                                    ? keepMediaOnly(dataset->value())
                                    : 0;
    auto written = formats::write(*format, dataset->value(), options, job);
    if (!written) return written.error();
    if (others > 0)
        written->lines.push_back(
            std::to_string(others) +
            " files were not copied, because they are no pictures and no sounds that can be read.");
    logbook::note((request.dryRun ? "Rehearsed export to " : "Export to ") + request.format + ": " +
                  std::to_string(written->items) + " items, " + std::to_string(written->boxes) + " boxes, " +
                  std::to_string(written->files.size()) + " files.");
    return ExportReport{written->items, written->boxes, written->lines, written->files};
}

namespace {

// [{"item":7,"name":"a.wav","class":"chirp","score":0.9,"probabilities":{"chirp":0.9,...}}, ...]
Result<ExportReport> writeClasses(const SplitPredictions& seen, const std::filesystem::path& file, bool overwrite) {
    std::error_code error;
    if (!overwrite && std::filesystem::exists(file, error))
        return fail(ErrorCode::InvalidArgument, "The file is there already.", file);
    nlohmann::json document = nlohmann::json::array();
    for (std::size_t i = 0; i < seen.predictions.size(); ++i) {
        const std::vector<float>& p = seen.predictions[i].probabilities;
        const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
        nlohmann::json probabilities = nlohmann::json::object();
        for (std::size_t c = 0; c < p.size(); ++c)
            probabilities[seen.classes[c].name] = p[c];
        document.push_back({{"item", seen.predictions[i].item},
                            {"name", seen.names[i]},
                            {"class", seen.classes[best].name},
                            {"score", p[best]},
                            {"probabilities", std::move(probabilities)}});
    }
    const auto count = static_cast<std::int64_t>(document.size());
    const auto written = replaceWhole(file, document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
    if (!written) return written.error();
    return ExportReport{count, count, {}, {file}};
}

}  // namespace

Result<ExportReport> writePredictions(Project& project, std::optional<Split> split, const std::filesystem::path& file,
                                      bool overwrite, const std::string& device, const Job& job) {
    const auto seen = predictSplit(project, split, device, job);
    if (!seen) return seen.error();
    if (project.settings().task == TaskKind::Classify) return writeClasses(*seen, file, overwrite);
    Dataset dataset;
    formats::WriteOptions options;
    options.to = file;
    options.overwrite = overwrite;
    for (const ClassLabel& label : project.classes()) {
        dataset.classes.push_back(label.name);
        options.classes.push_back({label.name, label.exportIndex});
    }
    for (std::size_t i = 0; i < seen->predictions.size(); ++i) {
        DatasetItem item;
        item.id = seen->predictions[i].item;
        item.name = seen->names[i];
        item.size = seen->truth[i].size;
        for (const Detection& detection : seen->predictions[i].boxes) {
            DatasetBox box;
            box.label = seen->classes[static_cast<std::size_t>(detection.label)].name;
            box.box = detection.box;
            box.score = detection.score;
            item.boxes.push_back(std::move(box));
        }
        dataset.items.push_back(std::move(item));
    }
    const auto written = formats::writeCocoResults(dataset, options, job);
    if (!written) return written.error();
    return ExportReport{written->items, written->boxes, written->lines, written->files};
}

}  // namespace querent::session::transfer
