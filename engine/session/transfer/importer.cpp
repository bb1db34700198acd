#include "engine/core/paths.h"
#include "engine/formats/format.h"
#include "engine/media/sound/log_mel.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/project/project_internal.h"
#include "engine/session/transfer/folder_scan_internal.h"
#include "engine/session/transfer/holdout.h"
#include "engine/session/transfer/known_pictures_internal.h"
#include "engine/session/transfer/media_facts_internal.h"
#include "engine/session/transfer/transfer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace querent::session::transfer {
namespace {

using formats::Dataset;
using formats::DatasetItem;

// Class numbers and image ids as our own exports give them: what a COCO results file refers to.
void addKnownNames(const Project& project, formats::ReadOptions& options) {
    for (const ClassLabel& label : project.classes())
        options.classes.push_back(label.name);
    const auto ids = project.ids({});
    const auto rows = project.rowsOf(ids);
    for (const ItemRow& row : rows)
        options.imageNames.emplace(row.id.value, row.name);
}

// A format that cannot hold what the project is about has nothing to bring.
Result<void> checkFits(const ProjectSettings& settings, const std::string& format) {
    const std::vector<std::string> fitting = importFormatsFor(settings);
    if (std::find(fitting.begin(), fitting.end(), format) != fitting.end()) return {};
    const bool boxes = settings.task == TaskKind::Detect;
    return fail(ErrorCode::Unsupported, std::string("This project is about ") +
                                            (boxes ? "boxes" : "classes of whole items") + ", which the format " +
                                            format + " does not have; it can import " + listed(fitting) + ".");
}

Result<Dataset> readDataset(const Project& project, const ImportRequest& request, MediaFacts& facts, const Job& job) {
    if (request.format == "folder") return scanFolder(request.from, job);
    const auto format = formats::formatFromText(request.format);
    if (!format) {
        return fail(ErrorCode::Unsupported,
                    "There is no format called \"" + request.format + "\": " + listed(importFormats()) + ".");
    }
    if (const auto fits = checkFits(project.settings(), request.format); !fits) return fits.error();
    formats::ReadOptions options;
    options.task = project.settings().task;
    options.from = request.from;
    options.files = request.files;
    options.splits = request.splits;
    options.asPredictions = request.as == ImportAs::Predictions;
    options.emptyMeans =
        request.emptyMeansConfirmed ? formats::EmptyMeans::ConfirmedEmpty : formats::EmptyMeans::Unlabelled;
    options.imageSize = [&facts](const std::filesystem::path& path) { return facts.size(path); };
    options.orientation = [&facts](const std::filesystem::path& path) { return facts.orientation(path); };
    options.soundShape = [&facts](const std::filesystem::path& path) { return facts.sound(path); };
    if (options.asPredictions) addKnownNames(project, options);
    return formats::read(*format, options, job);
}

// A project about pictures takes no sounds, and the other way round.
void leaveOutForeignMedia(Dataset& dataset, const std::vector<Modality>& wanted) {
    const auto foreign = [&](const DatasetItem& item) {
        const auto media = mediaOf(item);
        return std::none_of(media.begin(), media.end(), [&](const formats::DatasetMedium& medium) {
            return std::find(wanted.begin(), wanted.end(), medium.modality) != wanted.end();
        });
    };
    const auto first = std::find_if(dataset.items.begin(), dataset.items.end(), foreign);
    if (first == dataset.items.end()) return;
    const std::filesystem::path file = first->file;
    std::string sentence = std::to_string(std::erase_if(dataset.items, foreign));
    sentence += " items are of a kind of medium that this project is not about, and were left out; this is the first.";
    dataset.complaints.push_back({{file, 0}, sentence, true});
}

// Answers of the other kind than the project's: classes of whole items among boxes, or boxes among classes.
Result<void> leaveOutForeignAnswers(Dataset& dataset, TaskKind task) {
    const auto foreign = [task](const formats::DatasetBox& box) {
        return box.box.has_value() != (task == TaskKind::Detect);
    };
    const std::int64_t all = dataset.boxCount();
    std::int64_t dropped = 0;
    std::filesystem::path first;
    for (DatasetItem& item : dataset.items) {
        const auto count = static_cast<std::int64_t>(std::erase_if(item.boxes, foreign));
        if (count == 0) continue;
        if (dropped == 0) first = item.file;
        dropped += count;
        // Nobody has answered the project's question about an item that has answers of the other kind only.
        if (item.boxes.empty() && isTrainable(item.state)) item.state = ItemState::Unlabelled;
    }
    if (dropped == 0) return {};
    const std::string what = task == TaskKind::Detect ? "classes of whole items, and this project is about boxes"
                                                      : "boxes, and this project is about classes of whole items";
    if (dropped == all)
        return fail(ErrorCode::Unsupported, "Nothing was imported: all answers are " + what + ".", first);
    dataset.complaints.push_back({{first, 0},
                                  std::to_string(dropped) + (dropped == 1 ? " answer was" : " answers were") +
                                      " left out, being " + what + "; this is the first item.",
                                  true});
    std::unordered_set<std::string> used;
    for (const DatasetItem& item : dataset.items) {
        for (const formats::DatasetBox& box : item.boxes)
            used.insert(box.label);
    }
    std::erase_if(dataset.classes, [&](const std::string& name) { return !used.contains(name); });
    return {};
}

// "2 cat, 1 dog", the most frequent first.
std::string answersOf(const DatasetItem& item) {
    std::map<std::string, std::int64_t> counts;
    for (const formats::DatasetBox& box : item.boxes)
        ++counts[box.label];
    std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    for (const auto& [name, count] : sorted)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
    return text;
}

ImportReport reportOf(const Dataset& dataset) {
    ImportReport report;
    report.items = static_cast<std::int64_t>(dataset.items.size());
    report.annotations = dataset.boxCount();
    constexpr std::size_t kMostRows = 10;
    for (const DatasetItem& item : dataset.items) {
        if (report.firstRows.size() < kMostRows)
            report.firstRows.push_back({item.name, item.split, item.state, answersOf(item), item.lost});
    }
    for (const formats::Complaint& complaint : dataset.complaints) {
        report.complaints.push_back({complaint.where, complaint.sentence});
    }
    return report;
}

constexpr std::string_view kCouldNotBeRead = " could not be read.";

// "1 of 3 objects could not be read."
std::string lossNote(const DatasetItem& item) {
    const std::int64_t all = item.lost + static_cast<std::int64_t>(item.boxes.size());
    return std::to_string(item.lost) + " of " + std::to_string(all) + (all == 1 ? " object" : " objects") +
           std::string(kCouldNotBeRead);
}

// One import's way into the project file; lives within one transaction.
class Intake {
 public:
    Intake(Project& project, store::ProjectFile& file, const ImportRequest& request, ImportReport& report)
        : m_project(project), m_file(file), m_request(request), m_report(report) {}

