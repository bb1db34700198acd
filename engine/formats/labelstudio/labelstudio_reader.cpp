#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/labelstudio/json_tasks.h"
#include "engine/formats/labelstudio/labelstudio_names.h"
#include "engine/formats/labelstudio/labelstudio_regions.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <array>

namespace querent::formats::labelstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// What a member of a task's data is, by its name or else by what its text ends in.
std::optional<Modality> modalityOfData(const std::string& key, const std::string& text) {
    const std::string word = text::lowered(key);
    const auto isOneOf = [&](std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(), [&](const char* w) { return word == w; });
    };
    if (isOneOf({"image", "img", "picture", "photo"})) return Modality::Image;
    if (isOneOf({"audio", "sound", "recording", "wav"})) return Modality::Audio;
    if (isOneOf({"text", "caption", "question", "description"})) return Modality::Text;
    const std::string_view bare = std::string_view(text).substr(0, text.find('?'));
    if (hasImageExtension(text) || hasImageExtension(bare)) return Modality::Image;
    if (hasSoundExtension(text) || hasSoundExtension(bare)) return Modality::Audio;
    return std::nullopt;
}

class LabelStudioReader {
 public:
    LabelStudioReader(const ReadOptions& options, const Job& job) : m_options(options), m_job(job) {
        m_root = sounds::folderOfLabels(options.from);
    }

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isJson, m_job);
        if (!names) return names.error();
        fs::path files = m_options.files;
        if (files.empty()) files = m_root;
        Result<matching::MediaIndex> index = matching::MediaIndex::scan(files, m_job, hasMediaExtension);
        if (!index) return index.error();
        m_index = std::move(*index);
        for (const std::string& name : *names) {
            const fs::path path = m_root / pathFromUtf8(name);
            readConfigOf(path);
            std::int64_t nonNumbers = 0;
            const Result<void> read = streamObjects(
                path, m_job,
                [&](const Json& task, std::int64_t line) {
                    takeTask(task, {path, line});
                },
                nonNumbers);
            if (!read) return read.error();
            if (nonNumbers > 0)
                m_complaints.note({path, 0}, "The file has " + text::counted(nonNumbers, "value", "values") +
                                                 " NaN or Infinity, which JSON does not know; they count as missing.");
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    // The labelling configuration beside a file knows the order of the classes, and those that nobody has used.
    void readConfigOf(const fs::path& path) {
        for (const std::string& name : {utf8(path.stem()) + "_config.xml", std::string("labeling_config.xml")}) {
            pugi::xml_document document;
            if (!document.load_file((path.parent_path() / pathFromUtf8(name)).c_str())) continue;
            for (const char* tag : {"//Label", "//Choice"}) {
                for (const auto& node : document.select_nodes(tag)) {
                    const std::string label(text::trimmed(node.node().attribute("value").value()));
                    if (!label.empty()) m_classes.add(label);
                }
            }
            return;
        }
    }

    void takeTask(const Json& task, const Where& where) {
        const Json& data = memberOf(task, "data");
        if (!data.is_object()) return m_complaints.drop(where, "The task has no data.");
        DatasetItem item;
        if (!addMedia(data, where, item)) return;
        if (item.media.empty()) return m_complaints.drop(where, "The task has no image, no sound and no text.");
        readMeta(task, item);
        const bool several = item.media.size() > 1 || item.media.front().modality == Modality::Text;
        item.name = nameOf(item, task, where);
        if (!m_names.insert(item.name).second)
            return m_complaints.drop(where, "The item " + text::inQuotes(item.name) + " is there a second time.");
        item.file = item.media.front().file;
        measure(task, where, item);
        if (m_options.asPredictions) {
            takePredictions(memberOf(task, "predictions"), where, item);
        } else {
            takeAnnotations(task, where, item);
        }
        if (!several) item.media.clear();
        for (const DatasetBox& box : item.boxes)
            m_classes.add(box.label);
        m_data.items.push_back(std::move(item));
    }

    bool addMedia(const Json& data, const Where& where, DatasetItem& item) {
        std::array<std::optional<DatasetMedium>, 3> media;
        for (const auto& [key, value] : data.items()) {
            if (!value.is_string()) continue;
            const std::string& text = value.get_ref<const std::string&>();
            const std::optional<Modality> modality = modalityOfData(key, text);
            if (!modality || text::trimmed(text).empty() || media[static_cast<std::size_t>(*modality)]) continue;
            DatasetMedium medium{*modality, {}, {}, {}};
            if (*modality == Modality::Text) {
                medium.text = text;
            } else if (!locate(text, where, medium)) {
                return false;
            }
            media[static_cast<std::size_t>(*modality)] = std::move(medium);
        }
        for (std::optional<DatasetMedium>& medium : media) {
            if (medium) item.media.push_back(std::move(*medium));
        }
        return true;
    }

    bool locate(const std::string& url, const Where& where, DatasetMedium& medium) {
        if (url.starts_with("data:")) {
            m_complaints.drop(where, "The task holds its picture or sound itself; only files are read.");
            return false;
        }
        matching::MediaIndex::Found best;
        for (const std::string& name : namesOfUrl(url)) {
            matching::MediaIndex::Found found = m_index.find(name);
            if (best.name.empty() || found.exists) best = std::move(found);
            if (best.exists) break;
        }
        if (!best.exists && !best.refusal.empty()) {
            m_complaints.drop(where, best.refusal);
            return false;
        }
        if (!best.exists) m_complaints.note(where, "The file " + text::inQuotes(best.name) + " is missing.");
        medium.path = best.name;
        medium.file = m_index.fileOf(best.name);
        return true;
    }

    // Our own exports keep there what Label Studio has no place for; it hands such an object back untouched.
    void readMeta(const Json& task, DatasetItem& item) {
        const Json& meta = memberOf(task, "meta");
        item.split = splitFromText(textOf(meta, "split"));
        item.key = textOf(meta, "key");
        if (!item.key.empty() && !m_keys.insert(item.key).second) item.key.clear();
        const double id = numberOf(task, "id").value_or(0.0);
        if (id >= 1.0 && id < 9e15 && m_ids.insert(static_cast<std::int64_t>(id)).second)
            item.id = static_cast<std::int64_t>(id);
    }

    std::string nameOf(const DatasetItem& item, const Json& task, const Where& where) const {
        const std::optional<double> id = numberOf(task, "id");
        const std::string number = id ? text::numberText(*id) : "line " + std::to_string(where.line);
        const std::string& path = item.media.front().path;
        if (path.empty()) return "task " + number;
        return item.media.size() > 1 && m_names.contains(path) ? path + "#" + number : path;
    }

    void measure(const Json& task, const Where& where, DatasetItem& item) {
        const Modality modality = item.media.front().modality;
        std::error_code problem;
        const bool exists = fs::is_regular_file(item.file, problem);
        if (modality == Modality::Image) {
            item.size = trueSize(m_options, item.file, exists, saidSize(task), where, m_complaints);
        } else if (modality == Modality::Audio && exists && m_options.soundShape) {
            const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file);
            if (shape) item.sound = *shape;
            if (!shape) m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
        }
    }

    // The annotations that are objects; some exports name them by numbers only.
    std::vector<const Json*> objectsOf(const Json& list, const Where& where) {
        std::vector<const Json*> objects;
        for (const Json& entry : list) {
            if (entry.is_object()) {
                objects.push_back(&entry);
            } else {
                m_complaints.tally({where.path, where.line}, "annotation is only a number and was not read.",
                                   "annotations are only numbers and were not read.");
            }
        }
        return objects;
    }

    void takeAnnotations(const Json& task, const Where& where, DatasetItem& item) {
        const Json& list = task.contains("annotations") ? task["annotations"] : memberOf(task, "completions");
        const std::vector<const Json*> all = objectsOf(list, where);
        if (!memberOf(task, "predictions").empty())
            m_complaints.tally({where.path, where.line}, "task has predictions, which are no labels and were not read.",
                               "tasks have predictions, which are no labels and were not read.");
        const Json* chosen = nullptr;
        std::int64_t live = 0;
        for (const Json* annotation : all) {
            if (flagOf(*annotation, "was_cancelled")) continue;
            ++live;
            if (!chosen || (flagOf(*annotation, "ground_truth") && !flagOf(*chosen, "ground_truth")))
                chosen = annotation;
        }
        if (live > 1)
            m_complaints.tally({where.path, where.line},
                               "task has several annotations; the ground truth or else the first was read.",
                               "tasks have several annotations; the ground truth or else the first was read.");
        const bool skipped = !chosen && !all.empty();
        if (skipped) chosen = all.front();
        if (!chosen) return;
        LabelStudioRegions regions(item, where, m_complaints);
        regions.read(memberOf(*chosen, "result"), std::nullopt);
        item.boxes = std::move(regions.boxes);
        item.state = settledState(skipped ? std::optional(ItemState::Skipped) : std::nullopt, !item.boxes.empty(),
                                  regions.lost, ItemState::ConfirmedEmpty);
    }

    void takePredictions(const Json& list, const Where& where, DatasetItem& item) {
        const std::vector<const Json*> all = objectsOf(list, where);
        if (all.empty()) return;
        if (all.size() > 1)
            m_complaints.tally({where.path, where.line}, "task has several predictions; the last one was read.",
                               "tasks have several predictions; the last one was read.");
        LabelStudioRegions regions(item, where, m_complaints);
        regions.read(memberOf(*all.back(), "result"), numberOf(*all.back(), "score"));
        item.boxes = std::move(regions.boxes);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    matching::MediaIndex m_index;
    Complaints m_complaints;
    ClassList m_classes;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
    std::unordered_set<std::int64_t> m_ids;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readLabelStudio(const ReadOptions& options, const Job& job) {
    return LabelStudioReader(options, job).run();
}

}  // namespace querent::formats::labelstudio
