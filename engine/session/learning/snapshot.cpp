#include "engine/session/learning/snapshot.h"

#include "engine/core/paths.h"
#include "engine/session/project/project_internal.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace querent::session::learning {
namespace {

// What an item trains with.
struct Known {
    std::vector<TrueBox> boxes;
    std::vector<int> labels;
};

Known knownFrom(const std::vector<Annotation>& annotations, const std::unordered_map<ClassId, int>& numbers) {
    Known known;
    for (const Annotation& annotation : annotations) {
        const auto number = numbers.find(annotation.label);
        if (number == numbers.end()) continue;
        if (annotation.box) {
            known.boxes.push_back({*annotation.box, number->second, annotation.difficult, annotation.crowd});
        } else {
            known.labels.push_back(number->second);
        }
    }
    std::sort(known.labels.begin(), known.labels.end());
    known.labels.erase(std::unique(known.labels.begin(), known.labels.end()), known.labels.end());
    return known;
}

// The rows of a split, with what else the snapshot reads of them.
struct Reading {
    std::vector<ItemRow> rows;
    std::vector<store::tables::ItemTable::ItemMedia> media;
    std::vector<store::tables::ItemAnnotations> labels;
    std::unordered_map<ItemId, std::vector<Annotation>> truth;
    std::unordered_map<SourceId, std::filesystem::path> folders;
};

Result<Reading> readSplit(store::ProjectFile& file, Split split, Answers answers,
                          const std::function<bool(const ItemRow&)>& wanted) {
    Reading reading;
    ItemFilter filter;
    filter.split = split;
    auto rows = file.items().rows(filter, 0, std::numeric_limits<std::int64_t>::max());
    if (!rows) return rows.error();
    std::vector<ItemId> ids;
    for (ItemRow& row : *rows) {
        if (wanted && !wanted(row)) continue;
        ids.push_back(row.id);
        reading.rows.push_back(std::move(row));
    }
    if (ids.empty()) return reading;
    auto media = file.items().mediaOf(ids);
    if (!media) return media.error();
    reading.media = std::move(media).value();
    if (answers != Answers::None) {
        auto labels = file.annotations().of(std::span<const ItemId>(ids));
        if (!labels) return labels.error();
        reading.labels = std::move(labels).value();
    }
    if (answers == Answers::LabelsOrTruth) {
        auto truth = file.truth().of(split);
        if (!truth) return truth.error();
        for (auto& item : *truth)
            reading.truth.emplace(item.item, std::move(item.answers));
    }
    for (const Source& source : project::valueOr(file.sources().list())) {
        reading.folders[source.id] = file.sources().resolve(source);
    }
    return reading;
}

// Nothing when an item has no answers.
std::optional<Known> answersFor(const Reading& reading, std::size_t index, Answers answers,
                                const std::unordered_map<ClassId, int>& numbers) {
    if (answers == Answers::None) return Known();
    const ItemRow& row = reading.rows[index];
    if (isTrainable(row.state) && !row.flagged) return knownFrom(reading.labels[index].annotations, numbers);
    const auto truth = reading.truth.find(row.id);
    if (truth == reading.truth.end()) return std::nullopt;
    return knownFrom(truth->second, numbers);
}

// The plane that boxes lie on: the pixels of a picture, frames x Hz of a sound.
Size planeOf(const std::vector<Medium>& media) {
    for (const Medium& medium : media) {
        if (medium.modality == Modality::Image) return medium.size;
    }
    for (const Medium& medium : media) {
        if (medium.modality == Modality::Audio)
            return {static_cast<int>(medium.sound.frames), static_cast<int>(std::lround(medium.sound.nyquist()))};
    }
    return {};
}

// The media that can be read; what keeps one from it goes into the snapshot's list.
std::vector<ListedMedium> readableMedia(const Reading& reading, std::size_t index, Snapshot& snapshot) {
    std::vector<ListedMedium> listed;
    for (const Medium& medium : reading.media[index].media) {
        if (medium.missing || !medium.problem.empty()) {
            snapshot.leftOut.push_back(reading.rows[index].name + ": " +
                                       (medium.missing ? "The file is missing." : medium.problem));
            continue;
        }
        ListedMedium one{medium.modality, {}, medium.sound, medium.text};
        one.hash = medium.hash;
        if (medium.modality != Modality::Text) one.path = reading.folders.at(medium.source) / pathFromUtf8(medium.path);
        listed.push_back(std::move(one));
    }
    return listed;
}

}  // namespace

std::unordered_map<ClassId, int> classNumbers(const std::vector<ClassLabel>& classes) {
    std::unordered_map<ClassId, int> numbers;
    for (const ClassLabel& label : classes)
        numbers.emplace(label.id, static_cast<int>(numbers.size()));
    return numbers;
}

Result<Snapshot> takeSnapshot(const Project& project, Split split, Answers answers,
                              const std::function<bool(const ItemRow&)>& wanted) {
    Snapshot snapshot;
    std::optional<Result<Reading>> read;
    project.read([&](store::ProjectFile& file) {
        for (ClassLabel& label : project::valueOr(file.classes().list())) {
            if (!label.archived) snapshot.classes.push_back(std::move(label));
        }
        read = readSplit(file, split, answers, wanted);
    });
    if (!read->ok()) return read->error();
    const Reading& reading = read->value();
    const auto numbers = classNumbers(snapshot.classes);
    std::vector<ListedItem> items;
    for (std::size_t i = 0; i < reading.rows.size(); ++i) {
        auto known = answersFor(reading, i, answers, numbers);
        if (!known) continue;
        ListedItem item;
        item.media = readableMedia(reading, i, snapshot);
        if (item.media.empty()) continue;
        item.truth = {reading.rows[i].id.value, planeOf(reading.media[i].media), std::move(known->boxes),
                      std::move(known->labels)};
        items.push_back(std::move(item));
        snapshot.names.push_back(reading.rows[i].name);
    }
    snapshot.items = ItemList(std::move(items), project.settings().mel);
    return snapshot;
}

}  // namespace querent::session::learning