    // Items lose their answers as these are stored: of a large data set both would take a gigabyte.
    Result<void> take(Dataset& dataset, MediaFacts& facts, const Job& job) {
        auto known = KnownPictures::read(m_file);
        if (!known) return known.error();
        m_known = std::move(known).value();
        if (const auto done = addClasses(dataset.classes); !done) return done;
        std::int64_t count = 0;
        for (DatasetItem& item : dataset.items) {
            if (job.cancelled()) return Job::stopped();
            job.report("Importing", ++count, static_cast<std::int64_t>(dataset.items.size()));
            if (const auto done = takeItem(item, facts); !done) return done;
            item.boxes = {};
        }
        if (const auto done = storeEdits(); !done) return done;
        if (const auto done = storePredictions(); !done) return done;
        if (const auto done = fixSoundRate(); !done) return done;
        if (m_elsewhere > 0)
            m_report.complaints.push_back({{m_request.from, 0},
                                           std::to_string(m_elsewhere) +
                                               (m_elsewhere == 1 ? " item is" : " items are") +
                                               " in another part of the project than the data says, and " +
                                               (m_elsewhere == 1 ? "stays there." : "stay there.")});
        return drawHoldoutIfNone();
    }

 private:
    Result<void> addClasses(const std::vector<std::string>& names) {
        auto known = m_file.classes().list();
        if (!known) return known.error();
        for (const ClassLabel& label : *known)
            m_classes[label.name] = label.id;
        for (const std::string& name : names) {
            if (m_classes.contains(name)) continue;
            const auto id = m_file.classes().add(name);
            if (!id) return id.error();
            m_classes[name] = *id;
            m_report.newClasses.push_back(name);
        }
        return {};
    }

    Result<ItemId> findOrAdd(const DatasetItem& item, MediaFacts& facts) {
        if (isComposite(item)) return findOrAddComposite(item, facts);
        if (const auto there = m_known->atPath(item.file)) return *there;
        Medium medium = facts.medium(mediaOf(item).front().modality, item.file, item);
        if (medium.missing) {
            const auto named = m_known->named(m_file, item.name);
            if (!named) return named.error();
            if (*named) return byName(**named, item);
        } else if (const auto same = m_known->withContent(medium.hash, item.name)) {
            return adopt(*same, item, std::move(medium), false);
        } else {
            const auto named = m_file.items().find(item.name);
            if (!named) return named.error();
            if (*named && neverSeen(**named)) return adopt(**named, item, std::move(medium), true);
        }
        return addItem(item, std::move(medium));
    }

    Result<ItemId> findOrAddComposite(const DatasetItem& item, MediaFacts& facts) {
        const auto named = m_file.items().find(item.name);
        if (!named) return named.error();
        if (*named) return **named;
        std::vector<Medium> media;
        for (const formats::DatasetMedium& one : mediaOf(item)) {
            Medium medium;
            medium.modality = one.modality;
            if (one.modality == Modality::Text) {
                medium.text = one.text;
            } else {
                medium = facts.medium(one.modality, one.file, item);
                if (const auto placed = place(medium, one.file, one.path); !placed) return placed.error();
            }
            media.push_back(std::move(medium));
        }
        return store(item, item.name, media);
    }

    // Nothing but a name to go by: where that could mean two pictures, somebody should know which one it was.
    ItemId byName(ItemId found, const DatasetItem& item) {
        if (m_known->ambiguous(item.name)) {
            m_report.complaints.push_back({{item.file, 0},
                                           "Several pictures have this name; the one that the project calls so was "
                                           "taken. Say where the pictures are to tell them apart."});
        }
        return found;
    }

    // An item whose picture was missing when it came in.
    bool neverSeen(ItemId id) {
        const auto item = m_file.items().item(id);
        return item && !item->media.empty() && item->media.front().missing && item->media.front().hash.empty();
    }

    // A known picture that was reached by another way; where the old way leads nowhere, the new one is taken.
    Result<ItemId> adopt(ItemId id, const DatasetItem& item, Medium medium, bool always) {
        m_known->add(id, item.file);
        const auto known = m_file.items().item(id);
        if (!known || known->media.empty()) return id;
        const Medium& old = known->media.front();
        const auto folder = m_file.sources().folder(old.source);
        const std::filesystem::path path = pathFromUtf8(old.path);
        std::error_code error;
        if (!always && folder && std::filesystem::exists(*folder / path, error)) return id;
        if (const auto placed = place(medium, item.file, mediaOf(item).front().path); !placed) return placed.error();
        medium.id = old.id;
        if (const auto moved = m_file.items().updateMedium(medium); !moved) return moved.error();
        return id;
    }

    // Where a medium's file is: its source folder and its path in it.
    Result<void> place(Medium& medium, const std::filesystem::path& file, const std::string& name) {
        const MediumPlace found = placeOf(file, name);
        medium.path = found.path;
        if (const auto known = m_sources.find(found.root.native()); known != m_sources.end()) {
            medium.source = known->second;
            return {};
        }
        const auto source = m_file.sources().add(found.root);
        if (!source) return source.error();
        medium.source = *source;
        m_sources.emplace(found.root.native(), *source);
        return {};
    }

    Result<ItemId> addItem(const DatasetItem& item, Medium medium) {
        if (const auto placed = place(medium, item.file, mediaOf(item).front().path); !placed) return placed.error();
        const auto name = KnownPictures::freeName(m_file, item.name, placeOf(item.file, item.name).root);
        if (!name) return name.error();
        const auto id = store(item, *name, {std::move(medium)});
        if (id) m_known->add(*id, item.file);
        return id;
    }

    Result<ItemId> store(const DatasetItem& item, const std::string& name, const std::vector<Medium>& media) {
        for (const Medium& medium : media) {
            if (!medium.problem.empty()) m_report.complaints.push_back({{item.file, 0}, medium.problem});
            if (medium.sound.rate > 0) ++m_rates[medium.sound.rate];
        }
        const auto id = m_file.items().add(name, item.split.value_or(Split::Train), media);
        if (id) ++m_report.newItems;
        return id;
    }

    Result<void> takeItem(const DatasetItem& item, MediaFacts& facts) {
        const std::int64_t before = m_report.newItems;
        const auto id = findOrAdd(item, facts);
        if (!id) return id.error();
        Split part = item.split.value_or(Split::Train);
        if (m_report.newItems == before) {  // it stays where it is
            const auto known = m_file.items().item(*id);
            if (!known) return known.error();
            part = known->split;
            if (item.split && *item.split != part) ++m_elsewhere;
        }
        ++m_report.bySplit[part];
        m_splitGiven = m_splitGiven || item.split.has_value();
        switch (m_request.as) {
            case ImportAs::Labels:
                return takeLabels(*id, item);
            case ImportAs::Predictions:
                return takePredictions(*id, item);
            case ImportAs::Truth:
                return takeTruth(*id, item);
        }
        return {};
    }

    std::vector<Annotation> annotationsOf(const DatasetItem& item) {
        std::vector<Annotation> annotations;
        for (const formats::DatasetBox& box : item.boxes) {
            Annotation annotation;
            annotation.id = m_project.newAnnotationId();
            annotation.label = m_classes.at(box.label);
            annotation.box = box.box;
            annotation.difficult = box.difficult;
            annotation.crowd = box.crowd;
            annotation.truncated = box.truncated;
            annotation.occluded = box.occluded;
            annotation.provenance = Provenance::Import;
            annotation.score = box.score;
            annotation.round = box.round;
            annotations.push_back(annotation);
        }
        return annotations;
    }

    // An import lost something of it, and nobody has looked since.
    static bool isSetAside(const Item& stored, const std::vector<Annotation>& there) {
        const auto& mark = stored.mark;
        return isFlaggedByImport(mark) && mark.state == ItemState::Unlabelled &&
               std::all_of(there.begin(), there.end(),
                           [](const Annotation& annotation) { return annotation.provenance == Provenance::Import; });
    }

    // Whether an item that has answers gets those of the data; says what becomes of it.
    bool takesInstead(const DatasetItem& item, const Item& stored, const std::vector<Annotation>& there) {
        const auto brought = static_cast<std::int64_t>(item.boxes.size());
        const bool whole = item.lost == 0;
        if ((!whole || stored.mark.state == item.state) && sameAnswers(there, item)) {
            ++m_report.unchanged;
        } else if (whole && (m_request.replaceAnswers || isSetAside(stored, there))) {
            ++m_report.replaced;
            return true;
        } else {
            ++m_report.kept;
            m_report.complaints.push_back({{item.file, 0},
                                           "The item has other answers already, which were kept; " +
                                               std::to_string(brought) + " of the data " +
                                               (brought == 1 ? "was" : "were") + " left out."});
        }
        m_report.annotations -= brought;
        return false;
    }

    bool sameAnswers(const std::vector<Annotation>& there, const DatasetItem& item) const {
        if (there.size() != item.boxes.size()) return false;
        std::vector<bool> met(there.size(), false);
        return std::all_of(item.boxes.begin(), item.boxes.end(), [&](const formats::DatasetBox& box) {
            for (std::size_t i = 0; i < there.size(); ++i) {
                if (met[i] || !sameAnswer(there[i], box)) continue;
                met[i] = true;
                return true;
            }
            return false;
        });
    }

    bool sameAnswer(const Annotation& there, const formats::DatasetBox& box) const {
        if (there.label != m_classes.at(box.label) || there.box.has_value() != box.box.has_value()) return false;
        // A mark that the data lacks is no other answer: most formats have no place for it.
        if ((box.difficult && !there.difficult) || (box.crowd && !there.crowd) || (box.truncated && !there.truncated) ||
            (box.occluded && !there.occluded))
            return false;
        if (!box.box) return true;
        constexpr double kRounding = 0.01;  // pixels: what formats with few digits change
        return std::abs(there.box->left - box.box->left) < kRounding &&
               std::abs(there.box->top - box.box->top) < kRounding &&
               std::abs(there.box->right - box.box->right) < kRounding &&
               std::abs(there.box->bottom - box.box->bottom) < kRounding;
    }

    Result<void> takeLabels(ItemId id, const DatasetItem& item) {
        if (!isAnswered(item.state) && item.lost == 0) return {};
        if (m_edited.contains(id)) {
            if (const auto done = storeEdits(); !done) return done;
        }
        const auto stored = m_file.items().item(id);
        if (!stored) return stored.error();
        const auto there = m_file.annotations().of(id);
        if (!there) return there.error();
        const bool answered = isAnswered(stored->mark.state) || !there->empty();
        if (answered && !takesInstead(item, *stored, *there)) return {};
        Edit edit;
        edit.item = id;
        edit.kind = answered ? EditKind::Do : EditKind::Bulk;  // what gives way can be had back by undo
        edit.gesture = "Import";
        edit.markBefore = stored->mark;
        edit.markAfter = stored->mark;
        edit.markAfter->state = item.state;
        if (item.lost > 0) {
            // Set aside: what is missing would be learnt as background.
            edit.markAfter->flagged = true;
            edit.markAfter->note = lossNote(item);
            ++m_report.incomplete;
        } else if (isSetAside(*stored, *there)) {
            edit.markAfter->flagged = false;
            edit.markAfter->note.clear();
        }
        for (const Annotation& annotation : *there)
            edit.changes.push_back({annotation, std::nullopt});
        for (Annotation& annotation : annotationsOf(item))
            edit.changes.push_back({std::nullopt, std::move(annotation)});
        m_waiting += 1 + edit.changes.size();
        m_edits.push_back(std::move(edit));
        m_edited.insert(id);
        constexpr std::size_t kMostWaiting = 20'000;  // some 10 MB
        return m_waiting < kMostWaiting ? Result<void>() : storeEdits();
    }

    Result<void> storeEdits() {
        const auto done = m_file.annotations().applyAll(m_edits);
        m_edits.clear();
        m_edited.clear();
        m_waiting = 0;
        return done;
    }

    Result<void> takeTruth(ItemId id, const DatasetItem& item) {
        if (!isAnswered(item.state)) return {};
        return m_file.truth().set(id, annotationsOf(item));
    }

    Result<void> takePredictions(ItemId id, const DatasetItem& item) {
        store::tables::ItemPredictions predictions{id, {}};
        for (const formats::DatasetBox& box : item.boxes) {
            predictions.predictions.push_back({m_classes.at(box.label), box.box, box.score.value_or(1.0), {}});
        }
        m_predictions.push_back(std::move(predictions));
        return {};
    }

    Result<void> storePredictions() {
        if (m_predictions.empty()) return {};
        const auto current = m_file.models().current();
        if (!current) return current.error();
        ModelRecord model;
        model.config = R"({"imported":true})";
        model.current = !current->has_value();
        const auto id = m_file.models().add(model);
        if (!id) return id.error();
        return m_file.predictions().replaceAll(*id, m_predictions);
    }

    // Features of all sounds must mean the same: the first import says at which rate they are heard, for good.
    Result<void> fixSoundRate() {
        auto settings = m_file.settings();
        if (!settings) return settings.error();
        if (m_rates.empty()) return {};
        const bool first = settings->mel.rate <= 0;
        if (first) {
            const auto usual = std::max_element(m_rates.begin(), m_rates.end(),
                                                [](const auto& a, const auto& b) { return a.second < b.second; });
            settings->mel = media::sound::melFor(settings->mel, usual->first);
        }
        sayWhatIsNotHeard(settings->mel.rate);
        return first ? m_file.setSettings(*settings) : Result<void>();
    }

    void sayWhatIsNotHeard(int rate) {
        constexpr double kMuch = 1.25;  // 44.1 and 48 kHz are the same to everybody
        std::int64_t above = 0;
        for (const auto& [own, count] : m_rates)
            above += own > kMuch * rate ? count : 0;
        if (above == 0) return;
        m_report.complaints.push_back(
            {{},
             std::to_string(above) + (above == 1 ? " sound goes" : " sounds go") +
                 " up to higher frequencies than this project hears: it looks at sounds up to " +
                 std::to_string(rate / 2) + " Hz."});
    }

    // "Holdout first": a project without a val split gets one with its first data.
    Result<void> drawHoldoutIfNone() {
        const auto counts = m_file.items().counts();
        if (!counts) return counts.error();
        if (m_splitGiven || counts->inSplit(Split::Val) > 0 || m_request.as == ImportAs::Predictions) return {};
        const auto settings = m_file.settings();
        if (!settings) return settings.error();
        const auto items = itemsToDeal();
        if (!items) return items.error();
        const HoldoutDraw draw = drawHoldout(*items, settings->holdoutShare, settings->testShare, settings->seed);
        if (const auto set = m_file.items().setSplit(draw.val, Split::Val); !set) return set;
        if (const auto set = m_file.items().setSplit(draw.test, Split::Test); !set) return set;
        m_report.bySplit = {
            {Split::Train, static_cast<std::int64_t>(items->size() - draw.val.size() - draw.test.size())},
            {Split::Val, static_cast<std::int64_t>(draw.val.size())},
            {Split::Test, static_cast<std::int64_t>(draw.test.size())}};
        return {};
    }

    Result<std::vector<HoldoutItem>> itemsToDeal() {
        const auto ids = m_file.items().rowIds({});
        if (!ids) return ids.error();
        const auto labels = m_file.annotations().of(std::span<const ItemId>(*ids));
        if (!labels) return labels.error();
        const auto truth = m_file.truth().of(std::optional<Split>());
        if (!truth) return truth.error();
        std::unordered_map<ItemId, std::vector<ClassId>> known;
        for (const auto& item : *truth) {
            for (const Annotation& annotation : item.answers)
                known[item.item].push_back(annotation.label);
        }
        std::vector<HoldoutItem> items;
        for (const auto& item : *labels) {
            HoldoutItem entry{item.item, known[item.item]};
            for (const Annotation& annotation : item.annotations)
                entry.classes.push_back(annotation.label);
            items.push_back(std::move(entry));
        }
        return items;
    }

    Project& m_project;
    store::ProjectFile& m_file;
    const ImportRequest& m_request;
    ImportReport& m_report;
    std::optional<KnownPictures> m_known;
    std::unordered_map<std::string, ClassId> m_classes;
    std::unordered_map<std::string, SourceId> m_sources;
    // Answers on their way into the file: many at once are stored faster, all at once would be a second data set.
    std::vector<Edit> m_edits;
    std::unordered_set<ItemId> m_edited;
    std::size_t m_waiting = 0;  // annotations and marks of m_edits
    std::vector<store::tables::ItemPredictions> m_predictions;
    std::map<int, std::int64_t> m_rates;  // how many new sounds have it
    std::int64_t m_elsewhere = 0;         // items that are in another part than the data says
    bool m_splitGiven = false;
};

}  // namespace

Result<ImportReport> importInto(Project& project, const ImportRequest& request, const Job& job) {
    MediaFacts facts;
    auto dataset = readDataset(project, request, facts, job);
    if (!dataset) return dataset.error();
    leaveOutForeignMedia(*dataset, project.settings().media);
    if (const auto fits = leaveOutForeignAnswers(*dataset, project.settings().task); !fits) return fits.error();
    ImportReport report = reportOf(*dataset);
    if (request.strict && !report.complaints.empty()) {
        const ImportComplaint& first = report.complaints.front();
        return fail(ErrorCode::Malformed, "Nothing was imported: " + first.sentence, first.where.path,
                    first.where.line);
    }
    const Result<void> written = project.write([&](store::ProjectFile& file) -> Result<void> {
        auto transaction = file.begin();
        if (!transaction) return transaction.error();
        if (const auto taken = Intake(project, file, request, report).take(*dataset, facts, job); !taken) return taken;
        if (request.dryRun) return {};  // the transaction ends without having happened
        return transaction->commit();
    });
    if (!written) return written.error();
    for (const ImportComplaint& remark : facts.remarks())
        report.complaints.push_back(remark);
    logbook::note((request.dryRun ? "Rehearsed import of " : "Import of ") + request.format + ": " +
                  std::to_string(report.items) + " items, " + std::to_string(report.newItems) + " of them new, " +
                  std::to_string(report.annotations) + " answers, " + std::to_string(report.complaints.size()) +
                  " complaints.");
    return report;
}

bool isFlaggedByImport(const ItemMark& mark) {
    return mark.flagged && mark.note.ends_with(kCouldNotBeRead);
}

}  // namespace querent::session::transfer
